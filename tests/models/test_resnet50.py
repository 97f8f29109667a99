"""ResNet-50s of five libraries, set to one function by the bundled recipe."""

import jax_resnet
import keras
import numpy as np
import pytest
import torch
import transformers
from common import keras_hub_models as hub
from keras import ops

import fanwise
import fanwise.jax
import fanwise.keras
import fanwise.torch

IMAGES = fanwise.sample("normal", (2, 64, 64, 3), seed=1)
CLASSES = 10


def of_transformers(*, first):
    """The outputs, with the strides in the first convolution of a block or in the second."""
    config = transformers.ResNetConfig(num_labels=CLASSES, downsample_in_bottleneck=first)
    model = transformers.ResNetForImageClassification(config).eval()
    fanwise.torch.initialize(model, "resnet", seed=3, report=False)
    with torch.no_grad():
        return model(torch.tensor(np.moveaxis(IMAGES, -1, 1))).logits.numpy()


def of_keras(model):
    fanwise.keras.initialize(model, "resnet", seed=3, report=False)
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.epsilon = 1e-5  # keras.applications has 1.001e-5, and no argument for it
    return ops.convert_to_numpy(model(IMAGES, training=False))


def of_keras_hub():
    backbone = hub.models.ResNetBackbone(
        input_conv_filters=[64],
        input_conv_kernel_sizes=[7],
        stackwise_num_filters=[64, 128, 256, 512],
        stackwise_num_blocks=[3, 4, 6, 3],
        stackwise_num_strides=[1, 2, 2, 2],
        block_type="bottleneck_block",
        use_pre_activation=False,
        image_shape=(64, 64, 3),
    )
    return of_keras(hub.with_head(backbone, "ImageClassifier", num_classes=CLASSES))


def of_jax_resnet():
    model = jax_resnet.ResNet50(n_classes=CLASSES)
    variables, _ = fanwise.jax.initialize(model, "resnet", seed=3, inputs=(IMAGES,), report=False)
    return np.asarray(model.apply(variables, IMAGES))


def assert_one_function(expected, *others):
    assert expected.std() > 0.1
    for outputs in others:
        np.testing.assert_allclose(outputs, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


def test_torch_keras_and_flax_with_the_strides_in_the_second_convolution():
    assert_one_function(of_transformers(first=False), of_keras_hub(), of_jax_resnet())


def test_torch_and_keras_applications_with_the_strides_in_the_first():
    model = keras.applications.ResNet50(
        weights=None, classes=CLASSES, input_shape=(64, 64, 3), classifier_activation=None
    )
    assert_one_function(of_transformers(first=True), of_keras(model))


def test_groups_of_a_resnext_count_as_one_convolution():
    model = jax_resnet.ResNeXt50(n_classes=CLASSES)
    _, report = fanwise.jax.initialize(model, "resnet", seed=3, inputs=(IMAGES[:1],), dry_run=True)
    expected = {row.path: row.expected for row in report.rows}
    # √(2 / (128 · 9)), by all 128 outputs.
    assert expected["layer1/0/conv2/kernel"] == pytest.approx(0.0416667, rel=1e-5)
    assert expected["layer1/0/conv1/kernel"] == 0.125
