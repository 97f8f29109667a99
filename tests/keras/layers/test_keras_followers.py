"""Rows that stay zero, and followers, of layers that somebody else describes."""

import keras
import numpy as np
import pytest

import fanwise.keras as fk
from fanwise import FanwiseError
from fanwise.adapters.keras.drawing.transfer import host_array
from fanwise.keras import LayerWeight, register_layer

RECIPE = {"fanwise": 1, "rule": [{"role": "embedding", "init": "normal"}]}


class Table(keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(4, 3), name="w", initializer="ones")
        self.twice = self.add_weight(shape=(4, 3), name="twice", trainable=False)


def built(function):
    def describe(layer):
        followers = (("twice", function),)
        yield LayerWeight("w", "embedding", "in out", "embedding", zero_row=2, followers=followers)

    register_layer(Table, describe)
    layer = Table()
    layer.build((1,))
    return layer


def test_a_row_stays_zero_and_what_follows_follows():
    layer = built(lambda w: 2 * w)
    fk.initialize(layer, RECIPE, seed=0)
    w = host_array(layer.w)
    assert (w[2] == 0).all()
    assert (w[[0, 1, 3]] != 0).all()
    assert (host_array(layer.twice) == 2 * w).all()


@pytest.mark.parametrize("function", [lambda w: w[0], lambda w: 1 / 0, lambda w: "a"])
def test_a_wrong_follower_leaves_the_layer_as_it_was(function):
    layer = built(function)
    with pytest.raises(FanwiseError, match="twice"):
        fk.initialize(layer, RECIPE, seed=0)
    assert (host_array(layer.w) == 1).all()


def test_the_native_engine_has_no_orthogonal_in_half_precision_and_says_so_first():
    dense = [keras.layers.Dense(4), keras.layers.Dense(4, dtype="bfloat16")]
    model = keras.Sequential([keras.Input((4,)), *dense])
    before = [np.array(host_array(weight)) for weight in dense[0].weights]
    rules = [{"role": "kernel", "init": "orthogonal"}, {"role": "bias", "init": "zeros"}]
    with pytest.raises(FanwiseError, match="half precision"):
        fk.initialize(model, {"fanwise": 1, "rule": rules}, seed=0, engine="native")
    after = [host_array(weight) for weight in dense[0].weights]
    assert all((a == b).all() for a, b in zip(before, after, strict=True))


def test_a_layer_with_low_rank_updates_is_refused_built_or_not():
    layer = keras.layers.Dense(4, lora_rank=2)
    with pytest.raises(FanwiseError, match="known axes"):
        fk.set_initializer(layer, seed=0)
    layer.build((None, 4))
    with pytest.raises(FanwiseError, match="known axes"):
        fk.set_initializer(layer, seed=0)


class Joint(keras.layers.Layer):
    """A kernel and a bias in one variable."""

    def build(self, shape):
        self.w = self.add_weight(shape=(5, 4), name="w", initializer="ones")


def joint(layer):
    yield LayerWeight("w", "kernel", "in out", spans=((0, 4),))
    yield LayerWeight("w", "bias", "in out", spans=((4, 5),), beside="kernel")


def test_none_leaves_a_part_of_a_variable_as_it_is():
    register_layer(Joint, joint)
    layer = Joint()
    layer.build((1, 4))
    fk.set_initializer(layer, None, "zeros", seed=0)
    w = host_array(layer.w)
    assert (w[:4] == 1).all()
    assert (w[4] == 0).all()
