"""A rank of Megatron's own layers: ``python megatron_ranks.py STORE RANK SIZE ETP EP``.

Prints, as JSON, a row for each weight: what it is, and whether it is this rank's part of the whole.
"""

import itertools
import json
import sys

import torch
import torch.distributed as dist
from megatron.core import parallel_state
from megatron.core.model_parallel_config import ModelParallelConfig
from megatron.core.tensor_parallel import layers
from megatron.core.tensor_parallel.random import initialize_rng_tracker

import fanwise
import fanwise.torch

SEED = 3
NORMAL = fanwise.scheme("normal", std=0.02)


def part(scheme, shape, path, group, axis=0, stride=1, padded=0):
    """What Megatron's own cut of a master weight gives this rank."""
    whole = torch.from_numpy(fanwise.sample(scheme, shape, seed=SEED, path=path, axes="torch"))
    whole = torch.nn.functional.pad(whole, (0, 0, 0, padded))
    return torch.cat(whole.chunk(group.size() * stride, axis)[group.rank() :: group.size()], axis)


def method(scheme, path, **how):
    return fanwise.torch.init_method(scheme, seed=SEED, path=path, **how)


def weights(config):
    """Give what each weight is, the weight, and this rank's part of the whole."""
    dense = parallel_state.get_tensor_model_parallel_group()
    experts = parallel_state.get_expert_tensor_parallel_group()
    how = {"group": dense}
    for scheme, stride in itertools.product(("he_normal", "orthogonal"), (1, 2)):
        init = method(scheme, "up", **how)
        layer = layers.ColumnParallelLinear(16, 48, config=config, init_method=init, stride=stride)
        wanted = part(scheme, (48, 16), "up", dense, stride=stride)
        yield f"column {scheme} {stride}", layer.weight, wanted
    rest = {"bias": False, "input_is_parallel": True, "skip_bias_add": False}
    init = method("he_normal", "down", **how)
    layer = layers.RowParallelLinear(48, 16, config=config, init_method=init, **rest)
    yield "row", layer.weight, part("he_normal", (16, 48), "down", dense, axis=1)
    init = method(NORMAL, "tokens", rows=19, **how)
    layer = layers.VocabParallelEmbedding(24, 8, config=config, init_method=init)
    yield "vocabulary", layer.weight, part(NORMAL, (19, 8), "tokens", dense, padded=5)
    init = method("he_normal", "expert", group=experts)
    rest = {"bias": False, "is_expert": True, "skip_bias_add": False}
    layer = layers.ColumnParallelLinear(16, 48, config=config, init_method=init, **rest)
    yield "expert", layer.weight, part("he_normal", (48, 16), "expert", experts)
    # Without a group: right where there is but one that it can be, else an error.
    same = dense.size() == experts.size()
    try:
        init = method("he_normal", "up")
        layer = layers.ColumnParallelLinear(16, 48, config=config, init_method=init)
    except fanwise.FanwiseError as error:
        told = "get_expert_tensor_parallel_group" in str(error) and not same
        yield "no group", torch.tensor([told]), torch.tensor([True])
    else:
        # The path that starts a whole weight on the CPU asks for no group.
        told = same or config.use_cpu_initialization
        yield "no group", torch.tensor([told]), torch.tensor([True])
        yield "Megatron's group", layer.weight, part("he_normal", (48, 16), "up", dense)


def main(store, rank, size, etp, ep):
    dist.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=size)
    sizes = {
        "tensor_model_parallel_size": size,
        "expert_tensor_parallel_size": etp,
        "expert_model_parallel_size": ep,
    }
    parallel_state.initialize_model_parallel(**sizes)
    initialize_rng_tracker(inference_rng_tracker=True)  # the one that asks for no GPU
    # What Megatron allocates on the GPU is here on the CPU; its code is the same.
    torch.cuda.current_device = lambda: "cpu"
    rows = []
    for on_cpu, dtype in itertools.product((True, False), (torch.float32, torch.bfloat16)):
        config = ModelParallelConfig(use_cpu_initialization=on_cpu, params_dtype=dtype, **sizes)
        for what, weight, wanted in weights(config):
            right = torch.equal(weight.detach(), wanted.to(weight.dtype))
            rows.append((f"{what}, {dtype}, {'CPU' if on_cpu else 'GPU'}", right))
    print(json.dumps(rows))
    dist.destroy_process_group()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
