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


def test_qwen3():
    model, other = library.llama("Qwen3Model"), hub.llama("Qwen3", head_dim=4)
    assert apart("llama", model, TOKENS, other, INPUTS, std=0.5) < 1e-5


def test_gemma():
    assert apart("gemma", library.gemma("GemmaModel"), TOKENS, hub.gemma(), INPUTS, std=0.5) < 1e-5


def test_mixtral():
    model = library.mixtral("MixtralModel", rms_norm_eps=1e-6)
    other = hub.llama_of_experts("Mixtral")
    assert apart("mixtral", model, TOKENS, other, INPUTS, std=0.5) < 1e-5


def test_qwen3_with_experts():
    """What enters an expert is one array in both, divided along another axis in each."""
    model = library.qwen3_moe("Qwen3MoeModel")
    options = {"head_dim": 4, "moe_intermediate_dim": 8, "top_k": 2, "norm_top_k_prob": True}
    other = hub.llama_of_experts("Qwen3Moe", **options)
    assert apart("qwen3_moe", model, TOKENS, other, INPUTS, std=0.5) < 1e-5


def test_gpt_oss():
    other = hub.llama_of_experts("GptOss", head_dim=4)
    assert apart("gpt_oss", library.gpt_oss("GptOssModel"), TOKENS, other, INPUTS, std=0.5) < 1e-5


def difference(expected, output):
    expected = expected.last_hidden_state.detach().numpy()
    assert expected.std() > 0.1
    output = ops.convert_to_numpy(output["decoder_sequence_output"])
    return np.abs(output - expected).max() / np.abs(expected).max()


@pytest.mark.filterwarnings("ignore::UserWarning")  # keras_hub's, of masks
def test_t5():
    model, other = library.t5("T5Model", feed_forward_proj="gated-gelu").eval(), hub.t5()
    for initialize, whole in ((fanwise.torch.initialize, model), (fanwise.keras.initialize, other)):
        initialize(whole, "t5", seed=3, d_model=8, d_kv=4)
    tokens = torch.tensor(TOKENS)
    inputs = {f"{side}_token_ids": TOKENS for side in ("encoder", "decoder")}
    inputs |= {f"{side}_padding_mask": np.ones_like(TOKENS) for side in ("encoder", "decoder")}
    assert difference(model(tokens, decoder_input_ids=tokens), other(inputs)) < 1e-5


def test_whisper():
    """The sines are a formula of the model: keras_hub has them in what it loads alone."""
    model, other = library.whisper("WhisperModel").eval(), hub.whisper()
    sines = model.encoder.embed_positions.weight.detach().numpy()
    (positions,) = other.non_trainable_weights
    positions.assign(sines)
    fanwise.torch.initialize(model, "whisper", seed=3, std=0.5)
    fanwise.keras.initialize(other, "whisper", seed=3, std=0.5)
    np.testing.assert_array_equal(model.encoder.embed_positions.weight.detach().numpy(), sines)
    features = fanwise.sample("normal", (2, 20, 8), seed=1)
    sound = torch.tensor(np.moveaxis(features, 1, 2).copy())
    inputs = {
        "encoder_features": features,
        "decoder_token_ids": TOKENS,
        "decoder_padding_mask": np.ones_like(TOKENS),
    }
    expected = model(input_features=sound, decoder_input_ids=torch.tensor(TOKENS))
    assert difference(expected, other(inputs)) < 1e-5


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
