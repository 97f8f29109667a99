"""Powers of arrays."""

from __future__ import annotations

from typing import Final

import numpy as np

from fanwise.core.elementary.exponential_pairs import EXPONENTIAL, exponential
from fanwise.core.elementary.exponentials import rounded
from fanwise.core.elementary.logarithm_pairs import LOGARITHM, logarithm
from fanwise.core.elementary.pairs import Floats, Rounded, quick_two_sum, two_product

#: By such an exponent a power of what is not 1 is 0 or infinite, and t can still be split.
_LARGEST: Final = 2.0**600
#: Of more, in size, e^t is 0 or infinite.
_LIMIT: Final = 800.0


def power(x: Floats, y: Floats) -> Rounded:
    """Compute x^y = e^t, t = y log |x|; NaN where x is negative and y not whole, or either is NaN.

    The error of t is that of the logarithm, times t. Zeros, infinities and NaN are doubtful, as
    there are few, and so are results that are half way between two floats.
    """
    h, low = logarithm(np.abs(x))
    y = np.clip(y, -_LARGEST, _LARGEST)
    t, e = two_product(h, y)
    t, e = quick_two_sum(t, e + low * y)
    beyond = np.abs(t) > _LIMIT
    t, e = np.where(beyond, np.copysign(_LIMIT, t), t), np.where(beyond, 0.0, e)
    bound = np.abs(t) * LOGARITHM + EXPONENTIAL
    value, doubtful = rounded(*exponential((t, e)), t, bound)
    negative = x < 0
    if negative.any():
        whole = np.floor(y) == y
        odd = negative & whole & (np.fmod(y, 2.0) != 0)
        value = np.where(negative & ~whole, np.nan, np.where(odd, -value, value))
        doubtful = doubtful & (whole | ~negative)
    none = np.isnan(x) | np.isnan(y)
    unusual = (x == 0) | ~(np.isfinite(x) & np.isfinite(y))
    return np.where(none, np.nan, value), (doubtful | unusual) & ~none
