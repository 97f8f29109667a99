"""Values that were computed, such as ramps and tables of sines, told from what was drawn."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: A few values about zero may be of any law; fewer yet may be anything.
SOME: Final = 8
#: How like its neighbour a value of a formula is, by the correlation, and in standard errors.
_SMOOTH: Final = 0.5
_SMOOTH_ERRORS: Final = 6.0
#: The share of the values that are drawn twice, at most, of random float32 numbers.
_REPEATED: Final = 0.02
#: The bits of a float32 that are zero in narrower numbers, which repeat often.
_OF_SINGLES: Final = 0xFFF


def is_formula(sample: NDArray[np.float64]) -> bool:
    """Tell whether values seem to be computed, such as a ramp or a table of sines, not drawn.

    Args:
        sample: finite numbers, not all of them the same, in their order.

    Examples:
        >>> is_formula(np.arange(20.0)), is_formula(np.random.default_rng(0).normal(0, 1, 20))
        (True, False)
    """
    mean, std = float(sample.mean()), float(sample.std())
    steps = np.diff(sample)
    if (steps >= 0).all() or (steps <= 0).all():
        return sample.size >= SOME
    # cos 0 stands in every table of cosines; padding is 0.
    given = sample[sample != 0]
    if np.abs(given).max() == 1:
        return True
    singles = given.astype(np.float32)
    is_narrow = bool((singles.view(np.uint32) & _OF_SINGLES == 0).all())
    # The nearer float32 numbers lie to each other, the fewer of them are drawn twice.
    gap = float(np.spacing(np.abs(singles).max()))
    repeated = 1 - np.unique(given).size / given.size
    if repeated > _REPEATED + given.size * gap / std and not is_narrow:
        return True
    scaled = (sample - mean) / std
    likeness = float((scaled[1:] * scaled[:-1]).mean())
    return likeness > max(_SMOOTH, _SMOOTH_ERRORS / math.sqrt(sample.size))
