"""A ResNet-18 of torchvision and one of keras_hub, set to one function by a short recipe."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
import torch
from common import keras_hub_models as hub
from common.torch_models import ResNet18
from keras import ops

import fanwise
import fanwise.keras
import fanwise.torch

RECIPE = Path(__file__).parents[2] / "examples" / "recipes" / "resnet18.toml"


def test_few_names_map_one_onto_the_other():
    names = tomllib.loads(RECIPE.read_text())["names"]
    assert sum(map(len, names.values())) <= 8


@pytest.mark.parametrize("recipe", [RECIPE, "resnet"], ids=["example", "bundled"])
def test_both_are_one_function(recipe):
    model = ResNet18()
    backbone = hub.resnet(filters=(64, 128, 256, 512), image=64)
    other = hub.with_head(backbone, "ImageClassifier", num_classes=10)
    fanwise.torch.initialize(model, recipe, seed=2)
    fanwise.keras.initialize(other, recipe, seed=2)
    images = fanwise.sample("normal", (3, 64, 64, 3), seed=1)
    with torch.no_grad():
        expected = model.eval()(torch.tensor(np.moveaxis(images, -1, 1))).numpy()
    outputs = ops.convert_to_numpy(other(images, training=False))
    assert expected.std() > 0.1
    np.testing.assert_allclose(outputs, expected, rtol=0, atol=1e-5 * np.abs(expected).max())
