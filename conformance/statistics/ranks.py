"""Whether elements, weights and streams are independent, by ranks with exact bounds.

A rank is the law's distribution function at the element, moved to -1 … 1: under the
null it is uniform with variance 1/3, whatever the law, and the product of two
independent ranks has mean 0 and variance 1/9. So Bernstein's inequality holds, and three
times the mean product is the correlation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.conformance.statistics.distributions import Distribution
from fanwise.conformance.statistics.tails import (
    ALPHA,
    LIKELIEST,
    WINDOW,
    Finding,
    Sample,
    bernstein,
)

#: Steps between elements: within a block of four words, across blocks, vectors and chunks.
LAGS: Final = (1, 2, 3, 4, 5, 8, 16, 64, 4096, 65536)


def ranks(weight: NDArray[Any], law: Distribution) -> Sample:
    """Return the ranks of a weight's elements, in its shape."""
    return 2 * law.cdf(weight.astype(np.float64)) - 1


def lags(ranked: Sample, steps: Sequence[int], alpha: float = ALPHA) -> Finding:
    """Find the largest correlation, over some steps, of elements that lie a step apart.

    Only pairs that share no element are counted, so that their products are independent.
    """
    return _largest([_lag(np.ravel(ranked), step, alpha / len(steps)) for step in steps])


def lines(ranked: Sample, axis: int, alpha: float = ALPHA) -> Finding:
    """Find the largest mean of a row (axis 1) or a column (axis 0), in standard deviations."""
    means = np.abs(ranked.mean(axis=axis)) * math.sqrt(3)
    bound = bernstein(ranked.shape[axis], 1 / 3, 1.0, alpha / len(means)) * math.sqrt(3)
    return Finding(float(means.max()), 0.0, 0.0, bound)


def between(ranked: Sample, others: Sequence[Sample], alpha: float = ALPHA) -> Finding:
    """Find the largest correlation of one weight with each of some others."""
    return _largest([_correlation(ranked * other, alpha / len(others)) for other in others])


def repeats(weights: Iterable[NDArray[np.float32]]) -> tuple[Finding, int, float]:
    """Count the windows of consecutive elements that occur a second time, within or across weights.

    Returns:
        The finding, the number of windows, and the false-alarm rate: that of any two of
        them being alike, each element with the probability of its likeliest value.
    """
    windows = np.concatenate([_windows(np.ravel(weight)) for weight in weights])
    n = len(windows)
    # Sorting sixteen million integers takes a second; as many windows, half a minute.
    hashes = _hashes(windows)
    order = np.argsort(hashes)
    alike = np.flatnonzero(hashes[order[1:]] == hashes[order[:-1]])
    # What has one hash is compared itself, so that chance alone is never an alarm.
    equal = windows[order[alike]] == windows[order[alike + 1]]
    repeated = int(equal.all(axis=1).sum())
    rate = n * (n - 1) / 2 * LIKELIEST**WINDOW
    return Finding(float(repeated), 0.0, 0.0, 0.0), n, rate


def _lag(ranked: Sample, step: int, alpha: float) -> Finding:
    count = len(ranked) // (2 * step)
    pairs = ranked[: count * 2 * step].reshape(count, 2, step)
    return _correlation(pairs[:, 0] * pairs[:, 1], alpha)


def _correlation(products: Sample, alpha: float) -> Finding:
    bound = 3 * bernstein(products.size, 1 / 9, 1.0, alpha)
    return Finding(3 * float(products.mean()), 0.0, -bound, bound)


def _largest(findings: Sequence[Finding]) -> Finding:
    """Return the one that lies farthest out of, or nearest to, its own bounds."""
    return max(findings, key=lambda finding: abs(finding.observed) / finding.high)


def _windows(elements: NDArray[np.float32]) -> NDArray[np.uint32]:
    """Return every run of WINDOW consecutive elements: a view, of a row for each."""
    # Adding zero makes of -0.0 the 0.0 that it equals.
    words = (elements + np.float32(0)).view(np.uint32)
    return np.lib.stride_tricks.sliding_window_view(words, WINDOW)


def _hashes(windows: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return a hash of each window: a polynomial in an odd number, modulo 2⁶⁴."""
    hashed = np.zeros(len(windows), np.uint64)
    for place in range(WINDOW):
        hashed = hashed * np.uint64(0x9E3779B97F4A7C15) + windows[:, place]
    return hashed
