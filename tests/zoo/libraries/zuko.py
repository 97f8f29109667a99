"""Normalizing flows of Zuko, and its monotonic and masked networks."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import torch
import zuko
from torch import nn

from zoo.seeded import torch_model

_SIZES: Final[dict[str, Any]] = {"features": 4, "context": 6}
_DEEP: Final[dict[str, Any]] = {**_SIZES, "transforms": 2, "hidden_features": (32, 32)}
_FLOWS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("MAF", _DEEP),
    ("NSF", _DEEP),
    ("NCSF", _DEEP),
    ("NAF", _DEEP),
    ("UNAF", _DEEP),
    ("SOSPF", _DEEP),
    ("BPF", _DEEP),
    ("RealNVP", _DEEP),
    ("NICE", _DEEP),
    ("CNF", {**_SIZES, "hidden_features": (32, 32)}),
    ("GF", _DEEP),
    ("GMM", {**_SIZES, "components": 4}),
)


def _flow(name: str, options: dict[str, Any]) -> nn.Module:
    model: nn.Module = getattr(zuko.flows, name)(**options)
    return model


MODELS: Final = (
    *(torch_model(name, partial(_flow, name, options)) for name, options in _FLOWS),
    torch_model("GMM without context", lambda: zuko.flows.GMM(features=8, components=4)),
    torch_model("MLP", lambda: zuko.nn.MLP(16, 8, (32, 32), normalize=True)),
    torch_model(
        "MaskedMLP",
        lambda: zuko.nn.MaskedMLP(torch.tril(torch.ones(16, 16)).bool(), (32, 32)),
    ),
    torch_model("MonotonicMLP", lambda: zuko.nn.MonotonicMLP(16, 8, (32, 32))),
)
