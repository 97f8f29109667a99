"""The distributions that a weight may be drawn from, at mean 0 and standard deviation 1."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.spec.laws import Law, NormalLaw, TruncatedNormalLaw, UniformLaw
from fanwise.spec.truncation import truncated_mass, truncated_moments

Values = NDArray[np.float64]

#: Where the truncated normal law of the catalogue is cut.
USUAL_CUT: Final = 2.0
#: A normal law is cut nowhere nearer than this, in standard deviations.
UNCUT: Final = 6.5


@dataclass(frozen=True)
class Family:
    """A symmetric law of mean 0 and standard deviation 1.

    Attributes:
        scheme: of the catalogue: ``"uniform"``, ``"normal"`` or ``"truncated_normal"``.
        cut: where a truncated normal is cut, in standard deviations of the uncut one.
    """

    scheme: str
    cut: float = math.inf

    @property
    def words(self) -> str:
        """Its name in prose."""
        return self.scheme.replace("_", " ")

    @property
    def window(self) -> dict[str, float]:
        """The parameters of the catalogue's scheme that say where it is cut, if it is elsewhere."""
        is_usual = math.isinf(self.cut) or self.cut == USUAL_CUT
        return {} if is_usual else {"low": -self.cut, "high": self.cut}

    @cached_property
    def shrinkage(self) -> float:
        """The standard deviation that the cut leaves of 1."""
        return truncated_moments(-self.cut, self.cut)[1] if math.isfinite(self.cut) else 1.0

    @cached_property
    def end(self) -> float:
        """The end of its support."""
        return math.sqrt(3) if self.scheme == "uniform" else self.cut / self.shrinkage

    @cached_property
    def higher(self) -> tuple[float, float, float]:
        """Its fourth, sixth and eighth moments."""
        if self.scheme == "uniform":
            return 9 / 5, 27 / 7, 9.0
        if math.isinf(self.cut):
            return 3.0, 15.0, 105.0
        edge = 2 * math.exp(-(self.cut**2) / 2) / math.sqrt(2 * math.pi)
        edge /= truncated_mass(-self.cut, self.cut)
        moment, moments = 1.0, {}
        for power in (2, 4, 6, 8):
            moment = (power - 1) * moment - self.cut ** (power - 1) * edge
            moments[power] = moment / self.shrinkage**power
        return moments[4], moments[6], moments[8]

    def error(self, count: int) -> float:
        """Return the relative standard error of the standard deviation of so many values."""
        return math.sqrt((self.higher[0] - 1) / (4 * max(count, 1)))

    def beyond(self, point: float) -> float:
        """Return the probability that the magnitude of a value is above a point."""
        if point >= self.end:
            return 0.0
        if self.scheme == "uniform":
            return 1 - point / self.end
        mass = math.erf(point * self.shrinkage / math.sqrt(2))
        whole = 1.0 if math.isinf(self.cut) else truncated_mass(-self.cut, self.cut)
        return max(1 - mass / whole, 0.0)

    def below(self, values: Values) -> Values:
        """Return the distribution function at some values."""
        if self.scheme == "uniform":
            return np.clip((values / self.end + 1) / 2, 0, 1)
        # erf, in the order of the values.
        whole = 1.0 if math.isinf(self.cut) else truncated_mass(-self.cut, self.cut)
        scaled = values * (self.shrinkage / math.sqrt(2))
        mass = np.fromiter(map(math.erf, scaled), np.float64, scaled.size)
        return np.clip((mass / whole + 1) / 2, 0, 1)


UNIFORM: Final = Family("uniform")
NORMAL: Final = Family("normal")


@lru_cache(maxsize=256)
def truncated(cut: float) -> Family:
    """Return the normal law that is cut on both sides; one that is cut far out is not cut."""
    return Family("truncated_normal", cut) if cut < UNCUT else NORMAL


def family_of(law: Law) -> Family | None:
    """Return the family of a law that draws each element by itself; None for others."""
    if isinstance(law, UniformLaw):
        return UNIFORM
    if isinstance(law, NormalLaw):
        return NORMAL
    if isinstance(law, TruncatedNormalLaw) and law.low == -law.high:
        return truncated(law.high)
    return None
