"""Values replaced by normal ones in the same order: exact tests whatever the law.

Independent draws of one law are in every order equally likely. Normal draws that are put in the
order of the values are then independent normals, exactly, at every size and of any law; so whatever
is known of normal vectors and matrices holds of them: correlations, sums of squares, singular
values. What is not exchangeable, such as copies and what training has left, keeps its pattern.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

#: The share of elements that are alike beside which their order is decided by lot.
_TIES: Final = 0.02
#: Of no stream that weights are drawn from.
_SEED: Final = 0x0A0D17

Floats = NDArray[np.float32]


def exchanged(values: NDArray[Any], seed: int) -> Floats:
    """Return independent normals in the order of the values of each row; ties in any order.

    Args:
        values: a vector, or a matrix whose rows have each a law of their own.
        seed: of the normals.
    """
    order = np.argsort(values, axis=-1)
    ordered = np.take_along_axis(values, order, axis=-1)
    ties = int(np.count_nonzero(ordered[..., 1:] == ordered[..., :-1]))
    if ties > _TIES * values.size:
        # Numbers beside those that are alike decide their order.
        keys = np.random.default_rng([_SEED, seed, 1]).random(values.shape, np.float32)
        order = np.lexsort((keys, values), axis=-1)
    replaced = np.empty(values.shape, np.float32)
    np.put_along_axis(replaced, order, _ordered_normals(values.shape, seed), axis=-1)
    return replaced


@lru_cache(maxsize=12)
def _ordered_normals(shape: tuple[int, ...], seed: int) -> Floats:
    """Draw normals in ascending order in each row."""
    drawn = np.random.default_rng([_SEED, seed]).standard_normal(shape, np.float32)
    return np.sort(drawn, axis=-1)


def correlation_bound(n: int, alpha: float) -> float:
    """Return what a correlation of n independent normals exceeds, either way, at this rate."""
    if n < 3:
        return 1.0
    t = float(stats.t.isf(alpha / 2, n - 2)) if n > 3 else math.inf
    return t / math.sqrt(n - 2 + t * t) if math.isfinite(t) else 1.0


def largest_singular_bound(rows: int, columns: int, alpha: float) -> float:
    """Return what the largest singular value of a normal matrix exceeds, at most at this rate.

    References:
        Davidson & Szarek 2001, theorem 2.13.
    """
    return math.sqrt(rows) + math.sqrt(columns) + math.sqrt(2 * math.log(1 / alpha))


def square_sum_bounds(n: int, alpha: float) -> tuple[float, float]:
    """Return the bounds of the mean square of n normals."""
    return float(stats.chi2.ppf(alpha / 2, n)) / n, float(stats.chi2.isf(alpha / 2, n)) / n
