"""The portable engine: the bits of fanwise.sample, eager, compiled, and while Keras builds."""

import keras
import numpy as np
import pytest
from common.bits import same_bits
from common.keras_draws import DTYPES, draws, expected
from hypothesis import HealthCheck, example, given, settings

import fanwise.keras as fk
from fanwise import sample, scheme
from fanwise.adapters.keras.conformance.adapter import adapter
from fanwise.adapters.keras.drawing.transfer import host_array as array
from fanwise.adapters.protocol import Draw

SCHEMES = (
    scheme("he_normal"),
    scheme("glorot_uniform"),
    scheme("kaiming_normal", mode="fan_out"),
    scheme("normal", mean=0.5, std=2.0),
    scheme("uniform", low=-1.0, high=3.0),
    scheme("truncated_normal", std=0.02),
    scheme("constant", value=0.1),
)


# A busy machine must not fail it.
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(draws(SCHEMES))
@example(Draw(SCHEMES[0], (3, 3, 4, 8), 2**64 - 1, "é", "keras_transposed", "bfloat16"))
def test_any_draw_is_the_reference(draw):
    found = adapter().portable(draw, "eager")
    wanted = expected(draw)
    assert (found.dtype, found.shape) == (wanted.dtype, wanted.shape)
    assert same_bits(found, wanted)


@pytest.mark.parametrize("mode", adapter().modes)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("given_scheme", [*SCHEMES, scheme("orthogonal"), scheme("sparse")])
def test_every_mode_gives_the_same_bits(mode, dtype, given_scheme):
    draw = Draw(given_scheme, (12, 20), 2**40 + 7, "a/kernel", "torch", dtype)
    assert same_bits(adapter().portable(draw, mode), expected(draw))


def compiled(function):
    """A function compiled by the backend; as it is where the backend has no compiler."""
    backend = keras.config.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        return tf.function(function)
    if backend == "jax":
        import jax

        return jax.jit(function)
    if backend == "torch":
        import torch

        return torch.compile(function, backend="eager")
    return function


@pytest.mark.parametrize("cls", [fk.HeNormal, fk.Orthogonal, fk.GlorotUniform])
def test_a_compiled_function_may_draw(cls):
    x = keras.ops.ones((6, 4))
    draw = cls(seed=3, path="p")
    found = compiled(lambda x: x + draw(x.shape))(x)
    wanted = sample(cls().scheme, (6, 4), seed=3, path="p") + np.float32(1)
    assert same_bits(array(found), wanted)


def bits(shape, seed, path=None):
    return sample("he_normal", shape, seed=seed, path=path).tobytes()


class Lazy(keras.Model):
    """A model whose layers are built inside of Keras's own shape inference."""

    def __init__(self, seed):
        super().__init__()
        self.one = keras.layers.Dense(4, kernel_initializer=fk.HeNormal(seed))
        self.two = keras.layers.Dense(2, kernel_initializer=fk.HeNormal(seed, path="two"))

    def call(self, x):
        return self.two(self.one(x))


# On NumPy, Keras infers shapes by running the layers on uninitialized memory.
@pytest.mark.filterwarnings("ignore:.*(invalid value|overflow) encountered")
@pytest.mark.filterwarnings("ignore:Layer 'lazy:UserWarning")
@pytest.mark.parametrize("how", ["call", "functional"])
@pytest.mark.parametrize("seed", [5, "generator"])
def test_models_that_build_while_they_run(how, seed):
    model = Lazy(keras.random.SeedGenerator(5) if seed == "generator" else 5)
    if how == "call":
        model(np.ones((8, 3), "float32"))
    else:
        model(keras.Input((3,)))
    second = 5 + 2**32 if seed == "generator" else 5
    assert array(model.one.kernel).tobytes() == bits((3, 4), 5)
    assert array(model.two.kernel).tobytes() == bits((4, 2), second, "two")


def test_variables_draw_when_a_stateless_scope_ends():
    with keras.StatelessScope():
        variable = keras.Variable(fk.HeNormal(5), shape=(3, 4))
    assert array(variable.value).tobytes() == bits((3, 4), 5)


def test_shapes_of_any_sequence():
    for shape in ([3, 4], (np.int64(3), 4), keras.ops.zeros((3, 4)).shape):
        assert array(fk.HeNormal(5)(shape)).tobytes() == bits((3, 4), 5)
