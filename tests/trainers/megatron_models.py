"""A rank of a whole model of Megatron's: ``python megatron_models.py STORE RANK SIZE ETP EP``.

Prints, as JSON, a row for each weight: what it is, and whether it is this rank's part of the whole.
"""

import json
import sys

import torch
import torch.distributed as dist
from megatron.core import parallel_state
from megatron.core.models.gpt import GPTModel
from megatron.core.models.gpt.gpt_layer_specs import get_gpt_layer_local_spec
from megatron.core.tensor_parallel.random import initialize_rng_tracker
from megatron.core.transformer.transformer_config import TransformerConfig

import fanwise
import fanwise.torch

SEED = 3
STD = {"scheme": "normal", "std": 0.02}
RULES = [
    {"match": "**/word_embeddings/weight", "init": STD},
    {"match": "output_layer/weight", "axes": "out in", "init": "orthogonal"},
    {"match": "**/weight", "axes": "out in", "init": "he_normal"},
    {"role": "bias", "init": STD},
    {"role": "scale", "init": "ones"},
    {"role": "offset", "init": "zeros"},
]


def make(sizes, experts):
    if experts is None:
        sizes = {"tensor_model_parallel_size": sizes["tensor_model_parallel_size"]}
    config = TransformerConfig(
        num_layers=2,
        hidden_size=16,
        num_attention_heads=4,
        ffn_hidden_size=32,
        num_moe_experts=experts,
        add_bias_linear=experts is None,
        use_cpu_initialization=True,
        **sizes,
    )
    spec = get_gpt_layer_local_spec(num_experts=experts, moe_grouped_gemm=False)
    return GPTModel(
        config, spec, vocab_size=24, max_sequence_length=8, position_embedding_type="rope"
    )


def part(parameter, row):
    """What Megatron's marks say that this rank has of a whole weight."""
    scheme = fanwise.scheme("normal", std=0.02) if row.scheme == "normal" else row.scheme
    how = {"seed": SEED, "path": row.path, "axes": "torch" if len(row.shape) > 1 else "out"}
    whole = torch.from_numpy(fanwise.sample(scheme, row.shape, **how))
    if not getattr(parameter, "tensor_model_parallel", False):
        return whole
    state = parallel_state
    is_expert = "local_experts" in row.path
    of = (
        state.get_expert_tensor_parallel_group
        if is_expert
        else state.get_tensor_model_parallel_group
    )
    return whole.chunk(of().size(), parameter.partition_dim)[of().rank()]


def rows_of(sizes, experts):
    """Initialize a model, and give what each weight is and whether it is right."""
    model = make(sizes, experts)
    rules = RULES if experts is None else [rule for rule in RULES if rule.get("role") != "bias"]
    recipe = {"fanwise": 1, "rule": rules}
    ep = sizes["expert_model_parallel_size"] if experts else 1
    at = None
    if ep > 1:
        try:
            fanwise.torch.initialize(model, recipe, seed=SEED)
        except fanwise.FanwiseError as error:
            yield "experts without at", "which expert" in str(error)
        first = parallel_state.get_expert_model_parallel_rank() * experts // ep
        named = [name for name, _ in model.named_modules() if name.endswith("local_experts")]
        at = {f"{name}.{n}": f"{name}.{n + first}" for name in named for n in range(experts // ep)}
    summary = fanwise.torch.initialize(model, recipe, seed=SEED, at=at)
    back = {} if at is None else {whole: here for here, whole in at.items()}
    parameters = dict(model.named_parameters())
    for row in summary.rows:
        name = row.path.replace("/", ".")
        start = next((whole for whole in back if name.startswith(whole + ".")), None)
        name = name if start is None else back[start] + name.removeprefix(start)
        if name in parameters:
            right = torch.equal(parameters[name].detach(), part(parameters[name], row))
            yield f"{row.path} {row.shape}", right and abs(row.observed) < 1


def main(store, rank, size, etp, ep):
    dist.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=size)
    sizes = {
        "tensor_model_parallel_size": size,
        "expert_tensor_parallel_size": etp,
        "expert_model_parallel_size": ep,
    }
    parallel_state.initialize_model_parallel(**sizes)
    initialize_rng_tracker(inference_rng_tracker=True)  # the one that asks for no GPU
    rows = [row for experts in (None, 4) for row in rows_of(sizes, experts)]
    print(json.dumps(rows))
    dist.destroy_process_group()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
