"""Initializers whose scale is an expression of the fans, as a recipe and a layer see them."""

import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen, nnx

import fanwise
import fanwise.jax as fj


@pytest.mark.parametrize(("name", "given"), [("deepnorm", {"layers": 12}), ("t5_up", {})])
def test_what_a_layer_declares_is_drawn_again_by_the_fans_that_it_counts(name, given):
    start = getattr(fj, name)(**given)
    layer = linen.Dense(256, kernel_init=start)
    rules = [{"role": "kernel", "init": "own"}, {"match": "**", "init": "zeros"}]
    recipe = fanwise.recipe({"fanwise": 1, "rule": rules})
    variables, _ = fj.initialize(layer, recipe, inputs=(jnp.ones((1, 64)),), seed=5)
    wanted = fanwise.scheme(name, **given).std((64, 256))
    assert abs(np.asarray(variables["params"]["kernel"]).std() / wanted - 1) < 0.05


def test_a_layer_takes_such_a_scheme():
    chosen = fanwise.scheme("deepnorm", layers=12)
    layer = nnx.Linear(6, 8, rngs=nnx.Rngs(0))
    fj.set_initializer(layer, chosen, seed=5, path="dense")
    wanted = fanwise.sample(chosen, (6, 8), seed=5, path="dense/kernel")
    assert jnp.array_equal(layer.kernel[...], wanted)
