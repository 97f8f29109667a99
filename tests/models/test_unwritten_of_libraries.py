"""Nothing of a library's model is left unwritten: by its own start, nor by `initialize`."""

import pytest
import torch
import transformers
from torch import nn

import fanwise.torch

SMALL = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
}
TEXT = {**SMALL, "vocab_size": 64}
CONFIGS = {
    "gpt2": lambda: transformers.GPT2Config(
        n_embd=32, n_layer=2, n_head=4, vocab_size=64, n_positions=32
    ),
    "llama": lambda: transformers.LlamaConfig(**TEXT, num_key_value_heads=2),
    "bert": lambda: transformers.BertConfig(**TEXT),
    "mixtral": lambda: transformers.MixtralConfig(
        **TEXT, num_key_value_heads=2, num_local_experts=4
    ),
    "vit": lambda: transformers.ViTConfig(**SMALL),
    "mamba2": lambda: transformers.Mamba2Config(
        hidden_size=32,
        num_heads=8,
        head_dim=8,
        state_size=8,
        n_groups=1,
        num_hidden_layers=2,
        vocab_size=64,
    ),
    "t5": lambda: transformers.T5Config(
        d_model=32, d_kv=8, d_ff=64, num_layers=2, num_heads=4, vocab_size=64
    ),
}


@pytest.fixture(params=CONFIGS.values(), ids=CONFIGS)
def factory(request):
    config = request.param()
    return lambda: transformers.AutoModel.from_config(config)


def test_a_model_writes_all_it_has(factory):
    result = fanwise.torch.unwritten(factory)
    assert result.passed, str(result)
    assert result.judged > 10


def test_initialize_writes_all_that_a_model_has(factory):
    result = fanwise.torch.unwritten(
        factory, lambda model: fanwise.torch.initialize(model, "torch_default", seed=0)
    )
    assert result.passed, str(result)


def test_a_start_that_forgets_a_kind_of_layer_is_found():
    config = CONFIGS["llama"]()

    def start(model):
        for module in model.modules():
            if isinstance(module, nn.Linear | nn.Embedding):
                module.reset_parameters()

    rows = fanwise.torch.unwritten(lambda: transformers.AutoModel.from_config(config), start).rows
    assert {row.name.rpartition(".")[2] for row in rows} == {
        "weight",
        "inv_freq",
        "original_inv_freq",
    }
    assert {row.name for row in rows if row.kind == "parameter"} == {
        "norm.weight",
        *(
            f"layers.{i}.{name}.weight"
            for i in range(2)
            for name in ("input_layernorm", "post_attention_layernorm")
        ),
    }


def test_the_memory_of_a_rotary_embedding_is_seen_though_no_file_holds_it():
    model = transformers.AutoModel.from_config(CONFIGS["llama"]())
    assert "rotary_emb.inv_freq" not in model.state_dict()
    result = fanwise.torch.unwritten(
        lambda: transformers.AutoModel.from_config(model.config), lambda model: None
    )
    assert result.judged == len(result.rows)
    assert "rotary_emb.inv_freq" in {row.name for row in result.rows}
    assert torch.isfinite(model.rotary_emb.inv_freq).all()
