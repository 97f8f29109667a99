"""Initializers whose scale is an expression of the fans, as a recipe and a layer see them."""

import keras
import pytest
from common.bits import same_bits

import fanwise
import fanwise.keras as fk
from fanwise.adapters.keras.drawing.transfer import host_array


def recipe_of_own():
    kernels = {"role": "kernel", "init": "own"}
    others = {"match": "**", "init": "zeros"}
    return fanwise.recipe({"fanwise": 1, "rule": [kernels, others]})


@pytest.mark.parametrize("groups", [1, 2])
def test_what_a_layer_declares_has_the_fans_that_the_layer_counts(groups):
    """Keras does not divide the outputs by the groups, and Fanwise's classes draw as in Keras."""
    start = fk.Deepnorm(layers=12, seed=5, path="conv/kernel")
    layer = keras.layers.Conv2D(8, 3, groups=groups, kernel_initializer=start, name="conv")
    layer.build((None, 9, 9, 4))
    drawn = host_array(layer.kernel).copy()
    fk.initialize(layer, recipe_of_own(), seed=5)
    wanted = fanwise.scheme("deepnorm", layers=12).std(drawn.shape)
    assert abs(host_array(layer.kernel).std() / wanted - 1) < 0.2
    assert abs(drawn.std() / wanted - 1) < 0.2


def test_one_without_a_parameter_for_its_fans_is_kept_where_they_are_the_same():
    layer = keras.layers.Dense(8, kernel_initializer=fk.MambaDtProj(seed=5), name="dense")
    layer.build((None, 6))
    fk.initialize(layer, recipe_of_own(), seed=5)
    assert abs(host_array(layer.kernel)).max() <= 6**-0.5


@pytest.mark.parametrize("scheme", ["deepnorm", "t5_up", "mamba_dt_proj"])
def test_a_layer_takes_such_a_scheme(scheme):
    given = {"layers": 12} if scheme == "deepnorm" else {}
    chosen = fanwise.scheme(scheme, **given)
    layer = keras.layers.Dense(8, name="dense")
    layer.build((None, 6))
    fk.set_initializer(layer, chosen, seed=5, path="dense")
    wanted = fanwise.sample(chosen, (6, 8), seed=5, path="dense/kernel")
    assert same_bits(host_array(layer.kernel), wanted)
