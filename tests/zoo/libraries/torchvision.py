"""Models of torchvision: classification, detection, segmentation, video and optical flow."""

from __future__ import annotations

from typing import Any, Final

from torchvision import models
from torchvision.models import detection, optical_flow, quantization, segmentation, video
from torchvision.models.swin_transformer import (
    PatchMergingV2,
    SwinTransformer,
    SwinTransformerBlockV2,
)

from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel

#: Classifiers that are small as they come, by the functions that make them.
_CLASSIFIERS: Final = (
    models.densenet121,
    models.efficientnet_b0,
    models.efficientnet_v2_s,
    models.googlenet,
    models.inception_v3,
    models.mnasnet0_5,
    models.mobilenet_v2,
    models.mobilenet_v3_small,
    models.mobilenet_v3_large,
    models.regnet_x_400mf,
    models.regnet_y_400mf,
    models.resnet18,
    models.resnet50,
    models.resnext50_32x4d,
    models.shufflenet_v2_x0_5,
    models.squeezenet1_0,
    models.squeezenet1_1,
    quantization.mobilenet_v2,
    quantization.resnet18,
    quantization.shufflenet_v2_x0_5,
    video.mc3_18,
    video.r3d_18,
    video.r2plus1d_18,
    video.s3d,
)
_DETECTORS: Final = (
    detection.fasterrcnn_mobilenet_v3_large_320_fpn,
    detection.fcos_resnet50_fpn,
    detection.keypointrcnn_resnet50_fpn,
    detection.maskrcnn_resnet50_fpn,
    detection.retinanet_resnet50_fpn,
    detection.retinanet_resnet50_fpn_v2,
    detection.ssd300_vgg16,
    detection.ssdlite320_mobilenet_v3_large,
    segmentation.deeplabv3_mobilenet_v3_large,
    segmentation.fcn_resnet50,
    segmentation.lraspp_mobilenet_v3_large,
)

#: Half an auxiliary loss of models from 2014, whose start is slow.
_FLAGS: Final[dict[str, dict[str, Any]]] = {
    "googlenet": {"init_weights": False},
    "inception_v3": {"init_weights": False},
}


def _name(make: Any) -> str:
    family = make.__module__.split(".")[2]
    return f"{family}.{make.__name__}" if family in ("quantization", "video") else make.__name__


def _transformers() -> tuple[ZooModel, ...]:
    """List transformers, all of them by their classes in small."""
    return (
        torch_model(
            "VisionTransformer",
            models.VisionTransformer,
            image_size=32,
            patch_size=8,
            num_layers=2,
            num_heads=2,
            hidden_dim=32,
            mlp_dim=64,
        ),
        torch_model("ConvNeXt", models.ConvNeXt, _convnext_blocks()),
        torch_model(
            "SwinTransformer",
            SwinTransformer,
            patch_size=[4, 4],
            embed_dim=24,
            depths=[2, 2],
            num_heads=[2, 4],
            window_size=[4, 4],
        ),
        torch_model(
            "SwinTransformer, version 2",
            SwinTransformer,
            patch_size=[4, 4],
            embed_dim=24,
            depths=[2, 2],
            num_heads=[2, 4],
            window_size=[4, 4],
            block=SwinTransformerBlockV2,
            downsample_layer=PatchMergingV2,
        ),
        torch_model(
            "MaxVit",
            models.MaxVit,
            input_size=(64, 64),
            stem_channels=16,
            partition_size=4,
            block_channels=[16, 32],
            block_layers=[1, 1],
            head_dim=8,
            stochastic_depth_prob=0.1,
        ),
        torch_model(
            "SwinTransformer3d",
            video.SwinTransformer3d,
            patch_size=[2, 4, 4],
            embed_dim=24,
            depths=[2, 2],
            num_heads=[2, 4],
            window_size=[8, 4, 4],
        ),
        torch_model("mvit_v1_b", video.mvit_v1_b, num_classes=10),
        torch_model("mvit_v2_s", video.mvit_v2_s, num_classes=10),
        torch_model("raft_small", optical_flow.raft_small),
    )


def _convnext_blocks() -> list[Any]:
    from torchvision.models.convnext import CNBlockConfig

    return [CNBlockConfig(16, 32, 2), CNBlockConfig(32, None, 2)]


def _models() -> tuple[ZooModel, ...]:
    classifiers = [
        torch_model(_name(make), make, num_classes=10, **_FLAGS.get(make.__name__, {}))
        for make in _CLASSIFIERS
    ]
    detectors = [
        torch_model(make.__name__, make, weights=None, weights_backbone=None) for make in _DETECTORS
    ]
    return (*classifiers, *_transformers(), *detectors)


MODELS: Final = _models()
