"""A second layer is made to read a declaration: nothing else changes."""

import random

import keras
import numpy as np
import pytest
from common.keras_recipes import L
from keras.src.backend.common import global_state

import fanwise.keras as fk


class Ledger:
    """Something of somebody's own that a layer changes when it is built."""

    def __init__(self):
        self.entries, self.number = [], 0

    def add(self, entry):
        self.entries.append(entry)
        self.number += 1


class Mutating(L.Layer):
    """Changes what it holds when it is built, and has a config only if it is told to."""

    def __init__(self, inner, table, ledger, function=None, **more):
        super().__init__(**more)
        self.inner, self.table, self.ledger, self.function = inner, table, ledger, function

    def build(self, shape):
        self.inner.build(shape)
        self.table += 1
        self.ledger.add(shape)
        self.gain = self.add_weight(shape=(3,), initializer="ones", name="gain")


class Live(Mutating):
    """Puts the objects themselves into its config."""

    def get_config(self):
        held = {"inner": self.inner, "table": self.table, "ledger": self.ledger}
        return {**super(Mutating, self).get_config(), **held}


class Closed(Mutating):
    """Has no config, and cannot be called with what it was made of."""

    def __init__(self, *arguments, **options):
        if arguments[1].any():
            raise ValueError
        super().__init__(*arguments, **options)

    def get_config(self):
        raise RuntimeError


@pytest.mark.parametrize("kind", [Mutating, Live, Closed])
def test_what_a_layer_holds_is_as_it_was(kind):
    inner, table, ledger = L.Dense(2, name="inner"), np.zeros(3), Ledger()
    layer = kind(inner, table, ledger, lambda: None, name="outer")
    layer.build((None, 4))
    kernel, attributes = inner.kernel, dict(vars(inner))
    rows = {row.path: row.own for row in fk.paths(layer).rows}
    assert rows["gain"] == "scheme('ones')"
    assert (table == 1).all()
    assert ledger.entries == [(None, 4)]
    assert ledger.number == 1
    assert inner.kernel is kernel
    assert vars(inner) == attributes


class Drawing(L.Layer):
    """Draws random numbers of all kinds when it is built, and changes a setting of Keras."""

    def build(self, shape):
        random.random()
        np.random.rand(3)  # noqa: NPY002
        keras.random.uniform((2,))
        if keras.config.backend() == "torch":
            import torch

            torch.rand(3)
        if keras.config.backend() == "tensorflow":
            import tensorflow as tf

            tf.random.normal((3,))
        keras.config.set_dtype_policy("mixed_bfloat16")
        self.gain = self.add_weight(shape=(3,), initializer="ones", name="gain")


def drawn():
    """Draw from every random state that Keras seeds."""
    numbers = [random.random(), np.random.rand()]  # noqa: NPY002
    numbers.append(float(keras.random.uniform(())))
    if keras.config.backend() == "torch":
        import torch

        numbers.append(float(torch.rand(())))
    if keras.config.backend() == "tensorflow":
        import tensorflow as tf

        numbers.append(float(tf.random.normal(())))
    return numbers


@pytest.fixture
def layer():
    policy = keras.config.dtype_policy()
    layer = Drawing(name="drawing")
    layer.build((None, 4))
    keras.config.set_dtype_policy(policy)
    return layer


def test_random_states_and_settings_are_put_back(layer):
    keras.utils.set_random_seed(3)
    expected = drawn()
    keras.utils.set_random_seed(3)
    policy = keras.config.dtype_policy()
    (row,) = fk.paths(layer).rows
    assert row.own == "scheme('ones')"
    assert keras.config.dtype_policy() is policy
    assert drawn() == expected


def test_the_generator_of_keras_works_where_a_second_layer_was_the_first_to_need_it(layer):
    global_state.set_global_attribute("global_seed_generator", None)
    fk.paths(layer)
    assert 0 <= float(keras.random.uniform(())) < 1


class Counting:
    """An initializer with a state, and a module and a method among its attributes."""

    def __init__(self):
        self.calls = 0

    def __call__(self, shape, dtype=None):
        self.calls += 1
        return keras.ops.ones(shape, dtype)


class Held(L.Layer):
    """Reads modules and its own methods when it is built, and keeps a variable in a dict."""

    def __init__(self, function):
        super().__init__()
        self.function, self.module, self.width = function, np, self.count
        self.marks = []
        self.kept = {"number": keras.Variable(1.0, trainable=False), "size": 3}

    def count(self):
        self.marks.append(1)
        return self.module.arange(self.kept["size"]).size

    def build(self, shape):
        self.gain = self.add_weight(shape=(self.width(),), initializer=self.function, name="gain")

    def get_config(self):
        raise RuntimeError


def test_methods_of_the_layer_are_those_of_the_second_one():
    layer = Held(keras.initializers.Ones())
    layer.build((None, 4))
    (row,) = fk.paths(layer).rows
    assert row.own == "scheme('ones')"
    assert layer.marks == [1]


def test_an_initializer_with_a_state_is_not_called():
    layer, function = Held(None), Counting()
    layer.function = function
    layer.build((None, 4))
    calls = function.calls
    fk.paths(layer)
    assert function.calls == calls
