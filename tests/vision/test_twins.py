"""Models of torchvision, timm and Keras, set to one function each by the bundled recipes."""

import keras
import keras_hub
import numpy as np
import pytest
import timm
import torch
import torchvision
from keras import ops

import fanwise
import fanwise.keras
import fanwise.torch

# Of Keras's torch backend, with NumPy 2.4.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

VIT = {"num_layers": 2, "num_heads": 2, "hidden_dim": 8, "mlp_dim": 12}
SWIN = {"embed_dim": 16, "depths": [2, 2], "num_heads": [2, 4]}


def of_torch(model, name, images, **variables):
    fanwise.torch.initialize(model.eval(), name, seed=3, report=False, **variables)
    with torch.no_grad():
        return model(torch.tensor(np.moveaxis(images, -1, 1))).numpy()


def of_keras(model, name, images, **variables):
    fanwise.keras.initialize(model, name, seed=3, report=False, **variables)
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization) and layer.epsilon == 1.001e-5:
            layer.epsilon = 1e-5  # keras.applications has no argument for it
    return ops.convert_to_numpy(model(images, training=False))


def pictures(size, scale=1.0):
    return scale * fanwise.sample("normal", (2, size, size, 3), seed=1)


def assert_one_function(expected, *others):
    assert expected.std() > 0.1
    for outputs in others:
        np.testing.assert_allclose(outputs, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


def of_timm_vit(**options):
    sizes = {"img_size": 8, "patch_size": 4, "embed_dim": 8, "depth": 2, "num_heads": 2}
    return timm.models.VisionTransformer(**sizes, mlp_ratio=1.5, num_classes=5, **options)


@pytest.mark.parametrize("start", ["", "_timm", "_timm_jax", "_timm_moco", "_torchvision"])
def test_vit(start):
    name, images = f"vit{start}", pictures(8)
    model = torchvision.models.VisionTransformer(8, 4, **VIT, num_classes=5)
    other = of_timm_vit()
    # The head of some is zero.
    model.heads, other.head = torch.nn.Identity(), torch.nn.Identity()
    first, second = (of_torch(m, name, images, position_std=0.5) for m in (model, other))
    assert_one_function(first, second)
    backbone = keras_hub.models.ViTBackbone(
        image_shape=(8, 8, 3), patch_size=4, dropout_rate=0, attention_dropout=0, **VIT
    )
    assert_one_function(first, of_keras(backbone, name, images, position_std=0.5)[:, 0])


def test_resnet():
    images = pictures(64)
    backbone = keras_hub.models.ResNetBackbone(
        input_conv_filters=[64],
        input_conv_kernel_sizes=[7],
        stackwise_num_filters=[64, 128, 256, 512],
        stackwise_num_blocks=[3, 4, 6, 3],
        stackwise_num_strides=[1, 2, 2, 2],
        block_type="bottleneck_block",
        use_pre_activation=False,
        image_shape=(64, 64, 3),
    )
    other = keras_hub.models.ResNetImageClassifier(
        backbone=backbone, preprocessor=None, num_classes=10
    )
    assert_one_function(
        of_torch(torchvision.models.resnet50(num_classes=10), "resnet", images),
        of_torch(timm.create_model("resnet50", num_classes=10), "resnet", images),
        of_keras(other, "resnet", images),
    )


def test_convnext():
    images, variables = pictures(64), {"std": 0.1, "layer_scale": 0.5}
    models = (
        torchvision.models.convnext_tiny(num_classes=10),
        timm.create_model("convnext_tiny", num_classes=10),
    )
    other = keras.applications.ConvNeXtTiny(
        weights=None,
        classes=10,
        input_shape=(64, 64, 3),
        classifier_activation=None,
        include_preprocessing=False,
    )
    assert_one_function(
        *(of_torch(model, "convnext", images, **variables) for model in models),
        of_keras(other, "convnext", images, **variables),
    )


def test_swin():
    images, variables = pictures(32), {"std": 0.5, "relative_position_std": 0.5}
    model = torchvision.models.SwinTransformer(
        [4, 4], **SWIN, window_size=[4, 4], num_classes=5, stochastic_depth_prob=0.0
    )
    other = timm.models.SwinTransformer(img_size=32, window_size=4, num_classes=5, **SWIN)
    assert_one_function(*(of_torch(m, "swin", images, **variables) for m in (model, other)))


def test_efficientnet():
    """Keras pads as TensorFlow does, which timm has models for, and divides images by 255."""
    model = keras.applications.EfficientNetB0(
        weights=None, classes=10, input_shape=(64, 64, 3), classifier_activation=None
    )
    images = pictures(64, 1e3)  # so large that what comes out is large too
    small = timm.create_model("tf_efficientnet_b0", num_classes=10)
    expected = of_torch(small, "efficientnet", images)
    outputs = of_keras(model, "efficientnet", 255 * images)
    np.testing.assert_allclose(outputs, expected, rtol=0, atol=1e-4 * np.abs(expected).max())
    assert_one_function(
        of_torch(timm.create_model("efficientnet_b0", num_classes=10), "efficientnet", images),
        of_torch(torchvision.models.efficientnet_b0(num_classes=10), "efficientnet", images),
    )
