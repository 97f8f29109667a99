"""Schemes of several weights, on modules of Flax."""

import numpy as np
from common.joint_schemes import ATTENTION, HEADS, WIDTH, check_attention, check_pair, lora
from flax import nnx

import fanwise.jax as fj


def array(parameter: nnx.Variable) -> np.ndarray:
    return np.asarray(parameter[...])


class Attention(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
        self.attention = nnx.MultiHeadAttention(HEADS, WIDTH, decode=False, rngs=rngs)


class Adapted(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
        self.layer = nnx.LoRALinear(24, 16, lora_rank=4, rngs=rngs)
        self.beside = nnx.LoRA(24, 4, 16, rngs=rngs)


def test_attention() -> None:
    model = Attention(nnx.Rngs(0))
    fj.initialize(model, ATTENTION, seed=0)
    layer = model.attention
    parts = (layer.query, layer.key, layer.value, layer.out)
    check_attention(*(array(part.kernel) for part in parts))


def test_lora() -> None:
    model = Adapted(nnx.Rngs(0))
    fj.initialize(model, lora("lora_a", "lora_b"), seed=0)
    pairs = (model.layer.lora, model.beside)
    for pair in pairs:
        check_pair(array(pair.lora_a), array(pair.lora_b))
    assert np.abs(array(pairs[0].lora_a) @ array(pairs[1].lora_b)).max() > 1e-3
