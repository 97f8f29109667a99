"""Buffers of the models of transformers: set by their library, or by nobody."""

import warnings

import numpy as np
import pytest
import torch
import transformers
from common import transformers_models as library

import fanwise.torch
from fanwise import UnsetBufferWarning

RECIPE = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.02}}]}
SIZES = {
    "hidden_size": 8,
    "intermediate_size": 12,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "vocab_size": 11,
}
OTHERS = {
    "Llama": {"head_dim": 32, "num_key_value_heads": 1},
    "Albert": {"embedding_size": 4},
    "Roberta": {"pad_token_id": 0},
    "Electra": {"embedding_size": 8},
    "GPTNeoX": {},
    "Gemma": {"head_dim": 4, "num_key_value_heads": 1},
    "Falcon": {},
    "Mixtral": {"num_key_value_heads": 1, "num_local_experts": 2},
    "DebertaV2": {},
    "Longformer": {"attention_window": 4},
}


def other(family):
    config = getattr(transformers, f"{family}Config")(**SIZES, **OTHERS[family])
    return getattr(transformers, f"{family}Model")(config)


def swin():
    sizes = {"image_size": 16, "patch_size": 2, "embed_dim": 8, "window_size": 4}
    config = transformers.SwinConfig(depths=[1, 1], num_heads=[2, 2], **sizes)
    return transformers.SwinModel(config)


def gptj():
    sizes = {"vocab_size": 11, "n_embd": 8, "n_layer": 1, "n_head": 2, "rotary_dim": 2}
    return transformers.GPTJModel(transformers.GPTJConfig(**sizes))


def gpt_neo():
    kinds = {"num_layers": 2, "attention_types": [[["global", "local"], 1]]}
    config = transformers.GPTNeoConfig(vocab_size=11, hidden_size=8, num_heads=2, **kinds)
    return transformers.GPTNeoModel(config)


MODELS = {
    "GPT-2": library.gpt2,
    "BERT": library.bert,
    "ViT": library.vit,
    "ResNet": library.resnet,
    "Swin": swin,
    "GPT-J": gptj,
    "GPT-Neo": gpt_neo,
    **{family: lambda family=family: other(family) for family in OTHERS},
}


def warned(model):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fanwise.torch.initialize(model, RECIPE, seed=0)
    return [str(w.message) for w in caught if w.category is UnsetBufferWarning]


@pytest.mark.parametrize("name", MODELS)
def test_freshly_built_models_are_not_warned_of(name):
    assert warned(MODELS[name]()) == []


FILLED = {
    "all bits": lambda count: b"\xff" * count,
    "random bits": lambda count: np.random.default_rng(3).bytes(count),
    "addresses": lambda count: np.random.default_rng(3).integers(2**45, 2**47, count // 8 + 1),
    "zeros": lambda count: b"\0" * count,
}
BUFFERS = {
    "Llama": "rotary_emb/inv_freq",
    "BERT": "bert/embeddings/position_ids",
    "Swin": "relative_position_index",
}


@pytest.mark.parametrize("filled", FILLED)
@pytest.mark.parametrize("name", BUFFERS)
def test_buffers_of_models_that_were_given_empty_memory_are_filled(name, filled):
    plain = dict(MODELS[name]().named_buffers())
    with torch.device("meta"):
        model = MODELS[name]()
    model.to_empty(device="cpu")
    for buffer in model.buffers():
        memory = np.asarray(buffer.detach().reshape(-1).view(torch.uint8))
        memory[:] = np.frombuffer(FILLED[filled](memory.size), np.uint8)[: memory.size]
        assert memory.base is not None
    assert warned(model) == []
    path = BUFFERS[name].replace("/", ".")
    pairs = [(buffer, plain[key]) for key, buffer in model.named_buffers() if key.endswith(path)]
    assert pairs
    assert all(torch.equal(*pair) for pair in pairs)
