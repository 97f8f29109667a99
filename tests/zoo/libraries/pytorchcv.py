"""Models of pytorchcv: one of many of its families, the smallest."""

from __future__ import annotations

from typing import Final

from pytorchcv.model_provider import get_model

from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel

_NAMES: Final = (
    "airnet50_1x64d_r16",
    "bam_resnet18",
    "cbam_resnet18",
    "condensenet74_c8_g8",
    "darknet_tiny",
    "densenet40_k12_cifar10",
    "diaresnet20_cifar10",
    "dla34",
    "drnc26",
    "edanet_cityscapes",
    "efficientnet_b0",
    "fdmobilenet_wd4",
    "ghostnet",
    "hardnet39ds",
    "hrnet_w18_small_v1",
    "ibnb_resnet50",
    "igcv3_wd4",
    "lednet_cityscapes",
    "linknet_cityscapes",
    "menet108_8x1_g3",
    "mixnet_s",
    "mnasnet_small",
    "mobilenet_wd4",
    "mobilenetv2_wd4",
    "mobilenetv3_small_w7d20",
    "nin_cifar10",
    "octresnet10_ad2",
    "peleenet",
    "preresnet10",
    "proxylessnas_cpu",
    "pyramidnet110_a48_cifar10",
    "regnetx002",
    "regnety002",
    "resnestabc14",
    "resdropresnet20_cifar10",
    "resnet10",
    "rir_cifar10",
    "ror3_56_cifar10",
    "selecsls42",
    "sepreresnet10",
    "seresnet10",
    "shakeshakeresnet20_2x16d_cifar10",
    "shufflenet_g1_wd4",
    "shufflenetv2_wd2",
    "sinet_cityscapes",
    "sknet50",
    "spnasnet",
    "sqnxt23_w1",
    "squeezenet_v1_1",
    "vovnet27s",
    "wrn16_10_cifar10",
    "xdensenet40_2_k24_bc_cifar10",
)

MODELS: Final[tuple[ZooModel, ...]] = tuple(
    torch_model(name, get_model, name, pretrained=False) for name in _NAMES
)
