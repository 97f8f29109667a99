"""`unwritten` finds what a start of a Keras model leaves as it was in memory."""

import random

import keras
import numpy as np
import pytest

import fanwise.keras
from fanwise.spec import FanwiseError


def build():
    """Layers of many kinds."""
    return keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(3, name="fc"),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(2, dtype="bfloat16", name="half"),
        ]
    )


def write(model, left_out=()):
    """Write all variables but some."""
    for variable in model.weights:
        if not variable.path.endswith(left_out or "\0"):
            variable.assign(np.ones(variable.shape))


def rows_of(factory, init):
    result = fanwise.keras.unwritten(factory, init)
    assert result.passed == (not result.rows)
    return {"/".join(row.name.split("/")[-2:]): row for row in result.rows}


def test_a_start_that_writes_everything_passes():
    assert rows_of(build, write) == {}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("fc/kernel", "weight"),
        ("fc/bias", "weight"),
        ("norm/gamma", "weight"),
        ("norm/moving_variance", "not trained"),
        ("half/kernel", "weight"),
    ],
)
def test_a_variable_that_is_left_out_is_found(name, kind):
    rows = rows_of(build, lambda model: write(model, name))
    assert {n: (row.outcome, row.kind) for n, row in rows.items()} == {name: ("unwritten", kind)}


def test_elements_that_are_left_out_are_counted():
    def start(model):
        write(model, "fc/kernel")
        kernel = model.get_layer("fc").kernel
        values = np.array(keras.ops.convert_to_numpy(kernel))
        values[1:] = 0
        kernel.assign(values)

    (row,) = rows_of(build, start).values()
    assert (row.outcome, row.count, row.first) == ("partly unwritten", 3, (0, 0))


def test_what_is_computed_from_memory_is_found():
    def start(model):
        write(model, "fc/bias")
        bias = model.get_layer("fc").bias
        bias.assign(2 * bias)

    assert {n: r.outcome for n, r in rows_of(build, start).items()} == {"fc/bias": "reads memory"}


def test_what_differs_under_one_seed_is_found():
    def start(model):
        write(model)
        model.get_layer("fc").bias.assign(np.full((3,), random.SystemRandom().random()))

    assert {n: r.outcome for n, r in rows_of(build, start).items()} == {"fc/bias": "not repeatable"}


def test_what_keras_draws_is_repeatable():
    def start(model):
        write(model)
        kernel = model.get_layer("fc").kernel
        kernel.assign(keras.random.normal(kernel.shape))

    assert rows_of(build, start) == {}


def test_initialize_leaves_nothing_unwritten_that_trains():
    def start(model):
        fanwise.keras.initialize(model, "keras_default", seed=0)

    assert [row for row in rows_of(build, start).values() if row.kind == "weight"] == []


def test_no_generator_is_moved():
    before = random.getstate()
    fanwise.keras.unwritten(build, write)
    assert random.getstate() == before


@pytest.mark.parametrize(
    ("factory", "init", "words"),
    [
        (lambda: 3, write, "a factory of a Keras model"),
        (build, 3, "a function of the model"),
        (3, write, "a function that builds the model"),
        (build, lambda model: 1 / 0, "a start that runs"),
    ],
)
def test_what_cannot_be_built_or_started_is_told(factory, init, words):
    with pytest.raises(FanwiseError, match=words):
        fanwise.keras.unwritten(factory, init)


def test_a_factory_that_wants_something_is_told_to_take_nothing():
    with pytest.raises(FanwiseError, match=r"a function of nothing .* one that wants rngs"):
        fanwise.keras.unwritten(lambda rngs: None, print)
