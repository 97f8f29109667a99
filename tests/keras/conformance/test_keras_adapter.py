"""The adapter as the conformance suite sees it."""

import random
import tomllib
from dataclasses import replace
from importlib import import_module, metadata

import keras
import numpy as np
import pytest
from common.bits import same_bits

from fanwise import FanwiseError, sample, scheme
from fanwise.adapters import discovery
from fanwise.adapters.keras.conformance.adapter import adapter
from fanwise.adapters.keras.conformance.starts import STARTS
from fanwise.adapters.keras.conformance.weights import weights
from fanwise.adapters.keras.drawing.transfer import host_array as array
from fanwise.adapters.protocol import LAYERS, OWN_LAYERS, Draw, LayerDraw, grouped
from fanwise.adapters.recipe_sources import library_versions
from fanwise.conformance.checks.layers import judged_layer
from fanwise.conformance.results import deviations
from fanwise.core import to_canonical


def at_hand(**others):
    """The versions that deviations depend on, with those of libraries that recipes cite."""
    return {**library_versions(adapter().name), **adapter().versions(), **others}


def test_it_is_discovered_by_its_entry_point():
    found = discovery.load("keras")
    assert found.name == f"keras-{keras.config.backend()}"
    assert found.versions()["keras"] == keras.__version__
    assert len(found.versions()) == 2
    assert found.modes[0] == "eager"
    assert set(found.devices()) <= {"cpu", "gpu"}
    assert found.layers == LAYERS
    assert (found.entry, found.environment) == ("keras", {"KERAS_BACKEND": keras.config.backend()})


def test_versions_are_those_of_the_modules_whatever_their_distributions_are_called(monkeypatch):
    """TensorFlow comes as tensorflow-cpu too."""

    def unknown(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", unknown)
    version = import_module(keras.config.backend()).__version__
    assert adapter().versions()[keras.config.backend()] == version


def test_the_starts_of_older_versions_are_listed_for_them_alone():
    judged = adapter()
    kinds = {
        version: {
            subject
            for deviation in deviations.read(judged.deviations, judged.name, at_hand(keras=version))
            if deviation.engine == "start"
            for subject in deviation.subjects
        }
        for version in ("3.7.0", "3.14.1", "3.15.0")
    }
    older = {"einsum_dense", "attention", "grouped_attention"}
    assert kinds["3.7.0"] == kinds["3.14.1"]
    assert kinds["3.7.0"] - kinds["3.15.0"] == older
    assert older <= {*STARTS}


GROUPED = ("grouped_conv2d", "depthwise_conv2d")
LAYERS_OF = [
    *((kind, name) for kind in LAYERS for name in ("normal", "he_normal", "glorot_uniform")),
    # An orthogonal weight is a matrix: a depthwise kernel is another in Keras than elsewhere.
    *((kind, "orthogonal") for kind in LAYERS if kind not in GROUPED),
]


@pytest.mark.parametrize(("kind", "name"), LAYERS_OF)
def test_layers(kind, name):
    draw, kernel = judged_layer(kind, scheme(name))
    stored, axes = adapter().layer(draw)
    expected = sample(grouped(draw), kernel, seed=draw.seed, path=draw.path)
    found = np.ascontiguousarray(to_canonical(stored, axes))
    assert same_bits(found, expected)


@pytest.mark.parametrize("kind", OWN_LAYERS)
def test_own_is_keras_itself(kind):
    groups = {"grouped_conv2d": 2, "depthwise_conv2d": 4}.get(kind, 1)
    draw = LayerDraw(kind, scheme("glorot_uniform"), 4, 8, 3, 9, "", groups)
    made, _ = adapter().own(draw)
    wanted = keras.initializers.GlorotUniform(seed=9)(made.shape)
    assert np.array_equal(made, array(wanted))
    with pytest.raises(FanwiseError, match=r"keras\.initializers"):
        adapter().own(replace(draw, scheme=scheme("kaiming_normal")))


def test_native_draws_by_keras():
    draw = Draw(scheme("he_normal"), (64, 32), 2**32 + 5)
    wanted = keras.initializers.HeNormal(5)((64, 32))
    np.testing.assert_allclose(adapter().native(draw), np.asarray(wanted), rtol=1e-6)
    with pytest.raises(FanwiseError, match="a scheme that Keras has a sampler for"):
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
    text, versions = adapter().deviations, at_hand()
    assert tomllib.loads(text)["deviation"]
    for one in deviations.read(text, adapter().name, versions):
        assert one.adapter.removesuffix("*") in adapter().name


def test_keras_leaves_the_bounds_exactly_where_it_is_listed():
    listed = deviations.read(adapter().deviations, adapter().name, at_hand())
    shape = (64, 2**16)
    drawn = adapter().native(Draw(scheme("truncated_normal", corrected=False), shape, 99))
    outside = int((abs(drawn) > 2).sum())
    # Expected on torch: 18; none at all has a probability of 2e-8.
    assert (outside > 0) == any("support" in one.claims for one in listed)


@pytest.mark.parametrize("kind", ["dense", "conv2d_transpose", "batch_norm", "lstm", "attention"])
def test_a_start_is_that_of_keras_itself(kind):
    keras.utils.set_random_seed(3)
    layer = STARTS[kind].build()
    # What reads a model's weights asks it for its layers alone.
    held = weights(type("Model", (), {"layers": [layer]}), array)
    found = {f"{layer.name}/{one.planned.weight.path}": one for one in adapter().start(kind, 3)}
    assert held.keys() == found.keys()
    for path, wanted in held.items():
        # Both have the gates first, whatever the rule counts them as.
        assert np.array_equal(found[path].values.reshape(wanted.shape), wanted), path


def test_another_seed_starts_otherwise_and_the_callers_generator_stays():
    random.seed(7)
    state = random.getstate()
    first, second, again = (adapter().start("dense", seed)[0].values for seed in (3, 4, 3))
    assert random.getstate() == state
    assert np.array_equal(first, again)
    assert not (first == second).any()
    with pytest.raises(FanwiseError, match="Did you mean 'dense'"):
        adapter().start("dens", 0)
