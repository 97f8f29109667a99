"""Weights in torch operations, drawn on the device where they lie.

The work goes in pieces, so that the memory beside the weight is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from fanwise.adapters.torch.drawing.stream import (
    Table,
    columns,
    mulhi,
    quantile,
    run_words,
    words,
)
from fanwise.adapters.torch.drawing.tensors import DTYPES
from fanwise.core.blocks import Block, Index, blocks
from fanwise.core.dtypes import format_of
from fanwise.core.keys import stream_key
from fanwise.core.philox import Key
from fanwise.core.quantile import ALL_WORDS
from fanwise.core.values import Numbers
from fanwise.spec.axes import Layout
from fanwise.spec.laws import Law

#: Elements drawn at a time. Each takes up to 256 bytes of working memory, so 512 MiB in all
#: beside a large weight: an accelerator wants large pieces.
PIECE: Final = 1 << 21


@dataclass(frozen=True)
class DeviceLaw:
    """A law in numbers of the computing dtype.

    Attributes:
        normal: whether the integers are normal quantiles, else uniform ones.
        first, count: the window of words, for a cut normal.
        unit: factor on the integers.
        largest: a magnitude that the product cannot pass.
        mean: added last.
        dtype: float32 or float64.
    """

    normal: bool
    first: int
    count: int
    unit: float
    largest: float
    mean: float
    dtype: Any

    @classmethod
    def of(cls, law: Law, dtype: Any) -> DeviceLaw:
        """Work out an elementwise law, for a weight of one of the four dtypes."""
        compute = format_of(DTYPES[dtype]).compute
        numbers = Numbers.of(law)
        scale = compute.type(numbers.unit)
        return cls(
            numbers.normal,
            *numbers.window,
            float(scale),
            float(compute.type(numbers.largest) * scale),
            float(compute.type(numbers.centre)),
            torch.float64 if compute == np.float64 else torch.float32,
        )


def values(drawn: Tensor, law: DeviceLaw, table: Table) -> Tensor:
    """Return the weights that words stand for, in the computing dtype."""
    if not law.normal:
        integers = (drawn >> 8) * 2 + (1 - (1 << 24))
    elif law.count == ALL_WORDS:
        integers = quantile(drawn, table)
    else:
        integers = quantile(mulhi(drawn, law.count) + law.first, table)
    product = integers.to(law.dtype) * law.unit
    # The bound changes no value. It stands between the product and the mean, so that no
    # compiler fuses the two into one rounding.
    product = torch.clamp(product, -law.largest, law.largest)
    return product + law.mean if law.mean != 0.0 else product


def fill(
    target: Tensor, law: Law, layout: Layout, index: Index, *, seed: int, path: str | None
) -> None:
    """Write the block at ``index`` of an elementwise law into a tensor, on its device.

    Args:
        target: of the block's shape, with any strides.
        law: uniform, normal or truncated normal.
        layout: the layout of the whole weight.
        index: one slice per axis.
        seed, path: they choose the stream.
    """
    if target.numel() == 0:
        return
    device_law, key = DeviceLaw.of(law, target.dtype), stream_key(seed, path)
    table = columns(target.device)
    with torch.no_grad():
        for block in blocks(target, layout, index):
            for piece in pieces(block):
                drawn = values(_piece_words(key, piece), device_law, table)
                out: Any = piece.out
                out.copy_(drawn.reshape(out.shape))


def pieces(block: Block) -> Iterator[Block]:
    """Cut a block up along its axes, canonical order first."""
    order = sorted(range(block.out.ndim), key=lambda axis: -block.strides[axis])
    out: Any = block.out
    strides = tuple(block.strides[axis] for axis in order)
    yield from _cut(Block(out.permute(order), block.base, strides))


def _cut(block: Block) -> Iterator[Block]:
    out: Any = block.out
    if out.numel() <= PIECE:
        yield block
        return
    axis = next(axis for axis, size in enumerate(out.shape) if size > 1)
    size = out.shape[axis]
    step = max(1, PIECE // (out.numel() // size))
    for start in range(0, size, step):
        part = out.narrow(axis, start, min(step, size - start))
        yield from _cut(Block(part, block.base + start * block.strides[axis], block.strides))


def _piece_words(key: Key, piece: Block) -> Tensor:
    """Draw the words of a piece, by the runs of consecutive canonical indices in it."""
    out: Any = piece.out
    axis, length = out.ndim, 1
    while axis and (out.shape[axis - 1] == 1 or piece.strides[axis - 1] == length):
        axis -= 1
        length *= out.shape[axis]
    if axis == 0:
        return run_words(key, piece.base, length, out.device)
    starts = torch.full((1,), piece.base, dtype=torch.int64, device=out.device)
    for size, stride in zip(out.shape[:axis], piece.strides[:axis], strict=True):
        steps = torch.arange(size, dtype=torch.int64, device=out.device) * stride
        starts = (starts[:, None] + steps).ravel()
    return words(key, starts, length)
