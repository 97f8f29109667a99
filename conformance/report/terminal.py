"""The report on a terminal: a table of marks, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.markup import escape as escape_markup
from rich.table import Table

from fanwise.conformance.report.table import (
    MARKS,
    Line,
    departures,
    kill_rate,
    lines,
    modes,
    remarks,
)
from fanwise.conformance.results.kills import Kill
from fanwise.conformance.results.rows import Outcome, ResultRow
from fanwise.conformance.results.runs import Run
from fanwise.conformance.results.verdicts import Verdict
from fanwise.conformance.statistics.calibration import Calibration
from fanwise.core.dtypes import NAMES
from fanwise.spec.errors import printable
from fanwise.spec.versions import package_version, spec_version

_COLOURS = {Outcome.PASS: "green", Outcome.FAIL: "bold red", Outcome.DEVIATION: "yellow"}
_LEGEND: Final = "✓ holds  △ listed deviation  ✗ fails  – nothing to judge"
#: What stands between two columns, and as narrow as the names of rows get for their sake.
_GAP, _NARROWEST = 3, 24


def escape(text: str) -> str:
    """Escape markup, and what a terminal obeys, in a text from a file or an adapter."""
    return escape_markup(printable(text))


def print_run(console: Console, run: Run) -> None:
    """Print one line for a run, and its failures."""
    counts = {outcome: sum(row.outcome == outcome for row in run.rows) for outcome in _COLOURS}
    failing = counts[Outcome.FAIL]
    caught, mutants = kill_rate(run.rows)
    platform = [f"{name} {version}" for name, version in run.versions.items()] + [*run.devices]
    parts = [
        f"{counts[Outcome.PASS] - caught} claims hold",
        f"{counts[Outcome.DEVIATION]} listed deviations",
        f"[{_COLOURS[Outcome.FAIL] if failing else 'default'}]{failing} fail[/]",
        *([f"{caught} of {mutants} mutants caught"] if mutants else []),
        f"{run.seconds} s",
    ]
    judged_on = escape(f" ({', '.join(platform)})") if platform else ""
    console.print(f"[bold]{escape(run.adapter)}[/]{judged_on}: {', '.join(parts)}", highlight=False)
    print_rows(console, run.failures)


def print_rows(console: Console, rows: Iterable[ResultRow]) -> None:
    """Print every row, one by one."""
    for row in rows:
        _print_marked(console, row.outcome, str(row))


def print_kills(console: Console, kills: Iterable[Kill], start: int) -> None:
    """Print the kill matrix: each mutant, the claim that must catch it, and how often it did."""
    every_kill = list(kills)
    table = _table("", "mutant", "claim", "may be missed", title="Mutants")
    for kill in every_kill:
        outcome = Outcome.PASS if kill.always else Outcome.FAIL
        missed = f"≤ {kill.missed:.0e}" if kill.missed else "never"
        table.add_row(_mark(outcome), *map(escape, (kill.mutant, kill.claim)), missed)
    console.print(table)
    for kill in every_kill:
        if not kill.always:
            times = f"caught {kill.caught} of {kill.tried} times by {kill.claim}"
            _print_marked(console, Outcome.FAIL, f"{kill.mutant}: {times}")
    seeds = f"--seeds {every_kill[0].tried} --first {start}"
    caught = sum(kill.always for kill in every_kill)
    console.print(
        f"{caught} of {len(every_kill)} mutants caught every time; again: fanwise mutants {seeds}",
        highlight=False,
    )


def print_calibration(console: Console, calibrations: Iterable[Calibration]) -> None:
    """Print the number of false alarms at each rate: a row for each test and law."""
    by_test: dict[tuple[str, str], dict[float, Calibration]] = {}
    every = list(calibrations)
    for calibration in every:
        by_rate = by_test.setdefault((calibration.claim, calibration.law), {})
        by_rate[calibration.rate] = calibration
    rates = list(next(iter(by_test.values())))
    title = f"False alarms, of {every[0].runs} runs with nothing wrong"
    table = _table("", "claim", "law", *(f"at {rate:.2g}" for rate in rates), title=title)
    for column in table.columns[3:]:
        column.justify = "right"
    for (claim, law), by_rate in by_test.items():
        sound = all(calibration.sound for calibration in by_rate.values())
        mark = _mark(Outcome.PASS if sound else Outcome.FAIL)
        table.add_row(mark, claim, law, *(str(by_rate[rate].alarms) for rate in rates))
    console.print(table)
    for calibration in every:
        if not calibration.sound:
            what = f"{calibration.claim}, {calibration.law}, at {calibration.rate:.2g}"
            wrong = f"{calibration.alarms} alarms, which are too many, or too few"
            _print_marked(console, Outcome.FAIL, f"{what}: {wrong}")


def print_verdict(console: Console, verdict: Verdict) -> None:
    """Print a table of marks, what is to be said of them, and the verdict in one line."""
    table = lines(verdict)
    columns = [*(run.adapter for run in verdict.runs), "together"]
    _print_marks(console, table, columns)
    for remark in remarks(table, columns):
        _print_marked(console, remark.outcome, str(remark))
    _print_matrix(console, verdict)
    reasons = departures(verdict.rows)
    if reasons:
        console.print("Why they depart", style="bold")
    for departure in reasons:
        names, claims = ", ".join(departure.adapters), ", ".join(departure.claims)
        _print_marked(console, Outcome.DEVIATION, f"{names}: {claims}: {departure.note}")
    print_rows(console, verdict.failures)
    if verdict.note:
        console.print(verdict.note, style="yellow", highlight=False)
    judged = sum(row.outcome in _COLOURS for row in verdict.rows)
    caught, mutants = kill_rate(verdict.suite)
    outcome = "[bold green]PASS[/]" if verdict.passed else "[bold red]FAIL[/]"
    names = escape(", ".join(run.adapter for run in verdict.runs))
    console.print(
        f"{outcome}: {judged} claims on {names}; {len(verdict.failures)} fail; "
        f"{caught} of {mutants} mutants caught; "
        f"false-alarm probability below {verdict.false_alarms:.2g}; "
        f"Fanwise {package_version()}, specification {spec_version()}",
        highlight=False,
    )


def _print_marks(console: Console, table: Sequence[Line], columns: Sequence[str]) -> None:
    """Print a mark for each row and column; the columns get numbers where names are too wide."""
    named = _table("scheme", *map(escape, columns), title="Fanwise conformance")
    widest = max((len(line.scheme) for line in table), default=0)
    room = console.width - sum(len(name) + _GAP for name in columns)
    if room < min(widest, _NARROWEST):
        named = _table("scheme", *map(str, range(1, len(columns) + 1)), title="Fanwise conformance")
        for number, name in enumerate(columns, 1):
            console.print(f"{number}  {escape(name)}", highlight=False)
    for column in named.columns[1:]:
        column.justify = "center"
        column.no_wrap = True
    for line in table:
        cells = [_mark(cell.worst) if cell.outcomes else "" for cell in line.cells]
        named.add_row(escape(line.scheme), *cells)
    console.print(named)
    console.print(_LEGEND, style="dim", highlight=False)


def _print_matrix(console: Console, verdict: Verdict) -> None:
    """Print the table of golden tensors of each dtype that each mode reproduced, to the bit."""
    every_mode = modes(verdict)
    if not every_mode:
        return
    heads = ("framework", "mode", *NAMES, "tensors")
    table = _table(*heads, title="Golden tensors, equal to the bit")
    for column in table.columns[2:-1]:
        column.justify = "center"
    table.columns[-1].justify = "right"
    for mode in every_mode:
        marks = [_mark(outcome) for _, outcome, _ in mode.outcomes]
        count = sum(count for *_, count in mode.outcomes)
        table.add_row(escape(mode.adapter), escape(mode.mode), *marks, str(count))
    console.print()
    console.print(table)


def _print_marked(console: Console, outcome: Outcome, text: str) -> None:
    """Print a line below its mark, folded to the page."""
    line = Table.grid(padding=(0, 1))
    line.add_column(no_wrap=True)
    line.add_column(overflow="fold")
    line.add_row(_mark(outcome), escape(text))
    console.print(line, highlight=False)


def _table(*heads: str, title: str) -> Table:
    """Return a table of which nothing is cut."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _mark(outcome: Outcome) -> str:
    return f"[{_COLOURS.get(outcome, 'default')}]{MARKS[outcome]}[/]"
