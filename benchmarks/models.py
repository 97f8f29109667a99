"""Whole models, as far as their weights go."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

WIDTH, LAYERS, VOCABULARY, CONTEXT = 768, 12, 50257, 1024


class Block(nn.Module):
    """A block of GPT-2, as far as its weights go."""

    def __init__(self) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)


def gpt2() -> nn.Module:
    """Build GPT-2 124M: 148 tensors."""
    tables = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(CONTEXT, WIDTH)
    return nn.Sequential(*tables, *(Block() for _ in range(LAYERS)), nn.LayerNorm(WIDTH))


def small_layers() -> nn.Module:
    """Build 500 layers of 64 × 64, with their biases."""
    return nn.Sequential(*(nn.Linear(64, 64) for _ in range(500)))


def small_tensors() -> nn.Module:
    """Build 500 parameters of 64 × 64, of no layer."""
    tensors = {str(n): nn.Parameter(torch.empty(64, 64)) for n in range(500)}
    return nn.ParameterDict(tensors)


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
