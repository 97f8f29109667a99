"""One bundled recipe makes one function of a model of transformers and one of keras_hub."""

import numpy as np
import pytest
import torch
from common import keras_hub_models as hub
from common import transformers_models as library
from keras import ops

import fanwise
import fanwise.keras
import fanwise.torch

#: No padding, whose row in an embedding of torch is zero.
TOKENS = np.arange(1, 11).reshape(2, 5)
INPUTS = {"token_ids": TOKENS, "padding_mask": np.ones_like(TOKENS)}


def image(size):
    return fanwise.sample("normal", (2, size, size, 3), seed=1)


def hidden(model, inputs):
    """The last hidden state, of an image with the channels last."""
    if inputs.ndim == 4:
        inputs = np.moveaxis(inputs, -1, 1)
    with torch.no_grad():
        state = model.eval()(torch.tensor(inputs)).last_hidden_state
    return (state.movedim(1, -1) if state.ndim == 4 else state).numpy()


def apart(name, model, inputs, other, other_inputs, **variables):
    """How far the outputs of two models lie apart, of the largest of them."""
    fanwise.torch.initialize(model, name, seed=3, **variables)
    fanwise.keras.initialize(other, name, seed=3, **variables)
    outputs = other(other_inputs)
    outputs = outputs["sequence_output"] if isinstance(outputs, dict) else outputs
    expected = hidden(model, inputs)
    assert expected.std() > 0.1
    return np.abs(ops.convert_to_numpy(outputs) - expected).max() / np.abs(expected).max()


def test_gpt2():
    model, other = library.gpt2("GPT2Model"), hub.gpt2()
    assert apart("gpt2", model, TOKENS, other, INPUTS, layers=2, std=0.5) < 1e-5


@pytest.mark.parametrize(
    ("cls", "family"),
    [("LlamaModel", "Llama"), ("MistralModel", "Mistral"), ("Qwen2Model", "Qwen")],
)
def test_llama_and_those_like_it(cls, family):
    model, other = library.llama(cls), hub.llama(family)
    assert apart("llama", model, TOKENS, other, INPUTS, std=0.5) < 1e-5


def test_bert():
    inputs = {**INPUTS, "segment_ids": np.zeros_like(TOKENS)}
    assert apart("bert", library.bert("BertModel"), TOKENS, hub.bert(), inputs, std=0.5) < 1e-5


def test_vit():
    inputs = image(8)
    assert apart("vit", library.vit("ViTModel"), inputs, hub.vit(), inputs, position_std=0.5) < 1e-5


@pytest.mark.parametrize(
    ("layer_type", "widths"), [("basic", [64, 128]), ("bottleneck", [256, 512])]
)
def test_resnet(layer_type, widths):
    model = library.resnet("ResNetModel", layer_type, hidden_sizes=widths)
    other = hub.resnet(f"{layer_type}_block")
    inputs = image(32)
    assert apart("resnet", model, inputs, other, inputs) < 1e-5
