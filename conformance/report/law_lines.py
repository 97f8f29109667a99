"""The line of a law's density, upright where it is cut."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from fanwise.conformance.statistics.distributions import Distribution

_POINTS: Final = 61
#: Of a law without bounds, in its standard deviations.
_FAR: Final = 4.5


def density_line(
    law: Distribution, origin: float = 0.0, unit: float = 1.0
) -> Iterator[tuple[float, float]]:
    """Yield the points of the line, counted from an origin in some unit."""
    low, high = law.support
    low = low if math.isfinite(low) else law.mean - _FAR * law.std
    high = high if math.isfinite(high) else law.mean + _FAR * law.std
    places = np.linspace(low, high, _POINTS)
    yield (low - origin) / unit, 0.0
    for place, density in zip(places, law.frozen.pdf(places), strict=True):
        yield (float(place) - origin) / unit, float(density) * unit
    yield (high - origin) / unit, 0.0
