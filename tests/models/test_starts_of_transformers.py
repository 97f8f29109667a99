"""What transformers' classes declare of their own parameters, and what their buffers are."""

import math
import warnings

import pytest
import torch
import transformers

import fanwise.torch
from fanwise import UnsetBufferWarning

SIZES = {"hidden_size": 32, "intermediate_size": 40, "num_hidden_layers": 2}
HEADS = {**SIZES, "num_attention_heads": 4}
IMAGES = {"image_size": 32, "patch_size": 8}


def vit():
    return transformers.ViTModel(transformers.ViTConfig(**HEADS, **IMAGES))


def swin():
    sizes = {"image_size": 32, "patch_size": 4, "embed_dim": 16, "window_size": 4}
    return transformers.SwinModel(transformers.SwinConfig(depths=[1, 1], num_heads=[2, 4], **sizes))


def clip():
    config = transformers.CLIPVisionConfig(**HEADS, **IMAGES)
    return transformers.CLIPVisionModel(config)


def xlnet():
    sizes = {"d_model": 32, "n_layer": 1, "n_head": 4, "d_inner": 40, "vocab_size": 50}
    return transformers.XLNetModel(transformers.XLNetConfig(**sizes))


def mamba2():
    config = transformers.Mamba2Config(
        **SIZES, num_heads=8, head_dim=8, state_size=4, n_groups=1, vocab_size=50
    )
    return transformers.Mamba2Model(config)


def whisper():
    sizes = {"d_model": 32, "encoder_layers": 1, "decoder_layers": 1, "vocab_size": 50}
    heads = {"encoder_attention_heads": 4, "decoder_attention_heads": 4, "pad_token_id": 0}
    ffn = {"encoder_ffn_dim": 40, "decoder_ffn_dim": 40, "num_mel_bins": 8}
    tokens = {"bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1}
    config = transformers.WhisperConfig(**sizes, **heads, **ffn, **tokens)
    return transformers.WhisperModel(config)


def fsmt():
    config = transformers.FSMTConfig(
        langs=["en", "de"],
        src_vocab_size=50,
        tgt_vocab_size=50,
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=40,
        decoder_ffn_dim=40,
        max_position_embeddings=40,
    )
    return transformers.FSMTModel(config)


def llama():
    config = transformers.LlamaConfig(**HEADS, num_key_value_heads=2, vocab_size=50)
    return transformers.LlamaForCausalLM(config)


MODELS = {make.__name__: make for make in (vit, swin, clip, xlnet, mamba2, whisper, fsmt, llama)}
#: The law of one parameter of each: by its path, the scheme and the standard deviation.
LAWS = {
    "vit": ("embeddings/position_embeddings", "normal", 0.02),
    "swin": (
        "encoder/layers/0/blocks/0/attention/relative_position_bias/relative_position_bias_table",
        "constant",
        0,
    ),
    "clip": ("embeddings/class_embedding", "normal", 32**-0.5),
    "xlnet": ("layer/0/rel_attn/q", "normal", 0.02),
    "mamba2": ("layers/0/mixer/D", "constant", 0),
}


@pytest.mark.parametrize("name", MODELS)
def test_every_parameter_has_a_start_and_two_builds_are_alike(name):
    starts = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        model = MODELS[name]()
        rows = fanwise.torch.initialize(model, "torch_default", seed=0).rows
        starts.append((rows, dict(model.named_parameters())))
    (rows, first), (_, second) = starts
    assert all(torch.equal(first[path], second[path]) for path in first)
    if name in LAWS:
        path, scheme, std = LAWS[name]
        (row,) = (row for row in rows if row.path.endswith(path))
        assert (row.scheme, row.expected) == (scheme, pytest.approx(std))


def test_formulas_stay():
    for make, names in (
        (fsmt, ("encoder.embed_positions.weight", "decoder.embed_positions.weight")),
        (whisper, ("encoder.embed_positions.weight",)),
        (mamba2, ("layers.0.mixer.A_log",)),
    ):
        model = make()
        before = {name: model.get_parameter(name).detach().clone() for name in names}
        fanwise.torch.initialize(model, "torch_default", seed=0)
        for name in names:
            assert torch.equal(model.get_parameter(name), before[name]), name


def test_a_time_step_is_drawn_through_its_formula():
    model = mamba2()
    fanwise.torch.initialize(model, "torch_default", seed=0)
    steps = torch.nn.functional.softplus(model.layers[0].mixer.dt_bias.detach())
    config = model.config
    assert (steps >= 0.99 * config.time_step_min).all()
    assert (steps <= 1.01 * config.time_step_max).all()
    assert steps.log().std() > 0.2 * math.log(config.time_step_max / config.time_step_min)


def garbage(tensor):
    if tensor.is_floating_point():
        tensor.fill_(torch.nan)
    else:
        tensor.fill_(2**28)


@pytest.mark.parametrize("fill", [garbage, torch.Tensor.zero_])
@pytest.mark.parametrize("name", MODELS)
def test_from_the_meta_device_it_is_the_same_model(name, fill):
    plain = MODELS[name]()
    with torch.device("meta"):
        model = MODELS[name]()
    model.to_empty(device="cpu")
    model.tie_weights()
    with torch.no_grad():
        for tensor in (*model.parameters(), *model.buffers()):
            fill(tensor)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UnsetBufferWarning)
        for made in (plain, model):
            fanwise.torch.initialize(made, "torch_default", seed=0)
    for (path, tensor), (_, other) in zip(
        (*model.named_parameters(), *model.named_buffers()),
        (*plain.named_parameters(), *plain.named_buffers()),
        strict=True,
    ):
        assert torch.equal(tensor, other), path
    if name == "llama":
        tokens = torch.arange(10)[None]
        with torch.no_grad():
            assert torch.equal(model.eval()(tokens).logits, plain.eval()(tokens).logits)
