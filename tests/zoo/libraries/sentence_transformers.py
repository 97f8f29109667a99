"""Modules of sentence-transformers."""

from __future__ import annotations

from typing import Final

from sentence_transformers import models
from torch import nn

from zoo.seeded import torch_model


def _head() -> nn.Module:
    return nn.Sequential(models.Dense(32, 16), models.LayerNorm(16), models.Normalize())


MODELS: Final = (
    torch_model("CNN", lambda: models.CNN(24, out_channels=16)),
    torch_model("LSTM", lambda: models.LSTM(24, 32, num_layers=2)),
    torch_model("Dense", lambda: models.Dense(32, 16)),
    torch_model("Dense before a norm", _head),
    torch_model(
        "WeightedLayerPooling", lambda: models.WeightedLayerPooling(32, num_hidden_layers=6)
    ),
)
