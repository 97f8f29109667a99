"""The report as one self-contained HTML file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, select_autoescape

from fanwise.conformance.rows import Histogram, Row
from fanwise.conformance.table import MARKS, kill_rate, lines, modes
from fanwise.conformance.verdict import Verdict
from fanwise.core.dtypes import NAMES

_WIDTH, _HEIGHT = 240, 48
#: The plot shows a cell's count within this of what is expected, relative.
_RANGE: Final = 0.2


@dataclass(frozen=True)
class Plot:
    """Counts in cells of equal probability, against what the scheme says: a flat line."""

    adapter: str
    subject: str
    n: int
    path: str


def write_html(path: Path, verdict: Verdict) -> None:
    """Write the report."""
    loader = PackageLoader("fanwise.conformance", "templates")
    environment = Environment(
        loader=loader, autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    text = environment.get_template("report.html").render(
        verdict=verdict,
        lines=lines(verdict),
        modes=modes(verdict),
        dtypes=NAMES,
        marks=MARKS,
        kills=kill_rate(verdict.rows),
        plots=_plots(verdict),
        rows=sorted(verdict.rows, key=_worst_first),
        width=_WIDTH,
        height=_HEIGHT,
        range=_RANGE,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _worst_first(row: Row) -> int:
    return ("fail", "deviation", "pass", "none").index(row.outcome)


def _plots(verdict: Verdict) -> dict[str, list[Plot]]:
    plots: dict[str, list[Plot]] = {}
    for run in verdict.runs:
        for histogram in run.histograms:
            plot = Plot(run.adapter, histogram.subject, sum(histogram.counts), _path(histogram))
            plots.setdefault(histogram.scheme, []).append(plot)
    return plots


def _path(histogram: Histogram) -> str:
    """The points of the line, in pixels; expected counts lie in the middle."""
    cells = len(histogram.counts)
    expected = sum(histogram.counts) / cells
    points = []
    for number, count in enumerate(histogram.counts):
        excess = max(-_RANGE, min(_RANGE, count / expected - 1))
        x = _WIDTH * (number + 0.5) / cells
        y = _HEIGHT * (0.5 - excess / (2 * _RANGE))
        points.append(f"{x:.1f},{y:.1f}")
    return " ".join(points)
