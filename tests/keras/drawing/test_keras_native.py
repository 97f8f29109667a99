"""The native engine is Keras's own sampler: the same numbers for the same seed."""

import keras
import numpy as np
import pytest
from common.keras_names import RANDOM

import fanwise.keras as fk
from fanwise import FanwiseError, scheme
from fanwise.adapters.keras.drawing.transfer import host_array as array

SHAPES = [(64, 32), (3, 3, 8, 16)]


def close(found, wanted):
    np.testing.assert_allclose(array(found), array(wanted), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", RANDOM)
def test_the_numbers_are_keras_own(name, shape):
    ours = getattr(fk, name)(seed=5, engine="native")
    theirs = getattr(keras.initializers, name)(seed=5)
    close(ours(shape), theirs(shape))
    assert np.ptp(array(ours(shape))) > 0


@pytest.mark.parametrize("seed", [2**31 - 1, 2**31, 2**31 + 5, 2**32 - 1])
@pytest.mark.parametrize("name", ["HeNormal", "GlorotUniform", "Orthogonal"])
def test_seeds_of_all_32_bits_are_keras_own(name, seed):
    ours = getattr(fk, name)(seed=seed, engine="native")
    close(ours((6, 4)), getattr(keras.initializers, name)(seed=seed)((6, 4)))


@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg"])
@pytest.mark.parametrize("distribution", ["uniform", "truncated_normal", "untruncated_normal"])
def test_variance_scaling_is_keras_own(mode, distribution):
    arguments = {"scale": 3.0, "mode": mode, "distribution": distribution, "seed": 5}
    ours = fk.VarianceScaling(**arguments, engine="native")
    close(ours((5, 4, 6)), keras.initializers.VarianceScaling(**arguments)((5, 4, 6)))


def test_input_and_output_axes_are_keras_own():
    arguments = {"seed": 5, "input_axes": [0, 1], "output_axes": [2]}
    ours = fk.HeNormal(**arguments, engine="native")
    close(ours((4, 8, 6)), keras.initializers.HeNormal(**arguments)((4, 8, 6)))


def test_seeds_are_those_of_keras():
    ours = fk.HeNormal(keras.random.SeedGenerator(3), engine="native")
    theirs = keras.initializers.HeNormal(keras.random.SeedGenerator(3))
    for _ in range(2):
        close(ours((8, 8)), theirs((8, 8)))
    keras.utils.set_random_seed(4)
    ours = fk.HeNormal(engine="native")
    keras.utils.set_random_seed(4)
    close(ours((8, 8)), keras.initializers.HeNormal()((8, 8)))


def test_a_path_makes_a_seed_of_its_own():
    drawn = {
        array(fk.HeNormal(5, path=path, engine="native")((8, 8))).tobytes()
        for path in (None, "a/kernel", "b/kernel", "a/kernel")
    }
    assert len(drawn) == 3
    far = fk.HeNormal(2**63, path="a", engine="native")
    assert tuple(far((8, 8)).shape) == (8, 8)


def test_the_scale_follows_the_axes():
    shape = (3, 3, 64, 4)
    plain = array(fk.HeNormal(5, engine="native")(shape))
    turned = array(fk.HeNormal(5, axes="keras_transposed", engine="native")(shape))
    np.testing.assert_allclose(turned, plain * 4, rtol=1e-6)


def test_structured_schemes_follow_the_axes():
    turned = array(fk.Orthogonal(2.0, 5, axes="keras_transposed", engine="native")((3, 6, 4)))
    matrix = turned.transpose(0, 2, 1).reshape(12, 6)
    np.testing.assert_allclose(matrix.T @ matrix, 4 * np.eye(6), atol=1e-5)
    eye = array(fk.Identity(2.0, axes="out in", engine="native")((3, 5)))
    assert (eye == 2 * np.eye(3, 5)).all()
    several = array(fk.Orthogonal(1.0, 5, axes="in out out", engine="native")((12, 2, 3)))
    matrix = several.reshape(12, 6)
    np.testing.assert_allclose(matrix.T @ matrix, np.eye(6), atol=1e-5)


@pytest.mark.parametrize(
    ("given", "shape", "axes"),
    [
        (scheme("sparse"), (4, 4), "kernel"),
        (scheme("dirac"), (3, 4, 4), "kernel"),
        (scheme("delta_orthogonal"), (3, 4, 4), "kernel"),
        (scheme("orthogonal"), (2, 4, 4), "batch in out"),
        (scheme("truncated_normal", low=-1.0, high=3.0), (4, 4), "kernel"),
    ],
)
def test_what_keras_has_not_is_an_error(given, shape, axes):
    with pytest.raises(FanwiseError, match="Use engine='portable'"):
        fk.SchemeInitializer(given, 1, axes=axes, engine="native")(shape)


def test_constants_are_constants():
    assert (array(fk.SchemeInitializer("ones", 1, engine="native")((2, 3))) == 1).all()
    assert (array(fk.RandomNormal(0.5, 0.0, 1, engine="native")((2, 3))) == 0.5).all()
