"""The frame of a plot: where a number lies in pixels, and the ticks of its axes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

#: Around the plot, in pixels: for the labels of the vertical axis, and of the horizontal one.
LEFT, RIGHT, TOP, BOTTOM = 46, 8, 8, 36
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
#: About how many ticks an axis has.
_TICKS: Final = 5


@dataclass(frozen=True)
class Tick:
    """One tick of an axis: where it is, in pixels, and what stands at it."""

    at: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What is seen of the plane, and how large.

    Attributes:
        width, height: of the plot without its labels, in pixels.
        low, high: the ends of the horizontal axis.
        top: the end of the vertical one, which begins at zero.
        across, up: what the axes measure.
    """

    width: int
    height: int
    low: float
    high: float
    top: float
    across: str
    up: str

    @property
    def size(self) -> tuple[int, int]:
        """Width and height with the labels."""
        return LEFT + self.width + RIGHT, TOP + self.height + BOTTOM

    def x(self, value: float) -> float:
        """Return where a number lies from the left; one beyond an end is at the end."""
        share = (value - self.low) / (self.high - self.low)
        return LEFT + self.width * min(1.0, max(0.0, share))

    def y(self, value: float) -> float:
        """Return where a number lies from above."""
        return TOP + self.height * (1 - min(1.0, max(0.0, value / self.top)))

    @property
    def ticks_across(self) -> tuple[Tick, ...]:
        """The ticks of the horizontal axis."""
        return tuple(Tick(self.x(number), text) for number, text in _round(self.low, self.high))

    @property
    def ticks_up(self) -> tuple[Tick, ...]:
        """The ticks of the vertical axis."""
        return tuple(Tick(self.y(number), text) for number, text in _round(0.0, self.top))

    def line(self, points: Iterable[tuple[float, float]]) -> str:
        """Return the path through some points."""
        return "M" + "L".join(f"{_short(self.x(x))} {_short(self.y(y))}" for x, y in points)

    def points(self, corners: Iterable[tuple[float, float]]) -> str:
        """Return the points of a polygon."""
        return " ".join(f"{_short(self.x(x))},{_short(self.y(y))}" for x, y in corners)

    def steps(self, edges: Sequence[float], heights: Sequence[float]) -> str:
        """Return the path of a histogram: a height for each pair of edges."""
        parts = [f"M{_short(self.x(edges[0]))} {_short(self.y(0.0))}"]
        parts += (
            f"V{_short(self.y(height))}H{_short(self.x(edge))}"
            for edge, height in zip(edges[1:], heights, strict=True)
        )
        return "".join([*parts, f"V{_short(self.y(0.0))}"])


def _round(low: float, high: float) -> Iterator[tuple[float, str]]:
    """Yield round numbers of an interval, and how they are written."""
    raw = (high - low) / _TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in _STEPS if factor * power >= raw * (1 - 1e-9))
    digits = max(0, -math.floor(math.log10(step)) + (step / power == 2.5))
    for number in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1):
        yield number * step, f"{number * step:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def _short(pixels: float) -> str:
    """Write a place to half a pixel."""
    return f"{round(2 * pixels) / 2:g}"
