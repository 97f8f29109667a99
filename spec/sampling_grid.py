"""Where the heads of deformable attention look first: in all directions, point by point farther."""

from __future__ import annotations

import math
from functools import lru_cache

from fanwise.spec.elementary import cos, sin
from fanwise.spec.generator_options import GeneratorOptions


@lru_cache(maxsize=64)
def directions(heads: int) -> tuple[tuple[float, float], ...]:
    """Return the direction of each head, (x, y): the angle 2πh / heads, on the unit square.

    It is computed within the eighth of the circle around the next axis, so that heads that look
    along an axis have exact zeros, and opposite ones the same numbers.
    """
    return tuple(_direction(head, heads) for head in range(heads))


def _direction(head: int, heads: int) -> tuple[float, float]:
    # 8 head / heads eighths of the circle, from the middle of one side of the square on.
    side, eighths = divmod(8 * head + heads, 2 * heads)
    angle = (eighths - heads) * math.pi / (4 * heads)
    slope = sin(angle) / cos(angle) if eighths else -1.0
    return ((1.0, slope), (-slope or 0.0, 1.0), (-1.0, -slope or 0.0), (slope, -1.0))[side % 4]


def grid_largest(law: GeneratorOptions) -> float:
    """Return the largest offset, in samples of the feature map."""
    return float(law.option("points"))


def grid_mean(law: GeneratorOptions) -> float:
    """Return the mean of all offsets."""
    points: int = law.option("points")
    heads: int = law.option("heads")
    total = math.fsum(x for direction in directions(heads) for x in direction)
    return total * (points + 1) / 2 / (2 * heads)


def grid_mean_square(law: GeneratorOptions) -> float:
    """Return the mean square of all offsets."""
    points: int = law.option("points")
    heads: int = law.option("heads")
    total = math.fsum(x * x for direction in directions(heads) for x in direction)
    return total * (points + 1) * (2 * points + 1) / 6 / (2 * heads)
