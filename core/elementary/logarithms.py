"""The functions of arrays that come from logarithms; NaN where there is none."""

from __future__ import annotations

from typing import Final

import numpy as np

from fanwise.core.elementary.exponential_pairs import fraction, less_one
from fanwise.core.elementary.logarithm_pairs import (
    LOGARITHM,
    logarithm,
    logarithm_but_near_one,
    mantissas,
)
from fanwise.core.elementary.pairs import (
    NONE,
    Flags,
    Floats,
    Rounded,
    nearest,
    product,
    quick_two_sum,
    quotient,
    two_sum,
)
from fanwise.core.elementary.tables import BITS, parts
from fanwise.spec.fixed_point import ln2

#: The bound on the relative error of ``softplus_inverse``, with room.
_OF_LESS_ONE: Final = 2.0**-67

#: Below it log(1 + x) rounds to x.
_TINY: Final = 2.0**-54
#: Of more, e^-x is nothing beside x.
_FAR: Final = 40.0
_LN2: Final = [np.array(part) for part in parts(ln2(BITS), BITS, 53, 53)]
_PER_LN2: Final = [np.array(part) for part in parts((1 << 2 * BITS) // ln2(BITS), BITS, 53)]


def log(x: Floats) -> Rounded:
    """Compute log x."""
    return _of_positive(x, *nearest(logarithm(x), LOGARITHM))


def log2(x: Floats) -> Rounded:
    """Compute log x / log 2."""
    high, low = _PER_LN2
    return _of_positive(x, *nearest(product(logarithm(x), (high, low)), LOGARITHM))


def log1p(x: Floats) -> Rounded:
    """Compute log(1 + x)."""
    above, low = two_sum(1.0, x)
    value, doubtful = _of_positive(above, *nearest(logarithm(above, low), LOGARITHM))
    tiny = np.abs(x) < _TINY
    return np.where(tiny, x, value), doubtful & ~tiny


def logit(p: Floats) -> Rounded:
    """Compute log(p / (1 - p)): a quotient that differs from 1 by (2 p - 1) / (1 - p).

    Next to 1/2, where this is asked for, 2 p - 1 is exact.
    """
    m, e = mantissas(p)
    rest = two_sum(1.0, -p)
    pair = logarithm_but_near_one(quotient((m, NONE), rest), e, quotient((2 * p - 1, NONE), rest))
    value, doubtful = nearest(pair, LOGARITHM)
    inside = (p > 0) & (p < 1)
    return np.where(inside, value, np.nan), doubtful & inside


def softplus_inverse(x: Floats) -> Rounded:
    """Compute log(e^x - 1): of a number that differs from 1 by 2 (e^(x - log 2) - 1).

    The error: e^x - 1 is wrong by 2**-71 of itself next to 0, where its logarithm is at least 6 in
    size, and elsewhere by 2**-80 e^x, which is 2**-69 of its logarithm where this is 2**-10 or
    more. Next to 1 the difference is wrong by 2**-71 of itself. With the error of a logarithm it
    is less than 2**-68.
    """
    number, n = less_one(np.clip(x, 0.0, _FAR))
    # The first difference is exact next to log 2, and the third part has the place of the last.
    high, low = two_sum(x - _LN2[0], -_LN2[1])
    h, low = fraction(quick_two_sum(high, low - _LN2[2]))
    pair = logarithm_but_near_one(number, n, (2 * h, 2 * low))
    value, doubtful = _of_positive(x, *nearest(pair, _OF_LESS_ONE))
    far = x > _FAR
    return np.where(far, x, value), doubtful & ~far


def _of_positive(x: Floats, value: Floats, doubtful: Flags) -> Rounded:
    inside = (x > 0) & (x < np.inf)
    return np.where(inside, value, np.where(x == np.inf, x, np.nan)), doubtful & inside
