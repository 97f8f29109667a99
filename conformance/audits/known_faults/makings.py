"""Faults of the numbers: the right stream, made into a dtype in another way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.conformance.audits.known_faults.bit_patterns import (
    BFLOAT16,
    Bits,
    StreamDraw,
    Where,
    bits_of_numbers,
    numbers,
)
from fanwise.conformance.audits.known_faults.deviating_weight import DeviatingWeight, KnownFault

#: How the bits of a block are made from a draw.
Make = Callable[[StreamDraw, Where], Bits]

#: The bits of a mantissa that float32 has beyond a narrower dtype.
_DROPPED: Final = {BFLOAT16: 16, "float16": 13}
_NARROW: Final = ("float16", BFLOAT16)


def other_makings(dtype: str) -> Iterator[tuple[KnownFault, Make]]:
    """Give the ways in which numbers may have come into a dtype other than by rounding once.

    Args:
        dtype: of the weight.
    """
    if dtype in _NARROW:
        yield (
            KnownFault(f"{dtype} by truncation", "Cut off, not rounded to nearest even."),
            lambda draw, where: _truncated(draw.bits("float32", where), dtype),
        )
        for other in _NARROW:
            if other != dtype:
                yield _by_way_of(other, dtype)
        note = "Halves are rounded away from zero, not to even."
        yield (
            KnownFault(f"{dtype} by another rounding", note),
            lambda draw, where: _half_up(draw.bits("float32", where), dtype),
        )
    else:
        for other in _NARROW:
            yield _by_way_of(other, dtype)
            fault = KnownFault(f"{other} by truncation", f"Cut to {other}, and widened to {dtype}.")
            yield fault, _truncated_and_widened(other, dtype)
    for other in ("float32", "float64"):
        if other != dtype:
            yield _by_way_of(other, dtype)
    yield (
        KnownFault("another endianness", "The bytes of each element are in the other order."),
        lambda draw, where: np.asarray(draw.bits(dtype, where).byteswap()),
    )
    yield (
        KnownFault("sign reversed", "Every element has the other sign."),
        lambda draw, where: bits_of_numbers(-numbers(draw.bits(dtype, where), dtype), dtype),
    )
    yield (
        KnownFault("absolute values", "Every element has lost its sign."),
        lambda draw, where: bits_of_numbers(np.abs(numbers(draw.bits(dtype, where), dtype)), dtype),
    )


def _by_way_of(other: str, dtype: str) -> tuple[KnownFault, Make]:
    """Give the making of a dtype from a draw of another one."""
    narrow = other in _NARROW
    widened = ", widened" if narrow and dtype not in _NARROW else ""
    name = f"another dtype's draw: {other}{widened}"
    note = f"These are the values of a draw in {other}, stored as {dtype}."

    def make(draw: StreamDraw, where: Where) -> Bits:
        drawn = draw.bits(other, where)
        values = numbers(drawn, other)
        if dtype == BFLOAT16 and other == "float64":
            # As frameworks do, in one rounding of float64.
            return _rounded_once(values)
        return bits_of_numbers(values, dtype)

    return KnownFault(name, note), make


def _rounded_once(values: NDArray[Any]) -> Bits:
    """Round float64 into bfloat16, by float32 rounded to odd."""
    single = values.astype(np.float32)
    bits = single.view(np.uint32).copy()
    exact = single.astype(np.float64) == values
    # Sticky: what float32 had to round is neither half of a step of bfloat16.
    low = bits & np.uint32(0xFFFF)
    tie = (low == 0x8000) & ~exact
    above = np.abs(single.astype(np.float64)) < np.abs(values)
    bits[tie & above] += np.uint32(1)
    bits[tie & ~above] -= np.uint32(1)
    return bits_of_numbers(bits.view(np.float32), BFLOAT16)


def _truncated(bits: Bits, dtype: str) -> Bits:
    """Cut float32 bits off where a narrower dtype ends."""
    cut = bits.astype(np.uint32) & ~np.uint32((1 << _DROPPED[dtype]) - 1)
    return bits_of_numbers(cut.view(np.float32), dtype)


def _truncated_and_widened(narrow: str, dtype: str) -> Make:
    def make(draw: StreamDraw, where: Where) -> Bits:
        return bits_of_numbers(
            numbers(_truncated(draw.bits("float32", where), narrow), narrow), dtype
        )

    return make


def _half_up(bits: Bits, dtype: str) -> Bits:
    """Round float32 bits to nearest, halves away from zero."""
    half = np.uint32(1 << (_DROPPED[dtype] - 1))
    return _truncated((bits.astype(np.uint32) + half).astype(np.uint32), dtype)


def is_made_by(deviating: DeviatingWeight, draw: StreamDraw, make: Make) -> bool:
    """Tell whether a draw, made in another way, gives the bits of a weight."""
    return (
        deviating.tells
        and np.array_equal(deviating.probed, make(draw, deviating.probe))
        and np.array_equal(deviating.held, make(draw, deviating.window))
    )
