"""The recipes of examples/ that count layers, on a model of three layers in each framework."""

import math
from pathlib import Path

import keras
import numpy as np
import pytest
import torch
from flax import linen
from torch import nn

import fanwise
import fanwise.jax
import fanwise.keras
import fanwise.torch

RECIPES = Path(__file__).parents[1] / "examples" / "recipes"
PARTS = {"attention/in": (8, 24), "attention/out": (24, 8), "mlp/up": (8, 32), "mlp/down": (32, 8)}
#: By hand: for each layer the standard deviations of attention/out and mlp/down before any cut.
MITCHELL = [
    (0.14433756729740643, 0.125),
    (0.10206207261596577, 0.08838834764831845),
    (0.08333333333333333, 0.07216878364870323),
]
BEIT = [(0.01414213562373095,) * 2, (0.01,) * 2, (0.00816496580927726,) * 2]


class TorchBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.ModuleDict({"in": nn.Linear(8, 24), "out": nn.Linear(24, 8)})
        self.mlp = nn.ModuleDict({"up": nn.Linear(8, 32), "down": nn.Linear(32, 8)})
        self.norm = nn.LayerNorm(8)


def in_torch(recipe):
    blocks = nn.ModuleList(TorchBlock() for _ in range(3))
    model = nn.ModuleDict(
        {"tokens": nn.Embedding(16, 8), "blocks": blocks, "head": nn.Linear(8, 5)}
    )
    fanwise.torch.initialize(model, recipe, seed=9, exclude="tokens/**")
    kernels = [
        {part: model.get_submodule(f"blocks.{i}.{part.replace('/', '.')}") for part in PARTS}
        for i in range(3)
    ]
    return [{p: k.weight.detach().numpy().T for p, k in block.items()} for block in kernels]


class KerasGroup(keras.layers.Layer):
    """Dense layers with names of their own, inside a layer."""

    def __init__(self, name, **units):
        super().__init__(name=name)
        self.parts = [keras.layers.Dense(size, name=key) for key, size in units.items()]

    def build(self, shape):
        for part in self.parts:
            part.build(shape)
            shape = part.compute_output_shape(shape)

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x


class KerasBlock(keras.layers.Layer):
    def __init__(self, name):
        super().__init__(name=name)
        self.attention = KerasGroup("attention", **{"in": 24, "out": 8})
        self.mlp = KerasGroup("mlp", up=32, down=8)
        self.norm = keras.layers.LayerNormalization(name="norm")

    def build(self, shape):
        for layer in (self.attention, self.mlp, self.norm):
            layer.build(shape)

    def call(self, x):
        return self.norm(x + self.mlp(self.attention(x)))


def in_keras(recipe):
    tokens = keras.Input((4,), dtype="int32")
    x = keras.layers.Embedding(16, 8, name="tokens")(tokens)
    blocks = [KerasBlock(f"blocks_{i}") for i in range(3)]
    for block in blocks:
        x = block(x)
    model = keras.Model(tokens, keras.layers.Dense(5, name="head")(x))
    fanwise.keras.initialize(model, recipe, seed=9, exclude="tokens/**")
    return [
        {
            f"{group.name}/{part.name}": keras.ops.convert_to_numpy(part.kernel.value)
            for group in (block.attention, block.mlp)
            for part in group.parts
        }
        for block in blocks
    ]


class FlaxGroup(linen.Module):
    units: dict

    @linen.compact
    def __call__(self, x):
        for name, size in self.units.items():
            x = linen.Dense(size, name=name)(x)
        return x


class FlaxBlock(linen.Module):
    @linen.compact
    def __call__(self, x):
        inner = FlaxGroup({"in": 24, "out": 8}, name="attention")(x)
        inner = FlaxGroup({"up": 32, "down": 8}, name="mlp")(inner)
        return linen.LayerNorm(name="norm")(x + inner)


class FlaxModel(linen.Module):
    @linen.compact
    def __call__(self, tokens):
        x = linen.Embed(16, 8, name="tokens")(tokens)
        for i in range(3):
            x = FlaxBlock(name=f"blocks_{i}")(x)
        return linen.Dense(5, name="head")(x)


def in_flax(recipe):
    tokens = np.zeros((1, 4), "int32")
    variables, _ = fanwise.jax.initialize(
        FlaxModel(), recipe, seed=9, inputs=(tokens,), exclude="tokens/**"
    )
    blocks = [variables["params"][f"blocks_{i}"] for i in range(3)]
    return [
        {
            f"{group}/{part}": np.asarray(block[group][part]["kernel"])
            for group, part in (name.split("/") for name in PARTS)
        }
        for block in blocks
    ]


