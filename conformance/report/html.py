"""The report as one self-contained HTML file."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from jinja2 import Environment, PackageLoader, select_autoescape

from fanwise.conformance.checks.claims import CLAIMS
from fanwise.conformance.report import plots
from fanwise.conformance.report.table import MARKS, deviations, kill_rate, lines, modes
from fanwise.conformance.results.rows import DEVIATION, FAIL, NONE, PASS, SUITE, Row, Run
from fanwise.conformance.verdict import Verdict
from fanwise.core.dtypes import NAMES

_WORDS = {
    PASS: "holds",
    FAIL: "fails",
    DEVIATION: "listed deviation",
    NONE: "none of its own",
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
        mutants=[row for row in verdict.suite if row.engine == "mutant"],
        deviations=deviations(verdict.rows),
        plots=plots.plots(verdict.runs),
        size=(plots.WIDTH, plots.HEIGHT, plots.STRIP),
        excess=plots.EXCESS,
        claims=CLAIMS.values(),
        sections=_sections(verdict),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def again(row: Row, runs: Iterable[Run]) -> str:
    """The command that judges a row again."""
    if row.adapter == SUITE:
        return "fanwise mutants --first 77"
    for run in runs:
        if run.adapter == row.adapter:
            variables = [f"{name}={shlex.quote(value)}" for name, value in run.environment.items()]
            entry = shlex.quote(run.entry or run.adapter)
            command = f"fanwise conformance --adapter {entry} --only {shlex.quote(row.step)}"
            return " ".join([*variables, command])
    # It is about several runs.
    return "fanwise verdict RESULTS ..."


def _sections(verdict: Verdict) -> list[tuple[str, list[Row]]]:
    """All rows, by framework, the worst first."""
    found = [(run.adapter, list(run.rows)) for run in verdict.runs]
    found += [("together", list(verdict.compared)), ("the suite itself", list(verdict.suite))]
    order = (FAIL, DEVIATION, PASS, NONE)
    return [(name, sorted(rows, key=lambda row: order.index(row.outcome))) for name, rows in found]
