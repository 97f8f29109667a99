"""Densities as a picture of letters: a hill for each weight, as wide as the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.spec.laws import NormalLaw, TruncatedNormalLaw

#: Eighths of a line, and what stands for them where a terminal has no such letters.
_EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
_PLAIN: Final = " ..::||##"


def hills(shares: Sequence[NDArray[Any]], height: int, *, plain: bool) -> list[list[str]]:
    """Draw the shares of several weights, all to one scale.

    Args:
        shares: of each weight, the share of its elements in each cell.
        height: lines of a hill.
        plain: whether to keep to letters of ASCII.

    Returns:
        The lines of each hill, a letter for each cell.

    Examples:
        >>> hills([np.array([0.1, 0.8, 0.1])], 2, plain=True)
        [[' # ', '.#.']]
    """
    top = max(float(of_one.max()) for of_one in shares)
    letters = _PLAIN if plain else _EIGHTHS
    steps = len(letters) - 1
    levels = [np.rint(of_one / top * height * steps).astype(int) for of_one in shares]
    return [
        [
            "".join(letters[min(max(level - line * steps, 0), steps)] for level in of_one)
            for line in reversed(range(height))
        ]
        for of_one in levels
    ]


def shares_of(values: NDArray[Any], edges: NDArray[Any]) -> NDArray[Any]:
    """Return the share of values between each two edges."""
    counts, _ = np.histogram(values, edges)
    shares: NDArray[Any] = counts / values.size
    return shares


def shares_of_law(law: NormalLaw | TruncatedNormalLaw, edges: NDArray[Any]) -> NDArray[Any]:
    """Return the share of a law, of mean zero, between each two edges."""
    units = edges / law.sigma
    if isinstance(law, TruncatedNormalLaw):
        units = np.clip(units, law.low, law.high)
    below = np.array([math.erf(unit / math.sqrt(2)) / 2 for unit in units])
    within = np.diff(below)
    shares: NDArray[Any] = within / within.sum()
    return shares
