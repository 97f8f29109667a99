"""The audit of models of Keras."""

import keras
import numpy as np
import pytest

import fanwise
import fanwise.keras

# Keras on JAX makes arrays in a way that NumPy 2 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def model(seed=0):
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((16, 16, 8)),
            keras.layers.Conv2D(32, 3, name="first"),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.Flatten(),
            keras.layers.Dense(64, name="up", kernel_initializer="he_uniform"),
            keras.layers.Dense(10, name="head"),
        ]
    )


def test_a_models_own_start_passes():
    for seed in range(4):
        verdict = fanwise.audit(model(seed), "keras_default")
        assert verdict.passed, verdict


def test_what_a_layer_declares_is_the_law_that_it_is_judged_by():
    built = model()
    layer = built.get_layer("up")
    layer.kernel.assign(layer.kernel * np.sqrt(0.5).astype("float32"))
    verdict = fanwise.audit(built, "keras_default")
    assert {row.path for row in verdict.failures} == {"up/kernel"}
    assert "gain of relu missing" in {row.fault for row in verdict.failures}


def test_what_initialize_draws_passes_with_its_seed():
    built = model()
    fanwise.keras.initialize(built, "keras_default", seed=11)
    assert fanwise.audit(built, "keras_default", seed=11).passed
    assert not fanwise.audit(built, "keras_default", seed=12).passed


def test_a_file_has_the_verdict_of_the_model(tmp_path):
    built = model()
    built.save_weights(tmp_path / "start.weights.h5")
    layer = built.get_layer("up")
    verdict = fanwise.audit(tmp_path / "start.weights.h5", "keras_default", model=built)
    assert verdict.passed, verdict
    layer.kernel.assign(layer.kernel * 2)
    built.save_weights(tmp_path / "wrong.weights.h5")
    verdict = fanwise.audit(tmp_path / "wrong.weights.h5", "keras_default", model=built)
    assert {row.path for row in verdict.failures} == {"up/kernel"}


def test_a_model_is_left_as_it_is():
    built = model()
    before = [weight.copy() for weight in built.get_weights()]
    trainable = [weight.trainable for weight in built.weights]
    fanwise.audit(built, "keras_default", seed=0)
    fanwise.audit(built)
    assert all(np.array_equal(a, b) for a, b in zip(before, built.get_weights(), strict=True))
    assert [weight.trainable for weight in built.weights] == trainable
