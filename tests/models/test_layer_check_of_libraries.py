"""layer_check on the models of transformers and keras_hub, called as their users call them."""

import keras_hub
import numpy as np
import pytest
import torch
import transformers
from common import keras_hub_models as hub
from common import transformers_models as library

import fanwise.keras
import fanwise.torch
from fanwise import FanwiseError

IDS = torch.tensor([[3, 1, 4, 1, 5]])
SIZES = {
    "hidden_size": 8,
    "intermediate_size": 12,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "vocab_size": 11,
}


def whisper():
    config = transformers.WhisperConfig(
        vocab_size=11,
        d_model=8,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=12,
        decoder_ffn_dim=12,
        num_mel_bins=4,
        max_source_positions=6,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=1,
    )
    return transformers.WhisperForConditionalGeneration(config)


def albert():
    return transformers.AlbertModel(transformers.AlbertConfig(embedding_size=4, **SIZES))


MODELS = {
    "gpt2": (library.gpt2, {"input_ids": IDS, "labels": IDS}),
    "bert": (library.bert, {"input_ids": IDS, "attention_mask": torch.ones_like(IDS)}),
    "albert": (albert, {"input_ids": IDS}),
    "llama": (library.llama, {"input_ids": IDS}),
    "t5": (library.t5, {"input_ids": IDS, "decoder_input_ids": IDS[:, :3]}),
    "vit": (library.vit, {"pixel_values": torch.ones(1, 3, 8, 8)}),
    "resnet": (library.resnet, {"pixel_values": torch.ones(2, 3, 32, 32)}),
    "whisper": (whisper, {"input_features": torch.ones(1, 4, 12), "decoder_input_ids": IDS}),
}


@pytest.mark.parametrize("name", MODELS)
def test_models_of_transformers_are_called_by_name(name):
    make, batch = MODELS[name]
    model = make().train()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    check = fanwise.torch.layer_check(model, keywords=batch)
    linear = [layer for layer in check.layers if layer.class_name in {"Linear", "Conv1D", "Conv2d"}]
    assert linear
    assert all(layer.gradient >= 0 and layer.activation > 0 for layer in linear)
    assert check.uncalled == ()
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())
    assert not any(module._forward_hooks for module in model.modules())
    assert all(module.training for module in model.modules())


def test_what_is_kept_for_the_next_call_is_no_output():
    model = library.gpt2().eval()
    kept, dropped = (
        fanwise.torch.layer_check(model, keywords={"input_ids": IDS, "use_cache": use_cache})
        for use_cache in (True, False)
    )
    assert kept == dropped


def test_the_layers_of_albert_are_shown_at_each_of_their_calls():
    layers = fanwise.torch.layer_check(albert(), IDS).layers
    (path,) = {layer.path for layer in layers if layer.path.endswith("attention/query")}
    calls = [(layer.call, layer.calls) for layer in layers if layer.path == path]
    assert calls == [(1, 2), (2, 2)]


@pytest.mark.parametrize("family", ["Mixtral", "Qwen2Moe"])
def test_experts_that_no_token_was_sent_to_are_named(family):
    names = {"Mixtral": "num_local_experts", "Qwen2Moe": "num_experts"}
    options = {names[family]: 8, "num_experts_per_tok": 1, "num_key_value_heads": 1}
    config = getattr(transformers, f"{family}Config")(**SIZES, **options)
    model = getattr(transformers, f"{family}ForCausalLM")(config)
    chosen = {}
    for path, module in model.named_modules():
        if path.endswith("mlp.experts"):
            key = path.replace(".", "/")
            module.register_forward_pre_hook(
                lambda _, inputs, key=key: chosen.__setitem__(key, set(inputs[1].unique().tolist()))
            )
    check = fanwise.torch.layer_check(model, keywords={"input_ids": IDS[:, :3]})
    rows = {layer.path: layer for layer in check.layers if layer.path in chosen}
    assert len(rows) == 2
    for path, layer in rows.items():
        assert layer.stacked == 8
        assert set(layer.idle) == set(range(8)) - chosen[path]
        assert "no gradient in" in layer.note


def test_a_model_of_transformers_that_does_not_run_says_what_it_wanted():
    with pytest.raises(FanwiseError, match=r"runs on these inputs.*keywords="):
        fanwise.torch.layer_check(library.t5(), keywords={"input_ids": IDS})


TOKENS = {"token_ids": IDS.numpy(), "padding_mask": np.ones((1, 5), "int32")}
HUB = {
    "gpt2": (hub.gpt2, TOKENS),
    "bert": (hub.bert, {**TOKENS, "segment_ids": np.zeros((1, 5), "int32")}),
    "llama": (hub.llama, TOKENS),
    "vit": (hub.vit, np.ones((1, 8, 8, 3), "float32")),
}


@pytest.mark.parametrize("name", HUB)
def test_models_of_keras_hub_are_called_with_dicts_and_by_name(name):
    make, batch = HUB[name]
    model = make()
    check = fanwise.keras.layer_check(model, batch)
    # ViT's blocks add their attention to what comes in, so all of it is seen.
    assert all(layer.gradient > 0 for layer in check.layers if layer.class_name == "Dense")
    assert any(layer.class_name == "Dense" for layer in check.layers)
    assert check.uncalled == ()
    named = fanwise.keras.layer_check(model, keywords={"inputs": batch})
    assert [(row.path, row.activation) for row in named.layers] == [
        (row.path, row.activation) for row in check.layers
    ]


def test_the_experts_of_keras_hub_are_stacks():
    model = keras_hub.models.MixtralBackbone(
        vocabulary_size=11,
        num_layers=1,
        num_query_heads=2,
        num_key_value_heads=1,
        hidden_dim=8,
        intermediate_dim=12,
        num_experts=8,
        top_k=1,
    )
    layers = fanwise.keras.layer_check(model, TOKENS).layers
    (experts,) = (layer for layer in layers if layer.stacked)
    assert experts.stacked == 8
    # Five tokens of one expert each.
    assert 3 <= len(experts.idle) <= 7
