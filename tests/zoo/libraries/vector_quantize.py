"""Quantizers of vector-quantize-pytorch, whose codebooks are buffers or parameters."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import vector_quantize_pytorch as quantizers
from torch import nn

from zoo.seeded import torch_model

_QUANTIZERS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("VectorQuantize", {"dim": 24, "codebook_size": 32}),
    ("VectorQuantize", {"dim": 24, "codebook_size": 32, "codebook_dim": 8, "heads": 2}),
    (
        "VectorQuantize",
        {"dim": 24, "codebook_size": 32, "learnable_codebook": True, "ema_update": False},
    ),
    ("VectorQuantize", {"dim": 24, "codebook_size": 32, "use_cosine_sim": True}),
    ("ResidualVQ", {"dim": 24, "num_quantizers": 3, "codebook_size": 32}),
    (
        "ResidualVQ",
        {"dim": 24, "num_quantizers": 3, "codebook_size": 32, "implicit_neural_codebook": True},
    ),
    ("GroupedResidualVQ", {"dim": 24, "num_quantizers": 2, "groups": 2, "codebook_size": 32}),
    ("FSQ", {"levels": [8, 5, 5, 5], "dim": 24}),
    ("ResidualFSQ", {"dim": 24, "levels": [5, 5, 5], "num_quantizers": 2}),
    ("LFQ", {"codebook_size": 64, "dim": 24}),
    ("ResidualLFQ", {"codebook_size": 64, "dim": 24, "num_quantizers": 2}),
    ("LatentQuantize", {"levels": [5, 5, 8], "dim": 24}),
    ("SimVQ", {"dim": 24, "codebook_size": 64}),
    ("ResidualSimVQ", {"dim": 24, "codebook_size": 64, "num_quantizers": 2}),
    (
        "RandomProjectionQuantizer",
        {"dim": 24, "num_codebooks": 4, "codebook_dim": 16, "codebook_size": 32},
    ),
)


def _quantizer(name: str, options: dict[str, Any]) -> nn.Module:
    model: nn.Module = getattr(quantizers, name)(**options)
    return model


def _told_apart(number: int, name: str) -> str:
    before = sum(other == name for other, _ in _QUANTIZERS[:number])
    return f"{name} {before + 1}" if before else name


MODELS: Final = tuple(
    torch_model(_told_apart(number, name), partial(_quantizer, name, options))
    for number, (name, options) in enumerate(_QUANTIZERS)
)
