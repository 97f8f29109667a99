"""The stream in torch operations: Philox and the integer quantile, on any device.

Torch has no unsigned arithmetic to speak of, so a 32-bit word is held in an int64. Products
of two words are taken by halves of 16 bits: none of them reaches the sign, whose overflow a
C++ compiler may take for impossible.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import torch
from torch import Tensor

from fanwise.core.philox import ROUNDS, Key
from fanwise.spec.quantile_table import quantile_table

Quad = tuple[Tensor, Tensor, Tensor, Tensor]
Table = tuple[Tensor, Tensor, Tensor]

_MULTIPLIERS: Final = (0xD2511F53, 0xCD9E8D57)
_WEYL: Final = (0x9E3779B9, 0xBB67AE85)
_MASK: Final = 0xFFFFFFFF
_HALF: Final = 0xFFFF
_SIGN: Final = 1 << 31
#: Devices whose torch has no float64.
_NARROW: Final = ("mps",)


def run_words(key: Key, start: int, length: int, device: torch.device) -> Tensor:
    """Draw the words of consecutive elements: element i is word i mod 4 of block i >> 2.

    Where they start is no value of the device, so nothing waits for it: neither this process
    nor a CUDA graph, which may record no waiting.

    Args:
        key: the stream's key.
        start: index of the first element.
        length: how many there are.
        device: where to draw.
    """
    lane, block = start & 3, start >> 2
    count = (lane + length + 3) >> 2
    blocks = torch.arange(block, block + count, dtype=torch.int64, device=device)
    return _quads(blocks, key).ravel().narrow(0, lane, length)


def words(key: Key, starts: Tensor, length: int) -> Tensor:
    """Draw the words of several runs of consecutive elements.

    Args:
        key: the stream's key.
        starts: index of the first element of each run, int64, shape (runs,).
        length: elements in each run.

    Returns:
        Words of shape (runs, length).
    """
    lanes = starts & 3
    count = (length + 6) >> 2
    blocks = (starts >> 2)[:, None] + torch.arange(count, device=starts.device)
    quads = _quads(blocks, key).reshape(len(starts), -1)
    places = lanes[:, None] + torch.arange(length, device=starts.device)
    return torch.gather(quads, 1, places)


def _quads(blocks: Tensor, key: Key) -> Tensor:
    """Draw the four words of every block, along a last axis of their own."""
    return torch.stack(philox(_counter(blocks), key), -1)


def _counter(blocks: Tensor) -> Quad:
    none = torch.zeros_like(blocks)
    return blocks & _MASK, blocks >> 32, none, none


def philox(counter: Quad, key: Key) -> Quad:
    """Compute Philox4x32-10 of every counter."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(ROUNDS):
        high0, low0 = _product(c0, _MULTIPLIERS[0])
        high1, low1 = _product(c2, _MULTIPLIERS[1])
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = (k0 + _WEYL[0]) & _MASK, (k1 + _WEYL[1]) & _MASK
    return c0, c1, c2, c3


def _product(word: Tensor, factor: int) -> tuple[Tensor, Tensor]:
    """Compute the upper and the lower 32 bits of the products of words."""
    lower = word * (factor & _HALF)
    upper = word * (factor >> 16) + (lower >> 16)
    return upper >> 16, ((upper & _HALF) << 16) | (lower & _HALF)


def mulhi(a: Tensor, b: Any) -> Tensor:
    """Compute the upper 32 bits of the products of words."""
    return (a * (b >> 16) + ((a * (b & _HALF)) >> 16)) >> 16


def quantile(drawn: Tensor, table: Table) -> Tensor:
    """Look up the quantile of (word + ½) / 2³², in units of 2⁻²⁸ standard deviations.

    Args:
        drawn: uniform words.
        table: the columns of :func:`columns`, on the same device.
    """
    negative = drawn < _SIGN
    row_and_place = row_by_shifts if drawn.device.type in _NARROW else row_by_exponent
    row, t = row_and_place(torch.where(negative, drawn, _MASK - drawn) * 2 + 1)
    c0, c1, c2 = table
    # Each column is looked up where it is needed: fewer of them wait in memory.
    step = mulhi(t, c2[row])
    step = mulhi(t, c1[row] - step)
    z = c0[row] - (step >> 9)
    return torch.where(negative, -z, z)


def row_by_exponent(x: Tensor) -> tuple[Tensor, Tensor]:
    """Find the table's row, and the place in it: the bits of the float64 of x, which is exact."""
    pattern = x.to(torch.float64).view(torch.int64)
    return (pattern >> 46) - (1023 << 6), (pattern >> 14) & _MASK


def row_by_shifts(x: Tensor) -> tuple[Tensor, Tensor]:
    """Find the same without a float64: the leading zeros are shifted out, half by half."""
    octave = torch.full_like(x, 31)
    for shift in (16, 8, 4, 2, 1):
        short = x < 1 << (32 - shift)
        x = torch.where(short, x << shift, x)
        octave = torch.where(short, octave - shift, octave)
    fraction = (x << 1) & _MASK
    return (octave << 6) + (fraction >> 26), (fraction << 6) & _MASK


@cache
def columns(device: torch.device) -> Table:
    """Return the columns of the normative table on a device, which keeps them (48 KiB)."""
    with torch.inference_mode(mode=False):
        # On the CPU by name: the caller may be in another default device's context.
        table = torch.tensor(quantile_table().rows, dtype=torch.int64, device="cpu")
        c0, c1, c2 = (column.contiguous().to(device) for column in table.T)
    return c0, c1, c2
