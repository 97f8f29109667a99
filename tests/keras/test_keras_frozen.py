"""What does not train is drawn only where a rule says so, and told of otherwise."""

import keras
import numpy as np
from common.keras_recipes import NORMAL, L, refused

import fanwise.keras as fk
from fanwise.adapters.keras.drawing.transfer import host_array as array

TRAINED = {"match": "**", "init": NORMAL}
FROZEN = {"match": "**", "frozen": True, "init": "zeros"}


def recipe_of(*rules, **more):
    return {"fanwise": 1, "rule": list(rules), **more}


def model_of(*layers):
    return keras.Sequential([keras.Input((4,)), *layers])


def test_a_frozen_layer_is_refused_with_what_mends_it():
    model = model_of(L.Dense(3, name="base"), L.Dense(2, name="head"))
    model.layers[0].trainable = False
    refused(model, recipe_of(TRAINED), "base/kernel, base/bias.*frozen = true")


def test_a_frozen_layer_is_left_alone_or_drawn_by_a_rule_of_its_own():
    model = model_of(L.Dense(3, name="base"), L.Dense(2, name="head"))
    base = model.layers[0]
    base.trainable = False
    before = array(base.kernel).copy()
    rows = fk.initialize(model, recipe_of(TRAINED), seed=7, exclude="base/**").rows
    assert [row.path for row in rows] == ["head/kernel", "head/bias"]
    np.testing.assert_array_equal(array(base.kernel), before)
    fk.initialize(model, recipe_of(TRAINED, FROZEN), seed=7)
    assert not array(base.kernel).any()
    assert array(model.layers[1].kernel).any()


def test_the_statistics_of_a_frozen_normalization_stay():
    model = model_of(L.BatchNormalization(name="norm"), L.Dense(2, name="head"))
    norm = model.layers[0]
    norm.moving_mean.assign(np.full(4, 5.0))
    norm.trainable = False
    rows = fk.initialize(model, recipe_of(TRAINED), seed=7, only="head/**").rows
    assert [row.path for row in rows] == ["head/kernel", "head/bias"]
    refused(model, recipe_of(TRAINED), "norm/mean")
    assert (array(norm.moving_mean) == 5).all()
    norm.trainable = True
    fk.initialize(model, recipe_of({"role": "kernel", "init": NORMAL}, TRAINED), seed=7)
    assert (array(norm.moving_mean) != 5).all()


def test_low_rank_updates_need_rules_that_name_them():
    model = model_of(L.Dense(3, name="dense"))
    model.layers[0].enable_lora(2)
    refused(model, recipe_of(TRAINED), "dense/kernel.*frozen = true")
    refused(model, recipe_of(TRAINED, FROZEN), "rules that name both halves of a LoRA")
    named = [
        {"match": "**/lora_kernel_a", "init": NORMAL},
        {"match": "**/lora_kernel_b", "init": "zeros"},
    ]
    rows = fk.initialize(model, recipe_of(*named, TRAINED, FROZEN), seed=7).rows
    assert len(rows) == 4


def test_a_frozen_layer_that_is_set_by_itself_is_set():
    layer = L.Dense(3)
    layer.build((None, 4))
    layer.trainable = False
    fk.set_initializer(layer, "ones", seed=7)
    assert (array(layer.kernel) == 1).all()


class Counting(L.Layer):
    def build(self, shape):
        self.scale = self.add_weight(name="scale", shape=shape[-1:], initializer="ones")
        self.count = self.add_weight(name="count", shape=(), trainable=False)

    def call(self, x):
        return x * self.scale


def test_what_else_a_layer_keeps_is_named_as_left_alone():
    model = model_of(Counting(name="counting"), L.Normalization(name="data"), L.Dropout(0.5))
    model.layers[0].count.assign(3.0)
    found = fk.initialize(model, recipe_of(TRAINED), seed=7)
    assert [row.path for row in found.rows] == ["counting/scale"]
    counts = ("counting/count", "data/mean", "data/variance", "data/count")
    assert found.left_alone == (*counts, "dropout/seed_generator_state")
    assert array(model.layers[0].count) == 3
