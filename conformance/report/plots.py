"""The plots of native draws: each framework's over the law that the scheme declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.engines import Engine
from fanwise.conformance.report.frames import LEFT, Frame
from fanwise.conformance.report.law_lines import density_line
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.results.runs import Histogram, Run
from fanwise.conformance.statistics.distributions import Distribution, distribution_of
from fanwise.spec.errors import FanwiseError
from fanwise.spec.scheme import Scheme

#: The horizontal axis is in standard deviations from the mean.
FRAME: Final = Frame(
    width=448,
    height=150,
    low=-4.0,
    high=4.0,
    top=0.5,
    across="standard deviations from the mean",
    up="density",
)
#: Of the strip below the densities, one for each framework, in pixels.
STRIP: Final = 24
#: The strip shows a cell's count within this of what is expected, relative.
EXCESS: Final = 0.1
#: So many cells are drawn of a density, and of a strip; those of the results are gathered.
_DENSITY, _STRIP = 32, 64
#: Places in the outermost cells, by the share of the cell beyond them.
_OUTER: Final = np.array([0.002, 0.02, 0.1, 0.3, 0.7])


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One draw of one framework.

    Attributes:
        adapter: the framework.
        number: of the framework in the report, which gives it a colour.
        subject: the shape.
        n: the number of elements.
        points: the corners of its density.
        strip: the outline of its excess.
        rows: the claims about it, by their names.
    """

    adapter: str
    number: int
    subject: str
    n: int
    points: str
    strip: str
    rows: Mapping[str, ResultRow]


@dataclass(frozen=True, kw_only=True)
class Plot:
    """All draws of one scheme on one shape.

    Attributes:
        scheme: the scheme as text.
        subject: the shape.
        law: the line of the law's density.
        curves: one for each framework.
    """

    scheme: str
    subject: str
    law: str
    curves: tuple[Curve, ...]

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims about any of the draws."""
        return tuple(dict.fromkeys(name for curve in self.curves for name in curve.rows))


def plots(runs: Iterable[Run]) -> tuple[Plot, ...]:
    """Return a plot for each scheme and shape that a framework drew natively."""
    curves: dict[tuple[str, str], list[Curve]] = {}
    laws: dict[tuple[str, str], Distribution] = {}
    for number, run in enumerate(runs):
        rows: dict[tuple[str, str], dict[str, ResultRow]] = {}
        for row in run.rows:
            if row.engine == Engine.NATIVE:
                rows.setdefault((row.scheme, row.subject), {})[row.claim] = row
        for histogram in run.histograms:
            key = (histogram.scheme, histogram.subject)
            law = laws.setdefault(key, _law(histogram))
            curve = _curve(run.adapter, number, histogram, law, rows.get(key, {}))
            curves.setdefault(key, []).append(curve)
    return tuple(
        Plot(scheme=key[0], subject=key[1], law=_line(laws[key]), curves=tuple(drawn))
        for key, drawn in curves.items()
    )


def _law(histogram: Histogram) -> Distribution:
    law = distribution_of(Scheme.from_dict(histogram.source).law(histogram.kernel))
    if law is None:
        hint = "Run the conformance again: its results have been changed."
        raise FanwiseError("a histogram of a scheme with a density", histogram.scheme, hint)
    return law


def _curve(
    adapter: str, number: int, histogram: Histogram, law: Distribution, rows: dict[str, ResultRow]
) -> Curve:
    n = sum(histogram.counts)
    shares = _gathered(histogram.counts, _DENSITY) / n
    return Curve(
        adapter=adapter,
        number=number,
        subject=histogram.subject,
        n=n,
        points=FRAME.points(_outline(law, shares)),
        strip=_strip(_gathered(histogram.counts, _STRIP) / n),
        rows=rows,
    )


def _outline(law: Distribution, shares: NDArray[np.float64]) -> Iterator[tuple[float, float]]:
    """Yield the corners of a density: the law's, times what each cell has of what it should."""
    places, densities, cells = _corners(law, len(shares))
    heights = densities * shares[cells] * len(shares)
    yield float(places[0]), 0.0
    yield from zip(places.tolist(), heights.tolist(), strict=True)
    yield float(places[-1]), 0.0


@lru_cache(maxsize=64)
def _corners(
    law: Distribution, cells: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return places, in standard deviations from the mean, the law's densities, and the cells.

    Cells of equal probability are wide where the law is thin, so the outer two have more places.
    """
    below = np.concatenate([_OUTER, np.arange(1, cells - 1) + 0.5, cells - _OUTER[::-1]]) / cells
    places = law.frozen.ppf(below)
    densities = law.frozen.pdf(places) * law.std
    return (
        (places - law.mean) / law.std,
        densities,
        np.minimum(cells - 1, below * cells).astype(int),
    )


def _gathered(counts: Sequence[int], cells: int) -> NDArray[np.float64]:
    """Return fewer cells, of equal probability too."""
    every = np.array(counts, np.float64)
    return every.reshape(cells, -1).sum(axis=1) if len(every) % cells == 0 else every


def _line(law: Distribution) -> str:
    return FRAME.line(density_line(law, law.mean, law.std))


def _strip(shares: NDArray[np.float64]) -> str:
    """Return the path of what each cell has more or less than it should."""
    parts = [f"M{LEFT} {STRIP / 2:g}"]
    step = f"h{FRAME.width / len(shares):.4g}"
    for share in shares:
        excess = max(-EXCESS, min(EXCESS, share * len(shares) - 1))
        parts.append(f"V{round(STRIP * (0.5 - excess / (2 * EXCESS)))}{step}")
    return "".join(parts)
