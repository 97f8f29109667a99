"""The report as one self-contained HTML file."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from fanwise.conformance.checks.registry import claims
from fanwise.conformance.report import frames, overlays, plots
from fanwise.conformance.report.pages import page
from fanwise.conformance.report.reasons import reasons
from fanwise.conformance.report.row_lines import (
    block_heading,
    group_heading,
    rounded_text,
    row_line,
)
from fanwise.conformance.report.row_tables import RowSections, row_sections
from fanwise.conformance.report.table import MARKS, kill_rate, lines, modes
from fanwise.conformance.report.tallies import ClaimCount, tallies
from fanwise.conformance.results.files import write_text
from fanwise.conformance.results.kills import SEED
from fanwise.conformance.results.rows import SUITE, Origin, Outcome, ResultRow
from fanwise.conformance.results.runs import Run
from fanwise.conformance.results.verdicts import Verdict
from fanwise.core.dtypes import NAMES
from fanwise.spec.catalogue import catalogue
from fanwise.spec.errors import printable
from fanwise.spec.versions import package_version, spec_version

_MEANINGS = {
    Outcome.PASS: "holds",
    Outcome.FAIL: "fails",
    Outcome.DEVIATION: "listed deviation",
    Outcome.NONE: "nothing to judge",
}


def write_html(path: Path, verdict: Verdict) -> None:
    """Write the report."""
    write_text(path, report_page(verdict))


def report_page(verdict: Verdict) -> str:
    """Return the report.

    Raises:
        ModuleNotFoundError: without jinja2.
    """
    sections = row_sections(verdict)
    by_reason = reasons(verdict.rows)
    every_line = lines(verdict)
    return page(
        "fanwise.conformance.report",
        "report.html",
        "conformance",
        styles=("style.css", "plots.css"),
        again=partial(again, runs=verdict.runs),
        group_heading=group_heading,
        heading=block_heading,
        row_line=partial(row_line, reasons=by_reason),
        rounded_text=rounded_text,
        printable=printable,
        column_sum=_column_sum,
        verdict=verdict,
        judged=sum(row.outcome != Outcome.NONE for row in verdict.rows),
        lines=[line for line in every_line if line.scheme in catalogue().entries],
        starts=[line for line in every_line if line.scheme not in catalogue().entries],
        modes=modes(verdict),
        tallies=tallies(verdict),
        dtypes=NAMES,
        marks=MARKS,
        meanings=_MEANINGS,
        kills=kill_rate(verdict.suite),
        mutants=[row for row in verdict.suite if row.engine == Origin.MUTANT],
        deviations=[r for r in by_reason.values() if r.outcome == Outcome.DEVIATION],
        nothing=[r for r in by_reason.values() if r.outcome == Outcome.NONE],
        claims=claims().values(),
        sections=sections,
        **_drawn(verdict),
        **_choices(verdict, sections),
        **_versions(verdict),
    )


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


def _drawn(verdict: Verdict) -> dict[str, Any]:
    """Return what is drawn."""
    return {
        "pictures": overlays.shape_pictures(verdict.runs),
        "layers": overlays.layer_pictures(verdict.runs),
        "plots": plots.plots(verdict.runs),
        "frame": plots.FRAME,
        "strip": plots.STRIP,
        "excess": plots.EXCESS,
        "left": frames.LEFT,
        "top": frames.TOP,
    }


def _choices(verdict: Verdict, sections: RowSections) -> dict[str, Any]:
    """Return what rows may be filtered by: values, and how they are shown."""
    occurring = {row.claim for row in verdict.rows}
    engines = dict.fromkeys(row.engine for row in verdict.rows)
    named = dict.fromkeys(group.line for section in sections.every for group in section.groups)
    parts = [*sections.frameworks, sections.together, sections.suite]
    return {
        "columns": [part.name for part in parts],
        "section_choices": [(part.name, part.name) for part in parts],
        "engine_choices": [(engine, engine) for engine in engines],
        "line_choices": [(line, line) for line in named],
        "claim_choices": [(name, name) for name in claims() if name in occurring],
        "outcome_choices": [
            (outcome, f"{MARKS[outcome]} {_MEANINGS[outcome]}") for outcome in MARKS
        ],
    }


def _versions(verdict: Verdict) -> dict[str, Any]:
    """Return by what was judged and when, and what wrote the page."""
    dates = sorted(run.date for run in verdict.runs if run.date)
    return {
        "versions": sorted({run.fanwise for run in verdict.runs}),
        "specs": sorted({run.spec for run in verdict.runs}),
        "dates": [date.partition("T")[0] for date in dates],
        "fanwise": package_version(),
        "spec": spec_version(),
    }


def _column_sum(listed: Iterable[ClaimCount], column: int) -> int:
    return sum(tally.judged[column] for tally in listed)
