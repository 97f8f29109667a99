"""Whether two samples are of one law, at a false-alarm rate that is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from scipy import stats

#: The most that a model that is right may be called wrong by chance.
FALSE_ALARMS: Final = 1e-9
#: How much of a deviation may be the rounding of a float16 or bfloat16.
_ROUNDING: Final = 4e-3
#: How many comparisons are made of a pair of samples.
_COMPARISONS: Final = 3
#: How many numbers of a sample the means and distributions are of.
_KEPT: Final = 20_000


def same_law(sample: np.ndarray, other: np.ndarray | float, *, tests: int) -> Iterator[str]:
    """Give what tells a sample from another one, or from a deviation.

    The ratio of the two variances is held to its law for normal numbers, which vary most of all
    that weights are drawn from; the means and the distributions to their bounds.

    Args:
        sample: values that the library has drawn.
        other: values that are to be of the same law, or the deviation that is told of them.
        tests: how many weights of the model are compared.
    """
    chance = FALSE_ALARMS / (_COMPARISONS * max(tests, 1))
    if sample.size < 2:
        return
    std = float(np.std(sample, dtype=np.float64))
    if isinstance(other, float):
        low, high = (stats.chi2.ppf(q, sample.size - 1) for q in (chance / 2, 1 - chance / 2))
        seen = std**2 * sample.size / max(other, 1e-30) ** 2
        if not low / (1 + _ROUNDING) ** 2 < seen < high * (1 + _ROUNDING) ** 2:
            yield f"deviation {other:.4g} for {std:.4g}"
        return
    theirs = float(np.std(other, dtype=np.float64))
    degrees = (other.size - 1, sample.size - 1)
    bound = stats.f.isf(chance / 2, *degrees) * (1 + _ROUNDING) ** 2
    floor = stats.f.ppf(chance / 2, *degrees) / (1 + _ROUNDING) ** 2
    ratio = (theirs / max(std, 1e-30)) ** 2
    if not floor < ratio < bound:
        yield f"deviation {theirs:.4g} for {std:.4g}"
        return
    sample, other = _thinned(sample), _thinned(other)
    apart = abs(float(np.mean(other, dtype=np.float64) - np.mean(sample, dtype=np.float64)))
    share = 1 / sample.size + 1 / other.size
    degrees = (other.size - 1, sample.size - 1)
    if apart > stats.t.isf(chance / 2, min(degrees)) * max(std, theirs) * share**0.5:
        yield f"mean {np.mean(other):.4g} for {np.mean(sample):.4g}"
        return
    steps = stats.ks_2samp(sample, other, method="asymp").statistic
    if steps > (np.log(2 / chance) / 2 * share) ** 0.5 + _ROUNDING:
        yield f"another distribution of deviation {std:.4g}"


def _thinned(sample: np.ndarray) -> np.ndarray:
    """Take a share of a large sample, from all of it."""
    return sample[:: max(1, sample.size // _KEPT)]
