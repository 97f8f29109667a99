"""The adapter as the conformance suite sees it."""

import tomllib

import keras
import numpy as np
import pytest

from fanwise import FanwiseError, sample, scheme
from fanwise.adapters import discovery
from fanwise.adapters.keras.judged import adapter
from fanwise.adapters.protocol import LAYERS, Draw, LayerDraw
from fanwise.conformance import deviations
from fanwise.core import to_canonical


def test_it_is_discovered_by_its_entry_point():
    found = discovery.load("keras")
    assert found.name == f"keras-{keras.config.backend()}"
    assert found.versions()["keras"] == keras.__version__
    assert len(found.versions()) == 2
    assert found.modes[0] == "eager"
    assert set(found.devices()) <= {"cpu", "gpu"}
    assert found.layers == LAYERS


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("name", ["normal", "he_normal", "glorot_uniform", "orthogonal"])
def test_layers(kind, name):
    stored, axes = adapter().layer(LayerDraw(kind, scheme(name), 3, 4, 2, 5, "a/kernel"))
    spatial = 0 if kind == "dense" else int(kind[4])
    expected = sample(name, (2,) * spatial + (3, 4), seed=5, path="a/kernel")
    assert np.ascontiguousarray(to_canonical(stored, axes)).tobytes() == expected.tobytes()


def test_native_draws_by_keras():
    draw = Draw(scheme("he_normal"), (64, 32), 2**32 + 5)
    wanted = keras.initializers.HeNormal(5)((64, 32))
    np.testing.assert_allclose(adapter().native(draw), np.asarray(wanted), rtol=1e-6)
    with pytest.raises(FanwiseError):
        adapter().native(Draw(scheme("dirac"), (3, 4, 4), 5))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_dtypes_of_the_arrays(dtype):
    draw = Draw(scheme("normal"), (4, 4), 5, dtype=dtype)
    wanted = "uint16" if dtype == "bfloat16" else dtype
    assert adapter().native(draw).dtype == wanted
    assert adapter().portable(draw, "eager").dtype == wanted


def test_an_unknown_mode_is_an_error():
    with pytest.raises(FanwiseError, match="a mode of keras"):
        adapter().portable(Draw(scheme("normal"), (4, 4), 5), "fast")


def test_the_deviations_follow_their_form():
    text = adapter().deviations
    assert tomllib.loads(text)["deviation"]
    listed = deviations.read(text, adapter().name, adapter().versions())
    assert bool(listed) == (adapter().name == "keras-torch")


def test_keras_leaves_the_bounds_exactly_where_it_is_listed():
    listed = deviations.read(adapter().deviations, adapter().name, adapter().versions())
    shape = (64, 2**16)
    drawn = adapter().native(Draw(scheme("truncated_normal", corrected=False), shape, 99))
    outside = int((abs(drawn) > 2).sum())
    # Expected on torch: 18; none at all has a probability of 2e-8.
    assert (outside > 0) == bool(listed)
