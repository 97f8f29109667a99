"""The report on a terminal: progress while it works, then the table, then what failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape as escape_markup
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from fanwise.conformance.report.table import MARKS, departures, kill_rate, lines, modes
from fanwise.conformance.results.kills import Kill
from fanwise.conformance.results.rows import Outcome, ResultRow
from fanwise.conformance.results.runs import Run
from fanwise.conformance.results.verdicts import Verdict
from fanwise.conformance.statistics.calibration import Calibration
from fanwise.core.dtypes import NAMES
from fanwise.spec.errors import printable
from fanwise.spec.versions import package_version, spec_version

_COLOURS = {Outcome.PASS: "green", Outcome.FAIL: "bold red", Outcome.DEVIATION: "yellow"}


def escape(text: str) -> str:
    """Escape markup, and what a terminal obeys, in a text from a file or an adapter."""
    return escape_markup(printable(text))


@contextmanager
def show_progress(console: Console, adapter: str) -> Iterator[Callable[[int, int, str], None]]:
    """Show progress; without a terminal, a line at every tenth of the way."""
    if console.is_terminal:
        columns = (
            TextColumn("{task.fields[adapter]}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
        )
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("", adapter=escape(adapter))
            yield lambda done, total, title: bar.update(
                task, completed=done, total=total, description=escape(title)
            )
        return
    tenths: set[int] = set()

    def line(done: int, total: int, title: str) -> None:
        tenth = 10 * done // total
        if tenth not in tenths:
            tenths.add(tenth)
            text = escape(f"{adapter}: {done}/{total} {title}")
            console.print(text, highlight=False)

    yield line


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
        mark, colour = MARKS[row.outcome], _COLOURS.get(row.outcome, "default")
        # One line each, however long: these are searched for, and copied.
        console.print(f"[{colour}]{mark}[/] {escape(str(row))}", highlight=False, soft_wrap=True)


def print_kills(console: Console, kills: Iterable[Kill], start: int) -> None:
    """Print the kill matrix: each mutant, the claim that must catch it, and how often it did."""
    every_kill = list(kills)
    table = Table("mutant", "claim", "missed", "caught", title="Mutants")
    for kill in every_kill:
        colour = "green" if kill.always else "bold red"
        missed = f"≤ {kill.missed:.0e}" if kill.missed else "never"
        rate = f"[{colour}]{kill.caught} of {kill.tried}[/]"
        table.add_row(escape(kill.mutant), kill.claim, missed, rate)
    console.print(table)
    seeds = f"--seeds {every_kill[0].tried} --first {start}"
    caught = sum(kill.always for kill in every_kill)
    console.print(
        f"{caught} of {len(every_kill)} mutants caught every time; again: fanwise mutants {seeds}"
    )


def print_calibration(console: Console, calibrations: Iterable[Calibration]) -> None:
    """Print the share of false alarms at each rate: a row for each test and law."""
    by_test: dict[tuple[str, str], dict[float, Calibration]] = {}
    for calibration in calibrations:
        by_rate = by_test.setdefault((calibration.claim, calibration.law), {})
        by_rate[calibration.rate] = calibration
    rates = list(next(iter(by_test.values())))
    runs = next(iter(by_test.values()))[rates[0]].runs
    heads = [f"at {rate:g}" for rate in rates]
    table = Table("claim", "law", *heads, title=f"False alarms, of {runs} runs with nothing wrong")
    for (claim, law), by_rate in by_test.items():
        cells = []
        for rate in rates:
            colour = "green" if by_rate[rate].sound else "bold red"
            cells.append(f"[{colour}]{by_rate[rate].alarms}[/]")
        table.add_row(claim, law, *cells)
    console.print(table)


def print_verdict(console: Console, verdict: Verdict) -> None:
    """Print the table, the deviations and failures, and the verdict in one line."""
    table = Table(
        title="Fanwise conformance",
        caption="✓ holds  △ listed deviation  ✗ fails  – nothing to judge",
    )
    table.add_column("scheme", no_wrap=True)
    for run in verdict.runs:
        table.add_column(escape(run.adapter))
    table.add_column("together")
    for line in lines(verdict):
        cells = [f"[{_COLOURS.get(cell.worst, 'default')}]{cell}[/]" for cell in line.cells]
        table.add_row(escape(line.scheme), *cells)
    console.print(table)
    console.print(_matrix(verdict))
    for departure in departures(verdict.rows):
        names, claims = ", ".join(departure.adapters), ", ".join(departure.claims)
        text = escape(f"{names}: {claims}: {departure.note}")
        console.print(f"[yellow]△[/] {text}", highlight=False, soft_wrap=True)
    print_rows(console, verdict.failures)
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


def _matrix(verdict: Verdict) -> Table:
    """Return the table of golden tensors of each dtype that each mode reproduced, to the bit."""
    table = Table("framework", "mode", *NAMES, title="Golden tensors, equal to the bit")
    for mode in modes(verdict):
        cells = [
            f"[{_COLOURS.get(outcome, 'default')}]{MARKS[outcome]} {count}[/]"
            for _, outcome, count in mode.outcomes
        ]
        table.add_row(escape(mode.adapter), escape(mode.mode), *cells)
    return table
