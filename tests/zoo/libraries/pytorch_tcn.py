"""Temporal convolutions of pytorch-tcn."""

from __future__ import annotations

from typing import Final

from pytorch_tcn import TCN, TemporalConv1d

from zoo.seeded import torch_model

MODELS: Final = (
    torch_model("TCN", lambda: TCN(12, [16, 24], use_norm="weight_norm")),
    torch_model("TCN, batch norm", lambda: TCN(12, [16, 24], use_norm="batch_norm")),
    torch_model("TCN, layer norm", lambda: TCN(12, [16, 24], use_norm="layer_norm")),
    torch_model(
        "TCN, gated, skipping", lambda: TCN(12, [16, 16], use_gate=True, use_skip_connections=True)
    ),
    torch_model("TCN, conditioned", lambda: TCN(12, [16, 16], embedding_shapes=[(8,)])),
    torch_model("TCN, uniform", lambda: TCN(12, [16, 24], kernel_initializer="kaiming_normal")),
    torch_model("TemporalConv1d", lambda: TemporalConv1d(12, 24, 3)),
)
