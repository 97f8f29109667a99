"""The report as one self-contained HTML file."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from jinja2 import Environment, PackageLoader, select_autoescape

from fanwise.conformance.checks.registry import claims
from fanwise.conformance.report import plots
from fanwise.conformance.report.table import (
    MARKS,
    WORST_FIRST,
    departures,
    kill_rate,
    lines,
    modes,
)
from fanwise.conformance.results.files import write_text
from fanwise.conformance.results.kills import SEED
from fanwise.conformance.results.rows import SUITE, Origin, Outcome, ResultRow
from fanwise.conformance.results.runs import Run
from fanwise.conformance.results.verdicts import Verdict
from fanwise.core.dtypes import NAMES
from fanwise.spec.versions import package_version, spec_version

_WORDS = {
    Outcome.PASS: "holds",
    Outcome.FAIL: "fails",
    Outcome.DEVIATION: "listed deviation",
    Outcome.NONE: "nothing to judge",
}


def write_html(path: Path, verdict: Verdict) -> None:
    """Write the report."""
    loader = PackageLoader("fanwise.conformance.report", "templates")
    environment = Environment(
        loader=loader, autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["again"] = partial(again, runs=verdict.runs)
    text = environment.get_template("report.html").render(
        verdict=verdict,
        lines=lines(verdict),
        modes=modes(verdict),
        dtypes=NAMES,
        marks=MARKS,
        words=_WORDS,
        kills=kill_rate(verdict.suite),
        mutants=[row for row in verdict.suite if row.engine == Origin.MUTANT],
        deviations=departures(verdict.rows),
        plots=plots.plots(verdict.runs),
        size=(plots.WIDTH, plots.HEIGHT, plots.STRIP),
        excess=plots.EXCESS,
        claims=claims().values(),
        sections=_sections(verdict),
        fanwise=package_version(),
        spec=spec_version(),
    )
    write_text(path, text)


def again(row: ResultRow, runs: Iterable[Run]) -> str:
    """Return the command that judges a row again."""
    if row.adapter == SUITE:
        return f"fanwise mutants --first {SEED}"
    for run in runs:
        if run.adapter == row.adapter:
            variables = [f"{name}={shlex.quote(value)}" for name, value in run.environment.items()]
            entry = shlex.quote(run.entry or run.adapter)
            command = f"fanwise conformance --adapter {entry} --only {shlex.quote(row.step)}"
            return " ".join([*variables, command])
    # It is about several runs.
    return "fanwise verdict RESULTS ..."


def _sections(verdict: Verdict) -> list[tuple[str, list[ResultRow]]]:
    """Return all rows, by framework, the worst first."""
    sections = [(run.adapter, list(run.rows)) for run in verdict.runs]
    sections += [("together", list(verdict.compared)), ("the suite itself", list(verdict.suite))]
    return [(name, sorted(rows, key=_badness)) for name, rows in sections]


def _badness(row: ResultRow) -> int:
    return WORST_FIRST.index(row.outcome)