FRAMEWORKS = {"torch": in_torch, "keras": in_keras, "flax": in_flax}


def cut(std):
    return fanwise.scheme("truncated_normal", std=std, low=-3, high=3, corrected=False)


def uncut(std):
    return fanwise.scheme("normal", std=std)


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize(
    ("name", "law", "inner", "numbers"),
    [("olmo_mitchell", cut, 0.35355339059327373, MITCHELL), ("beit", uncut, 0.02, BEIT)],
)
def test_every_layer_has_the_numbers_that_were_worked_out_by_hand(
    framework, name, law, inner, numbers
):
    blocks = FRAMEWORKS[framework](RECIPES / f"{name}.toml" if name != "beit" else name)
    for i, (block, (out, down)) in enumerate(zip(blocks, numbers, strict=True)):
        stds = {"attention/in": inner, "attention/out": out, "mlp/up": inner, "mlp/down": down}
        for part, std in stds.items():
            path = f"blocks/{i}/{part}/kernel"
            wanted = fanwise.sample(law(std), PARTS[part], seed=9, path=path)
            np.testing.assert_allclose(block[part], wanted, rtol=1e-6, atol=0)


class BeitBlock(nn.Module):
    """The names and shapes of unilm's."""

    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(8)
        self.attn = nn.Module()
        self.attn.qkv = nn.Linear(8, 24, bias=False)
        self.attn.q_bias = nn.Parameter(torch.ones(8))
        self.attn.v_bias = nn.Parameter(torch.ones(8))
        self.attn.relative_position_bias_table = nn.Parameter(torch.ones(12, 2))
        self.attn.proj = nn.Linear(8, 8)
        self.norm2 = nn.LayerNorm(8)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(8, 32), "fc2": nn.Linear(32, 8)})
        self.gamma_1 = nn.Parameter(torch.zeros(8))
        self.gamma_2 = nn.Parameter(torch.zeros(8))


class Beit(nn.Module):
    def __init__(self):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, 8))
        self.pos_embed = nn.Parameter(torch.zeros(1, 5, 8))
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(3, 8, 4, 4)})
        self.blocks = nn.ModuleList(BeitBlock() for _ in range(2))
        self.fc_norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 5)


def test_the_rest_of_a_beit():
    report = fanwise.torch.initialize(Beit(), "beit", seed=0)
    rows = {row.path: row for row in report.rows}
    expected = {
        "class_token": 0.02,
        "positions": 0.02,
        "patches/kernel": 1 / math.sqrt(3 * 48),
        "blocks/1/attention/query/kernel": 0.02,
        "blocks/1/attention/out/kernel": 0.01,
        "blocks/1/mlp/up/kernel": 0.02,
        "blocks/1/mlp/down/kernel": 0.01,
        "head/kernel": 0.00002,
    }
    assert {path: rows[path].expected for path in expected} == pytest.approx(expected, rel=1e-12)
    schemes = {
        path.split("/", 2)[2]: row.scheme for path, row in rows.items() if "blocks/0" in path
    }
    assert schemes["layer_scale_1"] == "constant"
    zero = {path for path, scheme in schemes.items() if scheme == "zeros"}
    assert zero >= {"attention/q_bias", "attention/v_bias", "mlp/down/bias", "mlp_norm/offset"}
    assert "relative_positions" in zero


def test_the_rest_of_an_olmo():
    """Of its own names: where a layer ends has the name of the head."""
    block = nn.ModuleDict(
        {
            "att_proj": nn.Linear(8, 24, bias=False),
            "attn_out": nn.Linear(8, 8, bias=False),
            "ff_proj": nn.Linear(8, 64, bias=False),
            "ff_out": nn.Linear(32, 8, bias=False),
        }
    )
    body = {"wte": nn.Embedding(16, 8), "blocks": nn.ModuleList([block])}
    model = nn.ModuleDict(
        {"transformer": nn.ModuleDict({**body, "ff_out": nn.Linear(8, 16, bias=False)})}
    )
    report = fanwise.torch.initialize(model, RECIPES / "olmo_mitchell.toml", seed=0)
    wide, stream, narrow = (cut(std).std((8, 8)) for std in (8**-0.5, 16**-0.5, 64**-0.5))
    assert {row.path: row.expected for row in report.rows} == pytest.approx(
        {
            "wte/embedding": wide,
            "blocks/0/att_proj/kernel": wide,
            "blocks/0/attention/out/kernel": stream,
            "blocks/0/ff_proj/kernel": wide,
            "blocks/0/mlp/down/kernel": narrow,
            "ff_out/kernel": wide,
        },
        rel=1e-12,
    )
