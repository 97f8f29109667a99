"""A model of which some weights are formulas: set up, told of, audited."""

import jax.numpy as jnp
import numpy as np
from common.state_spaces import (
    RECIPE,
    STATE,
    WEIGHTS,
    WIDTH,
    check_audit,
    expected,
    known_a_log,
)
from flax import linen, nnx

import fanwise
import fanwise.jax as fj


class LinenMixer(linen.Module):
    @linen.compact
    def __call__(self, x):
        a_log = self.param("A_log", linen.initializers.zeros, (WIDTH, STATE))
        d = self.param("D", linen.initializers.zeros, (WIDTH,))
        x = linen.Dense(WIDTH, name="dt")(x) * d + a_log.sum(axis=1)
        return linen.Dense(12, use_bias=False, name="down")(x)


class LinenModel(linen.Module):
    @linen.compact
    def __call__(self, x):
        return LinenMixer(name="mixer")(x)


class NnxMixer(nnx.Module):
    def __init__(self, rngs):
        self.dt = nnx.Linear(8, WIDTH, rngs=rngs)
        self.A_log = nnx.Param(jnp.zeros((WIDTH, STATE)))
        self.D = nnx.Param(jnp.zeros(WIDTH))
        self.down = nnx.Linear(WIDTH, 12, use_bias=False, rngs=rngs)


class NnxModel(nnx.Module):
    def __init__(self, rngs):
        self.mixer = NnxMixer(rngs)


def held(mixer):
    return {
        "A_log": mixer.A_log, "D": mixer.D, "dt/bias": mixer.dt.bias,
        "dt/kernel": mixer.dt.kernel, "down/kernel": mixer.down.kernel,
    }  # fmt: skip


def test_formulas_are_set_in_nnx_as_the_reference_draws_them():
    built = NnxModel(nnx.Rngs(0))
    summary = fj.initialize(built, RECIPE, seed=3)
    for name, array in held(built.mixer).items():
        np.testing.assert_array_equal(np.asarray(array[...]), expected(name, "mixer", 3))
    np.testing.assert_allclose(np.asarray(built.mixer.A_log[...]), known_a_log(), rtol=1e-6)
    assert "mamba_a_log" in str(summary)
    assert "mamba_dt_bias" in str(fj.summary(built))


def test_a_model_of_nnx_is_audited_with_a_seed():
    built = NnxModel(nnx.Rngs(0))
    fj.initialize(built, RECIPE, seed=3)

    def changed():
        built.mixer.A_log[...] = built.mixer.A_log[...].at[2, 3].add(0.1)

    check_audit(lambda: fanwise.audit(built, RECIPE, seed=3), changed)


def test_formulas_are_set_in_linen_as_the_reference_draws_them():
    variables, summary = fj.initialize(LinenModel(), RECIPE, seed=3, inputs=(jnp.zeros((1, 8)),))
    mixer = variables["params"]["mixer"]
    for name in WEIGHTS:
        array = mixer
        for part in name.split("/"):
            array = array[part]
        np.testing.assert_array_equal(np.asarray(array), expected(name, "mixer", 3))
    assert "mamba_a_log" in str(summary)
