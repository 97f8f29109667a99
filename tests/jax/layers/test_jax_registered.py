"""Modules of one's own, and parameters of no layer."""

import jax.numpy as jnp
import pytest
from common.bits import same_bits
from common.jax_recipes import PLAIN, REST, X, bits, drawn
from flax import linen, nnx

import fanwise
from fanwise.jax import LayerWeight, initialize, register_layer


class Gated(linen.Module):
    @linen.compact
    def __call__(self, x):
        token = self.param("token", linen.initializers.zeros, (1, 1, x.shape[-1]))
        weight = self.param("weight", linen.initializers.zeros, (3, x.shape[-1]))
        scale = self.param("scale", linen.initializers.ones, (3,))
        return (x + token[0, 0]) @ weight.T * scale


class GatedNnx(nnx.Module):
    def __init__(self):
        self.token = nnx.Param(jnp.zeros((1, 1, 6)))
        self.weight = nnx.Param(jnp.zeros((3, 6)))
        self.scale = nnx.Param(jnp.ones(3))
        self.count = nnx.Variable(jnp.zeros(()))


def both(recipe, **how):
    variables, one = initialize(Gated(), recipe, seed=0, inputs=(X,), **how)
    model = GatedNnx()
    two = initialize(model, recipe, seed=0, **how)
    assert sorted(one.rows, key=str) == sorted(two.rows, key=str)
    assert float(model.count.get_value()) == 0
    for name in ("token", "weight", "scale"):
        assert same_bits(variables["params"][name], getattr(model, name).get_value())
    return variables["params"], {row.path: row for row in one.rows}


def test_a_parameter_of_no_known_layer_has_its_own_name():
    params, rows = both({**PLAIN, "rule": PLAIN["rule"][1:]})
    assert {row.kind for row in rows.values()} == {"parameter", "parameter/token"}
    assert {name: row.role for name, row in rows.items()} == {
        "token": "",
        "weight": "",
        "scale": "scale",
    }
    assert same_bits(params["token"], drawn("token", (1, 1, 6), REST))
    assert rows["weight"].fan_in is None


def test_a_layer_of_ones_own_is_described():
    def describe(layer, shapes):
        assert type(layer) in (Gated, GatedNnx)
        assert shapes["weight"] == (3, 6)
        yield LayerWeight("weight", "kernel", "out in")
        yield LayerWeight("scale", "bias", "out", beside="kernel")

    try:
        register_layer(Gated, describe)
        register_layer(GatedNnx, describe)
        recipe = {
            "fanwise": 1,
            "rule": [
                {"match": "**/kernel", "init": "he_normal"},
                {"match": "**/bias", "init": "torch_default"},
                {"match": "**", "init": "zeros"},
            ],
        }
        params, rows = both(recipe)
    finally:
        register_layer(Gated, lambda *_: ())
        register_layer(GatedNnx, lambda *_: ())
    assert same_bits(params["weight"], drawn("kernel", (3, 6), "he_normal", axes="out in"))
    bias = fanwise.scheme("torch_default", fan=6)
    assert same_bits(params["scale"], drawn("bias", (3,), bias))
    assert (rows["kernel"].fan_in, rows["kernel"].fan_out) == (6, 3)


MISDESCRIBED = {
    "no description": ("kernel", "a LayerWeight for each weight"),
    "no variable": (LayerWeight("w", "kernel"), "a parameter of .*OwnLayer: count, scale"),
    "no kernel beside": (LayerWeight("scale", "bias", "out", beside="kernel"), "path of a kernel"),
    "half": (LayerWeight("weight", "kernel", spans=((0, 1),)), "spans that make up weight"),
    "other axes": (LayerWeight("weight", "kernel", "in out out"), "axes 'in out out'"),
}


@pytest.mark.parametrize("name", MISDESCRIBED)
def test_a_wrong_description(name):
    class OwnLayer(GatedNnx):
        pass

    description, words = MISDESCRIBED[name]
    register_layer(OwnLayer, lambda *_: [description])
    model = OwnLayer()
    before = bits(model)
    with pytest.raises(fanwise.FanwiseError, match=words):
        initialize(model, PLAIN, seed=0)
    assert bits(model) == before


@pytest.mark.parametrize(
    ("bad", "words"), [((3, len), "a class of layers"), ((Gated, 3), "a function as describe")]
)
def test_what_cannot_be_registered(bad, words):
    with pytest.raises(fanwise.FanwiseError, match=words):
        register_layer(*bad)
