"""The weights of a Keras model with their values, on every backend."""

import keras
import numpy as np
import pytest

import fanwise.keras
from fanwise import FanwiseError
from fanwise.adapters.keras.drawing.transfer import host_values
from fanwise.adapters.keras.stored_weights import stored_tensors, stored_weights
from fanwise.adapters.recipes import planned_weights
from fanwise.spec.recipe import recipe

SEED = 3
RULES = {
    "fanwise": 1,
    "extends": "keras_default",
    "rule": [
        {"role": "recurrent_kernel", "init": "orthogonal"},
        {"role": "bias", "init": {"scheme": "normal", "std": 0.1}},
    ],
}


def mixed_model(dtype: str = "float32") -> keras.Model:
    """Make a model of layers that store their weights in other forms than recipes see."""
    layers = keras.layers
    # No backend draws an orthogonal matrix in half precision.
    gates = {"dtype": dtype, "recurrent_initializer": "glorot_uniform"}
    inputs = keras.Input((8, 8, 4))
    x = layers.DepthwiseConv2D(3, depth_multiplier=2, dtype=dtype)(inputs)
    x = layers.Conv2DTranspose(4, 3, dtype=dtype)(x)
    x = layers.Reshape((-1, 4))(x)
    x = layers.MultiHeadAttention(2, 3, dtype=dtype)(x, x)
    x = layers.Bidirectional(layers.GRU(5, return_sequences=True, **gates))(x)
    x = layers.BatchNormalization(dtype=dtype)(layers.LSTM(5, **gates)(x))
    model = keras.Model(inputs, layers.Dense(3, dtype=dtype)(x))
    fanwise.keras.initialize(model, RULES, seed=SEED)
    return model


def test_the_weights_are_the_rows_of_paths() -> None:
    model = mixed_model()
    rows = [(row.path, row.shape, row.role) for row in fanwise.keras.paths(model).rows]
    weights = [stored.weight for stored in stored_weights(model)]
    assert [(w.path, w.shape, w.role) for w in weights] == rows


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_the_values_are_what_initialize_has_written(dtype: str) -> None:
    weights = stored_weights(mixed_model(dtype))
    plans = planned_weights(recipe(RULES), weights, framework="keras").plans
    assert len(plans) == len(weights)
    for stored, planned in plans:
        weight = planned.weight
        assert stored.dtype == dtype
        expected = fanwise.sample(
            planned.resolved.scheme,
            weight.shape,
            seed=SEED,
            path=weight.path,
            axes=weight.axes,
            dtype=dtype,
        ).astype(np.float32)
        for most in (1, 7, 1 << 20):
            for where, block in stored.blocks(most):
                assert block.dtype.isbuiltin == 1
                np.testing.assert_array_equal(block, expected[where])


def test_names_are_the_paths_of_variables() -> None:
    model = mixed_model()
    named = {name for stored in stored_weights(model) for name in stored.names}
    assert named == {v.path for v in model.weights if "seed_generator" not in v.path}


def test_values_that_were_read_cannot_be_written_into() -> None:
    for stored in stored_weights(mixed_model()):
        with pytest.raises(ValueError, match="read-only"):
            next(stored.blocks())[1][...] = 0


def test_variables_are_tensors_by_their_paths() -> None:
    model = mixed_model()
    tensors = stored_tensors(model.weights)
    path = model.layers[-1].kernel.path
    expected = host_values(model.layers[-1].kernel)
    assert set(tensors) == {variable.path for variable in model.weights}
    np.testing.assert_array_equal(tensors[path].read((slice(1, 3),)), expected[1:3])


def test_a_model_that_is_not_built_says_to_build_it() -> None:
    with pytest.raises(FanwiseError, match="a built model"):
        stored_weights(keras.Sequential([keras.layers.Dense(3)]))
