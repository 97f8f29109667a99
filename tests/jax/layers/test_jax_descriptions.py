"""What JAX's layers do not have is refused rather than ignored, and None leaves weights alone."""

import jax.numpy as jnp
import pytest
from flax import nnx

import fanwise.jax as init
from fanwise import FanwiseError
from fanwise.jax import LayerWeight, register_layer


class Table(nnx.Module):
    def __init__(self):
        self.w = nnx.Param(jnp.ones((4, 3)))


@pytest.mark.parametrize("more", [{"zero_row": 2}, {"followers": (("w", abs),)}])
def test_a_row_that_stays_zero_and_followers_are_refused(more):
    register_layer(
        Table, lambda layer, shapes: [LayerWeight("w", "embedding", "in out", "embedding", **more)]
    )
    layer = Table()
    with pytest.raises(FanwiseError, match="no zero_row and no followers"):
        init.set_initializer(layer, seed=0)
    assert (layer.w[...] == 1).all()


def test_a_scheme_that_is_none_leaves_its_weights_as_they_are():
    layer = nnx.Linear(4, 3, rngs=nnx.Rngs(0))
    before = layer.kernel[...]
    init.set_initializer(layer, None, "ones", seed=0)
    assert (layer.kernel[...] == before).all()
    assert (layer.bias[...] == 1).all()


class Joint(nnx.Module):
    """A kernel and a bias in one variable."""

    def __init__(self):
        self.w = nnx.Param(jnp.ones((5, 4)))


def joint(layer, shapes):
    yield LayerWeight("w", "kernel", "in out", spans=((0, 4),))
    yield LayerWeight("w", "bias", "in out", spans=((4, 5),), beside="kernel")


def test_none_leaves_a_part_of_a_variable_as_it_is():
    register_layer(Joint, joint)
    layer = Joint()
    init.set_initializer(layer, None, "zeros", seed=0)
    assert (layer.w[...][:4] == 1).all()
    assert (layer.w[...][4] == 0).all()
