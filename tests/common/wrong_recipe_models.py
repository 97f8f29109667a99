"""Models that a recipe seldom fits: with tables, experts, frozen and quantized parts, LoRA."""

import warnings

import jax
import jax.numpy as jnp
import keras
import numpy as np
import peft
import torch
import transformers
from flax import linen, nnx
from torch import nn

from common import keras_hub_models as hub
from common import transformers_models as library

PATCHED = (jnp.ones((1, 8, 8, 3)),)


def t5():
    return library.t5(relative_attention_num_buckets=4)


def mixtral():
    return library.llama("MixtralForCausalLM", num_local_experts=3, num_experts_per_tok=2)


def mamba():
    options = {"vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 2, "state_size": 4}
    return transformers.MambaForCausalLM(transformers.MambaConfig(**options))


def bert(layers=2, hidden=64):
    config = transformers.BertConfig(
        vocab_size=101,
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=2 * hidden,
        max_position_embeddings=16,
    )
    return transformers.BertForSequenceClassification(config)


def frozen_bert():
    model = library.bert()
    model.bert.embeddings.requires_grad_(False)
    return model


def lora():
    config = peft.LoraConfig(r=2, target_modules=["c_attn"], fan_in_fan_out=True)
    with warnings.catch_warnings():
        # Of a name that transformers gives up.
        warnings.simplefilter("ignore", FutureWarning)
        return peft.get_peft_model(library.gpt2(), config)


def int8_llama():
    model = library.llama("LlamaModel")
    for layer in model.layers:
        shape = layer.mlp.down_proj.weight.shape
        integers = torch.zeros(shape, dtype=torch.int8)
        layer.mlp.down_proj.weight = nn.Parameter(integers, requires_grad=False)
    return model


class Mix(nn.Module):
    """A square matrix, of which nothing says what it multiplies."""

    def __init__(self, size):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(size, size) * 0.02)


def square():
    return nn.Sequential(nn.Linear(6, 8, bias=False), Mix(8), Mix(8))


class SinesAndCosines(nn.Module):
    """Positions as in the paper on attention, which are trained."""

    def __init__(self, length, size):
        super().__init__()
        angles = np.arange(length)[:, None] / 10_000 ** (np.arange(0, size, 2) / size)
        table = np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(length, size)
        self.table = nn.Parameter(torch.tensor(table, dtype=torch.float32))


def encoder():
    body = nn.TransformerEncoderLayer(8, 2, 16)
    return nn.ModuleDict(
        {"positions": SinesAndCosines(5, 8), "far": SinesAndCosines(80, 16), "body": body}
    )


def frozen_hub_gpt2():
    model = hub.gpt2()
    model.get_layer("token_embedding").trainable = False
    return model


def ramp(shape, dtype=None):
    size = int(np.prod(shape))
    return keras.ops.reshape(keras.ops.arange(size, dtype="float32") / size, shape)


def ramped():
    layers = [
        keras.layers.Dense(16, name="first"),
        keras.layers.Dense(8, kernel_initializer=ramp, name="ramp"),
    ]
    return keras.Sequential([keras.Input((4,)), *layers])


def cubes(shape, dtype=None):
    return 0.1 * keras.random.normal(shape, dtype=dtype, seed=1337) ** 3


def cubed():
    """What no scheme draws, by a function of somebody's own."""
    layers = [
        keras.layers.Dense(16, name="first"),
        keras.layers.Dense(8, kernel_initializer=cubes, name="cubes"),
    ]
    return keras.Sequential([keras.Input((4,)), *layers])


def mobilenet():
    return keras.applications.MobileNetV3Small(
        input_shape=(32, 32, 3), weights=None, classes=3, minimalistic=True
    )


def sines(key, shape, dtype=jnp.float32):
    place = jnp.arange(shape[-2])[:, None] / 10.0 ** (jnp.arange(shape[-1]) / shape[-1])
    return jnp.broadcast_to(jnp.sin(place), shape).astype(dtype)


class NnxBlock(nnx.Module):
    def __init__(self, size, rngs):
        self.attention = nnx.MultiHeadAttention(2, size, size, size, decode=False, rngs=rngs)
        self.norm = nnx.LayerNorm(size, rngs=rngs)
        self.up = nnx.Linear(size, 2 * size, rngs=rngs)
        self.down = nnx.Linear(2 * size, size, rngs=rngs)
        self.scale = nnx.Param(jnp.full((size,), 1e-4))
        self.mix = nnx.Param(jax.random.normal(rngs.params(), (size, size)) * 0.02)


class NnxGpt(nnx.Module):
    def __init__(self, rngs):
        self.tokens = nnx.Embed(11, 16, rngs=rngs)
        self.rotary = nnx.Param(sines(None, (5, 16)))
        self.blocks = nnx.List([NnxBlock(16, rngs) for _ in range(2)])


def nnx_gpt():
    return NnxGpt(nnx.Rngs(0))


def scaled_nnx_gpt():
    """Kernels of a deviation that nobody gives, of which the layers know nothing."""
    model = nnx_gpt()
    for block in model.blocks:
        block.up.kernel[...] *= 0.37
    return model


class Gain(linen.Module):
    @linen.compact
    def __call__(self, x):
        gain = self.param("gain", linen.initializers.ones, (x.shape[-1],))
        return gain * x / jnp.sqrt((x**2).mean(-1, keepdims=True) + 1e-6)


class LinenBlock(linen.Module):
    @linen.compact
    def __call__(self, x):
        attention = linen.MultiHeadDotProductAttention(num_heads=2, name="attention")
        x = x + attention(Gain(name="before")(x))
        normal, zeros = linen.initializers.normal(0.02), linen.initializers.zeros
        hidden = linen.Dense(32, name="up", kernel_init=normal)(Gain(name="after")(x))
        return x + linen.Dense(x.shape[-1], name="down", kernel_init=zeros)(linen.gelu(hidden))


class LinenViT(linen.Module):
    @linen.compact
    def __call__(self, x):
        x = linen.Conv(16, (4, 4), (4, 4), name="patches")(x).reshape(1, -1, 16)
        x = x + self.param("positions", sines, (1, x.shape[1], 16))
        for number in range(2):
            x = LinenBlock(name=f"block_{number}")(x)
        return linen.Dense(3, name="head")(x.mean(1))


def linen_vit():
    return LinenViT()


def values_of(framework, model):
    """All arrays of a model, copied; none of a linen module, which has none."""
    if framework == "torch":
        return {
            name: tensor.detach().clone().numpy() for name, tensor in model.state_dict().items()
        }
    if framework == "keras":
        return {weight.path: np.array(weight.value) for weight in model.weights}
    state = nnx.state(model, nnx.Param) if framework == "nnx" else model
    flat = jax.tree_util.tree_leaves_with_path(state)
    return {
        jax.tree_util.keystr(path): np.array(leaf)
        for path, leaf in flat
        if isinstance(leaf, jax.Array)
    }
