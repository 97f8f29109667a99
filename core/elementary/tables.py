"""The tables and constants of the functions of arrays, from integers of 200 bits."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from fanwise.core.elementary.pairs import Floats
from fanwise.spec.fixed_point import cosine, exponential, ln2, logarithm, pi, sine
from fanwise.spec.nearest import rounded

BITS: Final = 200
#: Powers of two: steps of an octave.
STEPS: Final = 256
#: Logarithms: the smallest mantissa of the table, and one more than its steps per unit.
FIRST: Final = 352
UNIT: Final = 512
#: Circular functions: steps of π.
TURN: Final = 512

#: The bits of a factor in the table of logarithms after its point.
_FACTOR_BITS: Final = 25


def parts(number: int, bits: int, *sizes: int) -> tuple[float, ...]:
    """Cut number / 2**bits in floats: each of so many bits, the last of 53."""
    found = []
    for size in (*sizes, 53):
        drop = max(0, abs(number).bit_length() - size)
        part = number if size == 53 else number >> drop << drop
        value = rounded(part, -bits)
        found.append(value)
        top, bottom = value.as_integer_ratio()
        number -= (top << bits) // bottom
    return tuple(found)


@cache
def roots_of_two() -> tuple[Floats, Floats]:
    """Return 2**(j / 256) for j from 0 to 255, as pairs."""
    powers = (exponential(j * ln2(BITS + 8) >> 16, BITS)[0] for j in range(STEPS))
    return _pairs([parts(power, BITS, 53) for power in powers])


@cache
def factors() -> tuple[Floats, Floats, Floats]:
    """Return for i from 352 to 704 a factor c of 26 bits next to 512 / i, and -log c as pairs."""
    inverses = [((UNIT << _FACTOR_BITS + 1) + i) // (2 * i) for i in range(FIRST, 2 * FIRST + 1)]
    logs = (logarithm(1 << _FACTOR_BITS, c, BITS) for c in inverses)
    highs, lows = _pairs([parts(*log, 53) for log in logs])
    return np.array([c / 2**_FACTOR_BITS for c in inverses]), highs, lows


@cache
def sines() -> tuple[Floats, Floats]:
    """Return sin(j π / 512) for j from 0 to 1023, as pairs."""
    eighth, quarter = TURN // 4, TURN // 2
    rising = [
        (sine if j <= eighth else cosine)(pi(BITS) * min(j, quarter - j) // TURN, BITS)
        for j in range(quarter)
    ]
    half = [*rising, 1 << BITS, *rising[:0:-1]]
    return _pairs([parts(number, BITS, 53) for number in (*half, *(-number for number in half))])


def _pairs(rows: list[tuple[float, ...]]) -> tuple[Floats, Floats]:
    highs, lows = np.array(rows).T.copy()
    return highs, lows
