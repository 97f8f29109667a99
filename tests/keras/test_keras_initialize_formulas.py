"""A model of which some weights are formulas: set up, told of, audited."""

import keras
import numpy as np
from common.state_spaces import RECIPE, STATE, WIDTH, check_audit, expected, known_a_log

import fanwise
import fanwise.keras as fk
from fanwise.adapters.keras.drawing.transfer import host_array


class Mixer(keras.layers.Layer):
    def __init__(self, **options):
        super().__init__(**options)
        self.dt = keras.layers.Dense(WIDTH, name="dt")
        self.down = keras.layers.Dense(12, use_bias=False, name="down")

    def build(self, shape):
        self.A_log = self.add_weight(shape=(WIDTH, STATE), name="A_log")
        self.D = self.add_weight(shape=(WIDTH,), name="D")
        self.dt.build((None, 8))
        self.down.build((None, WIDTH))

    def call(self, x):
        return self.down(self.dt(x) * self.D + keras.ops.sum(self.A_log, axis=1))


def model():
    built = keras.Sequential([keras.Input((8,)), Mixer(name="mixer")])
    return built, built.layers[0]


def test_formulas_are_set_by_a_recipe_as_the_reference_draws_them():
    built, mixer = model()
    summary = fk.initialize(built, RECIPE, seed=3)
    for name, variable in {
        "A_log": mixer.A_log, "D": mixer.D, "dt/bias": mixer.dt.bias,
        "dt/kernel": mixer.dt.kernel, "down/kernel": mixer.down.kernel,
    }.items():  # fmt: skip
        held = host_array(variable.value)
        np.testing.assert_array_equal(held, expected(name, "mixer", 3))
    held = host_array(mixer.A_log.value)
    np.testing.assert_allclose(held, known_a_log(), rtol=1e-6)
    assert "mamba_a_log" in str(summary)
    assert "mamba_dt_bias" in str(fk.summary(built))


def test_it_is_audited_with_a_seed():
    built, mixer = model()
    fk.initialize(built, RECIPE, seed=3)

    def changed():
        values = host_array(mixer.A_log.value).copy()
        values[2, 3] += 0.1
        mixer.A_log.assign(values)

    check_audit(lambda: fanwise.audit(built, RECIPE, seed=3), changed)
