"""Equivariant layers of e3nn, whose weights are flat."""

from __future__ import annotations

from typing import Final

from e3nn import nn as networks
from e3nn import o3
from torch import nn

from zoo.seeded import torch_model

_IRREPS: Final = "8x0e + 4x1o + 2x2e"


def _layer() -> nn.Module:
    return nn.Sequential(
        o3.Linear("8x0e", "16x0e"), networks.FullyConnectedNet([16, 32, 8], act=abs)
    )


MODELS: Final = (
    torch_model("Linear", lambda: o3.Linear(_IRREPS, _IRREPS)),
    torch_model("Linear with biases", lambda: o3.Linear(_IRREPS, _IRREPS, biases=True)),
    torch_model(
        "FullyConnectedTensorProduct",
        lambda: o3.FullyConnectedTensorProduct(_IRREPS, "1x0e + 1x1o", _IRREPS),
    ),
    torch_model("TensorSquare", lambda: o3.TensorSquare(_IRREPS, _IRREPS)),
    torch_model("BatchNorm", lambda: networks.BatchNorm(_IRREPS)),
    torch_model("FullyConnectedNet", lambda: networks.FullyConnectedNet([16, 32, 8])),
    torch_model("Linear before a network", _layer),
)
