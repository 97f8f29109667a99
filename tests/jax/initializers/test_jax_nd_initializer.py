"""Initializers that are told the axes at each call."""

import flax.nnx as nnx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import fanwise
import fanwise.jax as init


@pytest.mark.parametrize(
    ("shape", "in_axis", "out_axis", "batch_axis", "axes"),
    [
        ((6, 4), 0, 1, (), "in out"),
        ((6, 4), -1, 0, (), "out in"),
        ((6, 2, 5), 0, (1, 2), (), "in out out"),
        ((2, 5, 6), (0, 1), -1, (), "in in out"),
        ((3, 6, 4), 1, 2, 0, "batch in out"),
        ((3, 6, 4), 1, 2, (), "* in out"),
    ],
)
def test_the_axes_of_a_call_are_counted(shape, in_axis, out_axis, batch_axis, axes):
    draw = init.nd_initializer("he_normal", seed=4, path="a/kernel")
    weight = draw(None, shape, jnp.float32, in_axis, out_axis, batch_axis)
    alone = fanwise.sample("he_normal", shape, seed=4, path="a/kernel", axes=axes)
    np.testing.assert_array_equal(weight, alone)


def test_a_key_counts_without_a_seed_and_code_may_be_compiled():
    draw = init.nd_initializer("lecun_normal", path="a/kernel")
    key = jax.random.key(9)
    weight = jax.jit(lambda key: draw(key, (6, 4), jnp.bfloat16, -2, -1))(key)
    whole = init.lecun_normal(path="a/kernel")(key, (6, 4), jnp.bfloat16)
    np.testing.assert_array_equal(weight, whole)
    assert hash(draw) == hash(init.nd_initializer("lecun_normal", path="a/kernel"))


def test_no_key_is_needed_beside_a_seed_in_nnx():
    draw = init.initializer("lecun_normal", seed=4, path="a/kernel")
    layer = nnx.Linear(6, 4, kernel_init=draw, rngs=nnx.Rngs(1))
    alone = fanwise.sample("lecun_normal", (6, 4), seed=4, path="a/kernel")
    np.testing.assert_array_equal(layer.kernel[...], alone)
    del layer
    np.testing.assert_array_equal(draw(None, (6, 4)), alone)


def test_what_is_no_axis_is_told():
    draw = init.nd_initializer("he_normal", seed=4, path="a/kernel")
    with pytest.raises(fanwise.FanwiseError, match="axis 2"):
        draw(None, (6, 4), None, 2, 1)
    with pytest.raises(fanwise.FanwiseError, match="a scheme"):
        init.nd_initializer("he_norm")
