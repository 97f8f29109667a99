"""Whole models, as the tensors that they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

Named = list[tuple[str, Any]]

WIDTH, LAYERS, VOCABULARY, CONTEXT = 768, 12, 50257, 1024


def gpt2() -> Named:
    """GPT-2 124M: 148 tensors."""
    shapes: dict[str, tuple[int, ...]] = {
        "wte": (VOCABULARY, WIDTH),
        "wpe": (CONTEXT, WIDTH),
    }
    for layer in range(LAYERS):
        block = {
            "ln_1/scale": (WIDTH,),
            "ln_1/bias": (WIDTH,),
            "attn/qkv/kernel": (3 * WIDTH, WIDTH),
            "attn/qkv/bias": (3 * WIDTH,),
            "attn/out/kernel": (WIDTH, WIDTH),
            "attn/out/bias": (WIDTH,),
            "ln_2/scale": (WIDTH,),
            "ln_2/bias": (WIDTH,),
            "mlp/in/kernel": (4 * WIDTH, WIDTH),
            "mlp/in/bias": (4 * WIDTH,),
            "mlp/out/kernel": (WIDTH, 4 * WIDTH),
            "mlp/out/bias": (WIDTH,),
        }
        shapes |= {f"h/{layer}/{name}": shape for name, shape in block.items()}
    shapes |= {"ln_f/scale": (WIDTH,), "ln_f/bias": (WIDTH,)}
    return [(name, torch.empty(shape)) for name, shape in shapes.items()]


def small_network() -> Named:
    """500 matrices of 64 × 64."""
    return [(f"{n}/kernel", torch.empty(64, 64)) for n in range(500)]


@dataclass(frozen=True)
class Size:
    """A decoder, as far as the number of its weights goes.

    Attributes:
        width, layers, vocabulary, inside: of its blocks, and of their perceptrons.
        ups: matrices from the width to the inside: 2 in gated perceptrons.
        context: positions with an embedding of their own; 0 for none.
    """

    width: int
    layers: int
    vocabulary: int
    inside: int
    ups: int
    context: int

    @property
    def elements(self) -> int:
        """How many weights it has."""
        block = 4 * self.width**2 + (self.ups + 1) * self.width * self.inside + 2 * self.width
        rows = 2 * self.vocabulary + self.context + 1
        return self.layers * block + rows * self.width


def _gpt2(width: int, layers: int) -> Size:
    return Size(width, layers, VOCABULARY, 4 * width, 1, CONTEXT)


#: GPT-2 in its four sizes, and Llama 2 7B; their heads are untied, and nothing has a bias.
SIZES = {
    "GPT-2": _gpt2(768, 12),
    "GPT-2 medium": _gpt2(1024, 24),
    "GPT-2 large": _gpt2(1280, 36),
    "GPT-2 XL": _gpt2(1600, 48),
    "Llama 2 7B": Size(4096, 32, 32000, 11008, 2, 0),
}


def built(size: Size) -> nn.Sequential:
    """Build a decoder on torch's meta device, in bfloat16: its parts are what it consists of."""
    width, inside = size.width, size.inside
    shapes = [(width, width)] * 4 + [(width, inside)] * size.ups + [(inside, width)]
    with torch.device("meta"):
        tables = [nn.Embedding(rows, width) for rows in (size.vocabulary, size.context) if rows]
        blocks = [
            nn.Sequential(
                *(nn.Linear(*shape, bias=False) for shape in shapes),
                *(nn.RMSNorm(width) for _ in range(2)),
            )
            for _ in range(size.layers)
        ]
        ends = [nn.RMSNorm(width), nn.Linear(width, size.vocabulary, bias=False)]
        return nn.Sequential(*tables, *blocks, *ends).to(torch.bfloat16)
