"""The table of a model's weights."""

import jax
import jax.numpy as jnp
import pytest
from common.jax_recipes import Mlp, Pair, X
from flax import linen, nnx

import fanwise
from fanwise.adapters.recipes import layer_recipe
from fanwise.jax import initialize, set_initializer, summary

RECIPE = layer_recipe("he_normal", "zeros")


def test_a_summary_shows_what_was_drawn_as_long_as_it_is_there():
    layer = set_initializer(nnx.Linear(64, 32, rngs=nnx.Rngs(0)), "he_normal", seed=0)
    kernel, bias = summary(layer).rows
    assert (kernel.path, kernel.scheme, kernel.fan_in, kernel.fan_out) == (
        "kernel",
        "he_normal",
        64,
        32,
    )
    assert kernel.observed == pytest.approx(kernel.expected, rel=0.1)
    assert (bias.path, bias.scheme, bias.fan_in, bias.observed) == ("bias", "zeros", None, 0.0)
    layer.kernel.set_value(layer.kernel.get_value() * 2)
    assert [row.scheme for row in summary(layer).rows] == [None, "zeros"]


def test_a_linen_module_with_its_variables():
    variables, report = initialize(Mlp(), RECIPE, seed=0, inputs=(X,))
    table = summary(Mlp(), inputs=(X,), variables=variables)
    for row in table.rows:
        (drawn,) = [other for other in report.rows if other.path == row.path]
        assert (row.shape, row.scheme, row.fan_in, row.expected) == (
            drawn.shape,
            drawn.scheme,
            drawn.fan_in,
            drawn.expected,
        )
    assert [row.path for row in table.rows] == [
        *("up/kernel", "up/bias", "norm/scale", "norm/offset", "head/kernel", "head/bias")
    ]
    assert table.parameters == report.parameters


def test_packed_weights_are_rows_of_their_own():
    cell = nnx.OptimizedLSTMCell(6, 4, rngs=nnx.Rngs(0))
    set_initializer(cell, "orthogonal", seed=0)
    rows = {row.path: row for row in summary(cell).rows}
    assert rows["kernel"].scheme == "orthogonal"
    assert rows["forget_bias"].shape == (4,)
    assert rows["forget_bias"].scheme == "zeros"


def test_an_untouched_model_has_no_schemes():
    rows = summary(Pair(nnx.Rngs(0))).rows
    assert {row.scheme for row in rows} == {None}
    assert {row.expected for row in rows} == {None}
    (kernel,) = [row for row in rows if row.path == "head/kernel"]
    assert (kernel.fan_in, kernel.fan_out) == (4, 3)


def test_shapes_alone_have_no_spread():
    (row,) = summary({"w": jax.ShapeDtypeStruct((3, 4), jnp.float32)}).rows
    assert row.observed != row.observed


BAD = {
    "no variables": (linen.Dense(3), {"inputs": (X,)}, "summary\\(module, inputs"),
    "no inputs": (linen.Dense(3), {"variables": {}}, "what to call a linen module with"),
    "a number": (3, {}, "a model or a pytree of arrays"),
    "variables of a tree": ({"w": X}, {"variables": {}}, "no variables for this model"),
    "linen's variables": ({"params": {"kernel": X}}, {}, "the module itself"),
}


@pytest.mark.parametrize(("model", "options", "words"), BAD.values(), ids=BAD.keys())
def test_what_has_no_summary(model, options, words):
    with pytest.raises(fanwise.FanwiseError, match=words):
        summary(model, **options)
