"""Elementary functions of fixed-point numbers, in integers, with a bound on the error of each.

A number is an integer in units of 2**-bits. Every function says by how many units its result can
be wrong; more bits give more digits, without end.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

#: The bits of the table's argument: a logarithm is looked up for the nearest n / 64.
_TABLE: Final = 6
#: π is kept in steps of so many bits, as an argument of any exponent asks for its own number.
_STEP: Final = 128


def exponential(t: int, bits: int) -> tuple[int, int]:
    """Compute e^t as ``(m, k)``, in units of 2**(k - bits), with m in [2**bits, 2.01 * 2**bits).

    Where t / 2**bits is within ±2000, m is wrong by less than 8 units, and by two more for each
    unit by which t is.

    The argument less k ln 2 is known to 2 units, which are 4 of its exponential. That is
    squared h times from the one of its 2**-h-th part: each term of the series there is cut by less
    than 2 units, and each squaring doubles the relative error and adds 1 unit, so that N terms come
    to 2**(h+1) (2 N + 3) units of 2**-(bits + h + 12), less than one of 2**-bits while N < 500.
    """
    k = t // ln2(bits)
    rest = max(0, ((t << 12) - k * ln2(bits + 12)) >> 12)
    halvings = math.isqrt(bits) // 2
    inner = bits + halvings + 12
    r = rest << 12
    term = total = 1 << inner
    n = 1
    while term:
        term = (term * r >> inner) // n
        total += term
        n += 1
    for _ in range(halvings):
        total = total * total >> inner
    return total >> (inner - bits), k


def logarithm(a: int, b: int, bits: int) -> tuple[int, int]:
    """Compute log(a / b) as ``(m, bits)``, wrong by less than 4 units; a and b are positive.

    The bits are more than those asked for where a / b is close to 1, so that |m| > 2**(bits - 8)
    of the bits that were asked for, unless m = 0, where a = b.

    The nearest n / 64 of a table leaves a quotient whose inverse hyperbolic tangent is half of the
    logarithm, and less than 1/170 in size.
    """
    power = a.bit_length() - b.bit_length()
    a, b = (a, b << power) if power > 0 else (a << -power, b)
    if 5 * a > 7 * b:
        power, b = power + 1, b << 1
    elif 7 * a < 5 * b:
        power, a = power - 1, a << 1
    nearest = ((a << _TABLE + 1) + b) // (2 * b)
    if nearest == 1 << _TABLE and not power:
        bits += b.bit_length() - abs(a - b).bit_length() if a != b else 0
        return 2 * _inverse_tanh(a - b, a + b, bits), bits
    above, below = a << _TABLE, nearest * b
    inner = 2 * _inverse_tanh(above - below, above + below, bits)
    return inner + _table(nearest, bits) + (power * ln2(bits + 12) >> 12), bits


def sine(r: int, bits: int) -> int:
    """Compute sin r for 0 <= r < 1, wrong by less than 64 units while bits < 2000."""
    return _alternating(r, r, 2, bits)


def cosine(r: int, bits: int) -> int:
    """Compute cos r for 0 <= r < 1, wrong by less than 64 units while bits < 2000."""
    return _alternating(1 << bits, r, 1, bits)


def quadrant(numerator: int, denominator_bits: int, bits: int) -> tuple[int, int]:
    """Find the nearest multiple of π/2 to an exact number, and the rest.

    Args:
        numerator: of the number.
        denominator_bits: the number is numerator / 2**denominator_bits.
        bits: of the rest.

    Returns:
        The multiple modulo 4, and the signed rest, wrong by less than 2 units, within ±0.79.
    """
    whole = max(0, numerator.bit_length() - denominator_bits)
    inner = bits + whole + 4
    inner += -inner % _STEP
    shift = inner - denominator_bits
    x = numerator << shift if shift > 0 else numerator >> -shift
    half_pi = pi(inner) >> 1
    multiple, rest = divmod(x + (half_pi >> 1), half_pi)
    return multiple & 3, (rest - (half_pi >> 1)) >> (inner - bits)


@lru_cache(maxsize=256)
def ln2(bits: int) -> int:
    """Compute ln 2, wrong by less than 1 unit."""
    return 2 * _inverse_tanh(1, 3, bits + 4) >> 4


@lru_cache(maxsize=256)
def pi(bits: int) -> int:
    """Compute π, wrong by less than 1 unit: Machin's 16 arctan(1/5) - 4 arctan(1/239)."""
    inner = bits + bits.bit_length() + 8
    return 4 * (4 * _inverse_tan(5, inner) - _inverse_tan(239, inner)) >> (inner - bits)


@lru_cache(maxsize=1024)
def _table(nearest: int, bits: int) -> int:
    """Compute log(nearest / 64), wrong by less than 1 unit."""
    return 2 * _inverse_tanh(nearest - 64, nearest + 64, bits + 4) >> 4


def _inverse_tanh(numerator: int, denominator: int, bits: int) -> int:
    """Compute artanh(numerator / denominator), of at most 1/3, wrong by less than 1.1 units.

    A term is cut by less than 2 units, and there are fewer terms than bits / 3 + 2.
    """
    extra = bits.bit_length() + 4
    inner = bits + extra
    term = (abs(numerator) << inner) // denominator
    square = term * term >> inner
    total, n = term, 3
    while term:
        term = term * square >> inner
        total += term // n
        n += 2
    total >>= extra
    return total if numerator > 0 else -total


def _inverse_tan(n: int, bits: int) -> int:
    term = total = (1 << bits) // n
    divisor, k = n * n, 1
    while term:
        term //= -divisor
        k += 2
        total += term // k
    return total


def _alternating(first: int, r: int, k: int, bits: int) -> int:
    """Sum first (1 - r²/(k (k+1)) (1 - r²/((k+2) (k+3)) (…))), a term wrong by less than 2."""
    square = r * r >> bits
    term = total = first
    sign = -1
    while term:
        term = (term * square >> bits) // (k * (k + 1))
        total += sign * term
        sign, k = -sign, k + 2
    return total
