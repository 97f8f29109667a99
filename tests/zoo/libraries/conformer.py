"""Conformers."""

from __future__ import annotations

from typing import Final

from conformer import Conformer, ConformerBlock, ConformerConvModule

from zoo.seeded import torch_model

_SIZES: Final = {"dim": 32, "dim_head": 8, "heads": 4, "conv_kernel_size": 7}

MODELS: Final = (
    torch_model("Conformer", lambda: Conformer(depth=2, **_SIZES)),
    torch_model("ConformerBlock", lambda: ConformerBlock(**_SIZES)),
    torch_model("ConformerConvModule", lambda: ConformerConvModule(dim=32, kernel_size=7)),
)
