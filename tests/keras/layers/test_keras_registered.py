"""Weights of layers that Keras does not know: their own names, or what their class says."""

import math

import keras
import pytest
from common.keras_recipes import (
    EVERY,
    L,
    paths,
    refused,
    same,
    sequential,
)

import fanwise.keras as fk
from fanwise import FanwiseError
from fanwise.adapters.keras.drawing.transfer import host_array as array

pytestmark = pytest.mark.usefixtures("channels_last")


#: The same for what does not train.
FROZEN = {**EVERY, "rule": [{**rule, "frozen": True} for rule in EVERY["rule"]]}


class Own(keras.layers.Layer):
    def build(self, shape):
        self.token = self.add_weight(shape=(1, 2, 6), name="cls_token")
        self.gain = self.add_weight(shape=(6,), name="scale")
        self.mix = self.add_weight(shape=(3, 6), name="kernel")
        self.flat = self.add_weight(shape=(6,), name="embedding")
        self.count = self.add_weight(shape=(), name="count", trainable=False, initializer="zeros")

    def call(self, x):
        return x + self.token[:, :1] * self.gain


def test_a_weight_of_no_known_layer_has_its_own_name():
    own = Own(name="own")
    model = sequential((4, 6), own)
    own.trainable = False
    found = fk.initialize(model, FROZEN, seed=7)
    told = [(row.path, row.role, row.kind, row.fan_in, row.fan_out) for row in found.rows]
    assert told == [
        ("own/cls_token", "", "parameter/token", None, None),
        ("own/scale", "scale", "parameter", None, None),
        ("own/kernel", "kernel", "parameter", 3, 6),
        ("own/embedding", "", "parameter", None, None),
    ]
    same(array(own.token), "own/cls_token")
    assert float(array(own.count)) == 0


class OutIn(keras.layers.Layer):
    def __init__(self, **how):
        super().__init__(**how)
        self.inner = L.Dense(6, name="inner")

    def build(self, shape):
        self.w = self.add_weight(shape=(5, 6), name="w")
        self.inner.build(shape)

    def call(self, x):
        return keras.ops.matmul(self.inner(x), keras.ops.transpose(self.w))


class OutInAgain(OutIn):
    pass


@pytest.mark.usefixtures("registered")
def test_a_registered_layer():
    fk.register_layer(OutIn, lambda _: [fk.LayerWeight("w", "kernel", axes="out in")])
    own = OutInAgain(name="own")
    found = fk.initialize(sequential((6,), own), EVERY, seed=7)
    assert [row.path for row in found.rows] == ["own/kernel", "own/inner/kernel", "own/inner/bias"]
    same(array(own.w).T, "own/kernel")
    assert (found.rows[0].fan_in, found.rows[0].fan_out) == (6, 5)


@pytest.mark.usefixtures("registered")
def test_a_wrong_description():
    model = sequential((6,), OutIn(name="own"))
    wrong = {
        "a LayerWeight for each weight": lambda _: [1],
        "a parameter of OutIn: w": lambda _: [fk.LayerWeight("v", "kernel")],
        "the axes 'in' fit": lambda _: [fk.LayerWeight("w", "kernel", axes="in")],
        "spans that make up w": lambda _: [fk.LayerWeight("w", "kernel", spans=((0, 2),))],
        "the path of a kernel": lambda _: [fk.LayerWeight("w", "kernel", beside="other/kernel")],
    }
    for match, describe in wrong.items():
        fk.register_layer(OutIn, describe)
        refused(model, EVERY, match)
    with pytest.raises(FanwiseError, match="class of Keras layers"):
        fk.register_layer(OutIn(), lambda _: [])
    with pytest.raises(FanwiseError, match="a function"):
        fk.register_layer(OutIn, 3)


def test_low_ranks_are_weights_of_which_rules_must_speak():
    model = sequential((6,), L.Dense(5, name="one"))
    model.layers[0].enable_lora(2)
    base = array(model.layers[0]._kernel).copy()
    refused(model, EVERY, r"do not train \(one/kernel\)")
    every = [*FROZEN["rule"], *EVERY["rule"]]
    refused(model, {**EVERY, "rule": every}, r"one/lora_kernel_a, one/lora_kernel_b.*zeros")
    low_rank = [
        {"match": "**/lora_kernel_a", "init": {"scheme": "normal", "std": 0.5}},
        {"match": "**/lora_kernel_b", "init": "zeros"},
    ]
    found = paths(model, {**EVERY, "rule": [*low_rank, *every]})
    assert found == ["one/kernel", "one/bias", "one/lora_kernel_a", "one/lora_kernel_b"]
    assert not array(model.layers[0].lora_kernel_b).any()
    assert array(model.layers[0]._kernel).tobytes() != base.tobytes()
    same(array(model.layers[0]._kernel), "one/kernel")


class Counting(keras.layers.Layer):
    def build(self, shape):
        self.count = self.add_weight(
            shape=(2,), dtype="int32", name="count", trainable=False, initializer="zeros"
        )

    def call(self, x):
        return x


@pytest.mark.usefixtures("registered")
def test_a_weight_that_is_no_float():
    fk.register_layer(Counting, lambda _: [fk.LayerWeight("count", "count", kind="parameter")])
    model = sequential((6,), L.Dense(5, name="up"), Counting(name="own"))
    refused(model, EVERY, "own/count")
    assert len(paths(model, exclude="own/count")) == 2


class Empty(keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(0, 2), name="kernel", initializer="zeros")

    def call(self, x):
        return x


def test_an_empty_weight():
    found = fk.initialize(sequential((6,), Empty(name="own"), L.Dense(3)), EVERY, seed=7)
    assert found.parameters == 21
    assert (found.rows[0].path, found.rows[0].parameters) == ("own/kernel", 0)
    assert math.isnan(found.rows[0].observed)
