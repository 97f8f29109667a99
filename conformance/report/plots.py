"""The plots of the report: native draws against the law that the scheme declares."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.engines import Engine
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.results.runs import Histogram, Run
from fanwise.conformance.statistics.distributions import Distribution, distribution_of
from fanwise.spec.errors import FanwiseError
from fanwise.spec.scheme import Scheme

#: Of a plot, in pixels; below the densities is a strip with what counts are over or under.
WIDTH, HEIGHT, STRIP = 380, 110, 28
#: Of the horizontal axis, in standard deviations from the mean; of the vertical one.
_REACH, _DENSEST = 4.0, 0.5
#: The strip shows a cell's count within this of what is expected, relative.
EXCESS: Final = 0.2
#: Where the outermost cells of a law without bounds are drawn to end.
_TAIL: Final = 1e-4


@dataclass(frozen=True, kw_only=True)
class Plot:
    """One draw of one framework.

    Attributes:
        adapter: the framework.
        subject: the shape.
        n: the number of elements.
        area: the outline of the empirical density.
        law: the line of the law's density.
        strip: the line of relative excess.
        rows: the claims about this draw.
    """

    adapter: str
    subject: str
    n: int
    area: str
    law: str
    strip: str
    rows: tuple[ResultRow, ...]


def plots(runs: Iterable[Run]) -> dict[str, list[Plot]]:
    """Return the plots of all frameworks, by scheme."""
    by_scheme: dict[str, list[Plot]] = {}
    for run in runs:
        by_subject: dict[tuple[str, str], list[ResultRow]] = {}
        for row in run.rows:
            if row.engine == Engine.NATIVE:
                by_subject.setdefault((row.scheme, row.subject), []).append(row)
        for histogram in run.histograms:
            rows = by_subject.get((histogram.scheme, histogram.subject), [])
            plot = _plot(run.adapter, histogram, tuple(rows))
            by_scheme.setdefault(histogram.scheme, []).append(plot)
    return by_scheme


def _plot(adapter: str, histogram: Histogram, rows: tuple[ResultRow, ...]) -> Plot:
    law = distribution_of(Scheme.from_dict(histogram.source).law(histogram.kernel))
    if law is None:
        hint = "Run the conformance again: its results have been changed."
        raise FanwiseError("a histogram of a scheme with a density", histogram.scheme, hint)
    counts = np.array(histogram.counts, np.float64)
    n = int(counts.sum())
    return Plot(
        adapter=adapter,
        subject=histogram.subject,
        n=n,
        area=_points(_outline(counts / n, _edges(law, len(counts)))),
        law=_points(_curve(law)),
        strip=_points(_excess(counts / n)),
        rows=rows,
    )


def _edges(law: Distribution, cells: int) -> NDArray[np.float64]:
    """Return where cells of equal probability meet, in standard deviations from the mean."""
    inner = [law.quantile(i / cells) for i in range(1, cells)]
    low, high = law.support
    first = low if math.isfinite(low) else law.quantile(_TAIL)
    last = high if math.isfinite(high) else law.quantile(1 - _TAIL)
    return (np.array([first, *inner, last]) - law.mean) / law.std


def _outline(
    shares: NDArray[np.float64], edges: NDArray[np.float64]
) -> Iterator[tuple[float, float]]:
    densities = shares / np.diff(edges)
    yield _at(edges[0], 0.0)
    for density, left, right in zip(densities, edges[:-1], edges[1:], strict=True):
        yield _at(left, density)
        yield _at(right, density)
    yield _at(edges[-1], 0.0)


def _curve(law: Distribution) -> Iterator[tuple[float, float]]:
    for place in np.linspace(-_REACH, _REACH, 161):
        yield _at(place, float(law.frozen.pdf(law.mean + place * law.std)) * law.std)


def _excess(shares: NDArray[np.float64]) -> Iterator[tuple[float, float]]:
    for number, share in enumerate(shares):
        excess = max(-EXCESS, min(EXCESS, share * len(shares) - 1))
        yield WIDTH * (number + 0.5) / len(shares), STRIP * (0.5 - excess / (2 * EXCESS))


def _at(place: float, density: float) -> tuple[float, float]:
    x = WIDTH * (place + _REACH) / (2 * _REACH)
    return x, HEIGHT * (1 - min(density, _DENSEST) / _DENSEST)


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
