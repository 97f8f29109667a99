"""Variables of Keras by their paths alone, and files by their models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from fanwise.adapters.keras.stored_weights import stored_tensors, stored_weights
from fanwise.adapters.named_weights import named_weights
from fanwise.adapters.stored_weights import StoredTensor


@pytest.fixture(scope="module")
def model() -> keras.Model:
    layers = keras.layers
    inputs = keras.Input((8, 8, 4))
    x = layers.Conv2D(6, 3)(inputs)
    x = layers.DepthwiseConv2D(3, depth_multiplier=2)(x)
    x = layers.SeparableConv2D(8, 3)(x)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.Reshape((-1, 8))(x)
    x = layers.MultiHeadAttention(3, 5)(x, x)
    x = layers.Bidirectional(layers.LSTM(7, return_sequences=True))(x)
    x = layers.GRU(5, reset_after=False)(layers.GRU(5, return_sequences=True)(x))
    x = layers.Dense(9)(x)
    return keras.Model(inputs, layers.Dense(4, name="head")(x))


def test_paths_say_what_the_layers_say(model: keras.Model) -> None:
    truth = {stored.weight.path: stored for stored in stored_weights(model)}
    named = {w.weight.path: w for w in named_weights(stored_tensors(model.weights), "keras")}
    assert named.keys() == truth.keys()
    for path, stored in truth.items():
        ours, theirs = named[path].weight, stored.weight
        assert (ours.role, ours.shape, ours.groups) == (theirs.role, theirs.shape, theirs.groups)
        assert ours.axes.split() == theirs.axes.split() or len(ours.shape) < 2, path
        assert np.array_equal(named[path].values(), stored.values()), path


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of Keras, which saves
def test_a_file_of_numbered_variables_is_read_by_its_model(
    model: keras.Model, tmp_path: Path
) -> None:
    file = tmp_path / "model.weights.h5"
    model.save_weights(file)
    tensors: dict[str, StoredTensor] = {}

    def keep(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            tensors[name] = StoredTensor.of(name, item[()])

    with h5py.File(file) as opened:
        opened.visititems(keep)
    truth = stored_weights(model)
    named = named_weights(tensors, "keras", keras.models.clone_model(model))
    assert [w.weight.path for w in named] == [w.weight.path for w in truth]
    for ours, theirs in zip(named, truth, strict=True):
        assert np.array_equal(ours.values(), theirs.values())
