"""set_initializer of a layer is initialize of a model that has it."""

import jax
import jax.numpy as jnp
import pytest
from common.jax_layers import flat, of_nnx
from flax import linen, nnx

from fanwise.adapters.jax.conformance.starts import LINEN_LAYERS, NNX_LAYERS, STARTS, linen_layer
from fanwise.adapters.recipes import layer_recipe
from fanwise.jax import initialize, set_initializer

SEED = 2**40 + 7
KERNEL, BIAS = "glorot_uniform", "lecun_normal"
ENGINES = ("portable", "native")


class LinenHolder(linen.Module):
    """A model with a layer at ``inner``."""

    inner: linen.Module

    def __call__(self, *inputs):
        return self.inner(*inputs)


class NnxHolder(nnx.Module):
    """A model with a layer at ``inner``."""

    def __init__(self, layer):
        self.inner = layer


def without(prefix, values):
    return {name.removeprefix(prefix): value for name, value in values.items()}


def same(values, others):
    assert values.keys() == others.keys()
    assert values
    for name, value in values.items():
        assert value.tobytes() == others[name].tobytes(), name
    return True


def test_every_kind_of_layer_of_the_suite_is_tried():
    assert len(LINEN_LAYERS) == 27
    assert len(NNX_LAYERS) == 23
    assert len(STARTS) == 50


@pytest.mark.parametrize("kind", LINEN_LAYERS)
def test_a_linen_layer_gets_what_a_model_with_it_gives_it(kind):
    layer, inputs = linen_layer(kind)
    alone = set_initializer(layer, KERNEL, BIAS, seed=SEED, path="inner", inputs=inputs)
    model, _ = initialize(LinenHolder(layer), layer_recipe(KERNEL, BIAS), seed=SEED, inputs=inputs)
    assert same(flat(alone), without("inner/", flat(model)))


@pytest.mark.parametrize("kind", NNX_LAYERS)
def test_an_nnx_layer_gets_what_a_model_with_it_gives_it(kind):
    layer, held = NNX_LAYERS[kind](nnx.Rngs(1)), NNX_LAYERS[kind](nnx.Rngs(2))
    assert set_initializer(layer, KERNEL, BIAS, seed=SEED, path="inner") is layer
    initialize(NnxHolder(held), layer_recipe(KERNEL, BIAS), seed=SEED)
    assert same(of_nnx(layer), of_nnx(held))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_pytree_gets_what_a_tree_with_it_gives_it(engine):
    layer = {"kernel": jnp.zeros((3, 3, 4, 8)), "bias": jnp.zeros(8)}
    alone = set_initializer(layer, KERNEL, BIAS, seed=SEED, path="a/b", engine=engine)
    recipe = layer_recipe(KERNEL, BIAS)
    model, _ = initialize({"a": {"b": layer}}, recipe, seed=SEED, engine=engine)
    assert not layer["kernel"].any()
    leaves = zip(jax.tree.leaves(alone), jax.tree.leaves(model), strict=True)
    assert all((leaf == held).all() and leaf.any() for leaf, held in leaves)
