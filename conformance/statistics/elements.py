"""What an element of a weight may be: its law, as the dtype that it is stored in rounds it.

All is in units of the law: an element less the law's mean, over its standard deviation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from scipy import stats

from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.chernoff import Cumulants, Numbers
from fanwise.conformance.statistics.distributions import Distribution, distribution_of
from fanwise.conformance.statistics.grids import GRIDS, Grid
from fanwise.conformance.statistics.tails import LIKELIEST
from fanwise.spec.laws import Law

#: Cells in which elements are counted: so many for each standard deviation, and in all; those at
#: the ends hold whatever lies farther out.
CELLS_PER_STD: Final = 128
CELLS: Final = 2048
#: Where the cells lie against the mean, in cells: so that no border is a number of a coarse dtype.
_SHIFT: Final = CELLS / 2 + 0.3819660112501051
#: How far rounding may move an element before its law is judged on the grid itself.
_MOVED: Final = 1e-3
_FEW_DIGITS: Final = 7
#: The digits of a grid none of whose numbers is likelier than the likeliest of a sampler.
_MANY_DIGITS: Final = 22
#: Where a law without bounds is as good as at its end.
_FAR: Final = 37.0
#: Steps on the grid below this share of the standard deviation are no finer than at it.
_FINEST: Final = 1 / 256
#: Of fewer elements the mean square may be as small as it likes: a sampler of float32 may draw
#: its smallest number more often than a continuous law does.
_SEVERAL: Final = 4
#: Intervals toward each end, and toward the mean, and the nodes in each, of the quadrature.
_HALVINGS, _NODES = 20, 12


@dataclass(frozen=True)
class Tail:
    """The outermost part of a law.

    Attributes:
        first, last: the cells below the first, and from the last on.
        probability: that of all of it.
    """

    first: int
    last: int
    probability: float


@dataclass(frozen=True)
class ElementLaw:
    """The law of a stored element.

    Attributes:
        law: of the element as it was drawn.
        grid: the numbers that it was rounded to.
    """

    law: Distribution
    grid: Grid

    def cells_of(self, scaled: Numbers) -> Numbers:
        """Return the numbers of the cells that elements lie in, as floats; overwrites them."""
        np.multiply(scaled, CELLS_PER_STD, out=scaled)
        np.add(scaled, _SHIFT, out=scaled)
        return np.clip(scaled, 0, CELLS - 1, out=scaled)

    @cached_property
    def borders(self) -> Numbers:
        """Up to where an element has been drawn that lies in a cell or below it."""
        borders = (np.arange(1, CELLS) - _SHIFT) / CELLS_PER_STD
        return self.grid.middles(self.law.mean + self.law.std * borders)

    @cached_property
    def cumulative(self) -> Numbers:
        """The probability that an element lies in a cell or below it."""
        return np.append(self.law.cdf(self.borders), 1.0)

    @cached_property
    def _above(self) -> Numbers:
        """The probability that an element lies above a cell, right far out too."""
        return np.append(self.law.beyond(self.borders), 0.0)

    @cached_property
    def ranks(self) -> Numbers:
        """The rank of an element by its cell, from -1 to 1: of mean 0, and a variance below 1/3."""
        before = np.append(0.0, self.cumulative[:-1])
        ranks: Numbers = before + self.cumulative - 1
        return ranks

    def tail(self, share: float) -> Tail:
        """Return the cells that hold the outermost part of the law, of about this share or less."""
        return _tail(self, share)

    def probability(self, number: float) -> float:
        """Return how likely an element is a number of the grid, at the most."""
        about = np.array([np.nextafter(number, -math.inf), number])
        ends = self.law.cdf(self.grid.middles(about))
        return float(ends[1] - ends[0]) + LIKELIEST

    def mean_bounds(self, n: int, alpha: float) -> tuple[float, float]:
        """Return where the mean of n elements lies, but for a probability of alpha."""
        return _mean_bounds(self, n, alpha)

    def deviation_bounds(self, n: int, alpha: float) -> tuple[float, float]:
        """Return the same for the root of their mean square, about the mean of the law."""
        return _deviation_bounds(self, n, alpha)

    @property
    def _given(self) -> tuple[float, float]:
        """How far rounding moves an element, at the most: of itself, and besides."""
        tiniest = 2.0 ** (self.grid.least - self.grid.digits - 1)
        besides = (self.grid.half_step * abs(self.law.mean) + tiniest) / self.law.std
        return self.grid.half_step, besides

    @property
    def is_coarse(self) -> bool:
        """Whether the numbers of the grid lie so far apart that each is an atom of the law."""
        return self.grid.digits <= _FEW_DIGITS or self._given[1] > _MOVED

    @property
    def has_atoms(self) -> bool:
        """Whether a number of the grid may be likelier than a sampler of float32 makes any."""
        return self.grid.digits < _MANY_DIGITS or self.is_coarse

    @cached_property
    def _atoms(self) -> tuple[Numbers, Numbers]:
        """Values that an element has, with their probabilities."""
        law = self.law
        if self.is_coarse:
            low, high = law.support if law.bounded else (-math.inf, math.inf)
            low, high = max(low, law.mean - _FAR * law.std), min(high, law.mean + _FAR * law.std)
            ends = self.grid.below(np.array([low, np.nextafter(high, math.inf)]))
            ends[1] = self.grid.above(ends[1:])[0]
            numbers = self.grid.numbers(ends[0], ends[1], _FINEST * law.std)
            middles = (numbers[:-1] + numbers[1:]) / 2
            weights = np.diff(law.cdf(middles), prepend=0.0, append=1.0)
        else:
            numbers, weights = _quadrature(law)
        return (numbers - law.mean) / law.std, weights

    @cached_property
    def _cumulants(self) -> tuple[Cumulants, Cumulants]:
        """Those of an element, and of its square."""
        values, weights = self._atoms
        # Of the square of a normal they end at a half.
        end = math.inf if self.law.bounded else 0.45
        return Cumulants.of_atoms(values, weights), Cumulants.of_atoms(values**2, weights, end)


@lru_cache(maxsize=4096)
def element_law(law: Law, dtype: str) -> ElementLaw | None:
    """Return the law of a stored element; its tables are worked out once.

    Args:
        law: what it was drawn from.
        dtype: what it is stored in.

    Returns:
        None for a law that is not of single elements, and for a dtype that has no floats.
    """
    distribution, grid = distribution_of(law), GRIDS.get(dtype)
    return None if distribution is None or grid is None else ElementLaw(distribution, grid)


@lru_cache(maxsize=65536)
def _mean_bounds(element: ElementLaw, n: int, alpha: float) -> tuple[float, float]:
    if element.is_coarse:
        return element._cumulants[0].bounds(n, alpha)  # noqa: SLF001
    if element.law.bounded:
        low, high = element._cumulants[0].bounds(n, alpha)  # noqa: SLF001
    else:
        high = float(stats.norm.isf(alpha / 2)) / math.sqrt(n)
        low = -high
    relative, besides = element._given  # noqa: SLF001
    slack = relative * element.deviation_bounds(n, alpha)[1] + besides
    return low - slack, high + slack


@lru_cache(maxsize=65536)
def _deviation_bounds(element: ElementLaw, n: int, alpha: float) -> tuple[float, float]:
    if element.is_coarse or element.law.bounded:
        low, high = element._cumulants[1].bounds(n, alpha)  # noqa: SLF001
    else:
        low, high = (
            bound / element.law.variance for bound in tails.variance_bounds(n, element.law, alpha)
        )
    low = math.sqrt(max(low, 0.0)) if n >= _SEVERAL else 0.0
    relative, besides = (0.0, 0.0) if element.is_coarse else element._given  # noqa: SLF001
    return (1 - relative) * low - besides, (1 + relative) * math.sqrt(high) + besides


@lru_cache(maxsize=65536)
def _tail(element: ElementLaw, share: float) -> Tail:
    below = element.cumulative
    above = element._above  # noqa: SLF001
    first = max(int(np.searchsorted(below, share / 2, side="right")), 1)
    last = min(int(np.searchsorted(-above, -share / 2)) + 1, CELLS - 1)
    probability = float(below[first - 1] + above[last - 1]) if first < last else 0.0
    return Tail(first, last, probability)


def _quadrature(law: Distribution) -> tuple[Numbers, Numbers]:
    """Return nodes that lie close to the mean and to the ends of a bounded law, and weights."""
    low, high = law.support
    halves = 0.5 ** np.arange(_HALVINGS)
    borders = np.unique(
        np.concatenate(
            [
                end + (other - end) * np.append(halves, 0.0) / 2
                for a, b in ((low, law.mean), (law.mean, high))
                for end, other in ((a, b), (b, a))
            ]
        )
    )
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    middles, widths = (borders[1:] + borders[:-1]) / 2, np.diff(borders) / 2
    numbers = (middles[:, None] + widths[:, None] * nodes).ravel()
    mass = (widths[:, None] * weights).ravel() * law.frozen.pdf(numbers)
    return numbers, mass / mass.sum()
