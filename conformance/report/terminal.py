"""The report on a terminal: progress while it works, then the table, then what failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from fanwise.conformance.mutants.adapters import Kill
from fanwise.conformance.report.table import MARKS, deviations, kill_rate, lines, modes
from fanwise.conformance.results.rows import DEVIATION, FAIL, PASS, Row, Run
from fanwise.conformance.statistics.calibration import Calibration
from fanwise.conformance.verdict import Verdict
from fanwise.core.dtypes import NAMES

_COLOURS = {PASS: "green", FAIL: "bold red", DEVIATION: "yellow"}


@contextmanager
def shown(console: Console, adapter: str) -> Iterator[Callable[[int, int, str], None]]:
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
            task = bar.add_task("", adapter=adapter)
            yield lambda done, total, title: bar.update(
                task, completed=done, total=total, description=title
            )
        return
    tenths: set[int] = set()

    def line(done: int, total: int, title: str) -> None:
        tenth = 10 * done // total
        if tenth not in tenths:
            tenths.add(tenth)
            console.print(f"{adapter}: {done}/{total} {title}", highlight=False)

    yield line


def print_run(console: Console, run: Run) -> None:
    """One line for a run, and its failures."""
    counts = {name: sum(row.outcome == name for row in run.rows) for name in _COLOURS}
    caught, mutants = kill_rate(run.rows)
    where = [f"{name} {version}" for name, version in run.versions.items()] + [*run.devices]
    parts = [
        f"{counts[PASS] - caught} claims hold",
        f"{counts[DEVIATION]} listed deviations",
        f"[{_COLOURS[FAIL] if counts[FAIL] else 'default'}]{counts[FAIL]} fail[/]",
        *([f"{caught} of {mutants} mutants caught"] if mutants else []),
        f"{run.seconds} s",
    ]
    about = f" ({', '.join(where)})" if where else ""
    console.print(f"[bold]{run.adapter}[/]{about}: {', '.join(parts)}", highlight=False)
    print_rows(console, run.failures)


def print_rows(console: Console, rows: Iterable[Row]) -> None:
    """Every row, one by one."""
    for row in rows:
        mark, colour = MARKS[row.outcome], _COLOURS.get(row.outcome, "default")
        # One line each, however long: these are searched for, and copied.
        console.print(f"[{colour}]{mark}[/] {escape(str(row))}", highlight=False, soft_wrap=True)


def print_kills(console: Console, kills: Iterable[Kill], start: int) -> None:
    """The kill matrix: each mutant, the claim that must catch it, and how often it did."""
    found = list(kills)
    table = Table("mutant", "claim", "missed", "caught", title="Mutants")
    for kill in found:
        colour = "green" if kill.always else "bold red"
        missed = f"≤ {kill.mutant.missed:.0e}" if kill.mutant.missed else "never"
        rate = f"[{colour}]{kill.caught} of {kill.tried}[/]"
        table.add_row(kill.mutant.name, kill.mutant.claim, missed, rate)
    console.print(table)
    seeds = f"--seeds {found[0].tried} --first {start}"
    caught = sum(kill.always for kill in found)
    console.print(
        f"{caught} of {len(found)} mutants caught every time; again: fanwise mutants {seeds}"
    )


def print_calibration(console: Console, found: Iterable[Calibration]) -> None:
    """The share of false alarms at each rate: a row for each test and law."""
    lines: dict[tuple[str, str], dict[float, Calibration]] = {}
    for one in found:
        lines.setdefault((one.claim, one.law), {})[one.rate] = one
    rates = list(next(iter(lines.values())))
    runs = next(iter(lines.values()))[rates[0]].runs
    heads = [f"at {rate:g}" for rate in rates]
    table = Table("claim", "law", *heads, title=f"False alarms, of {runs} runs with nothing wrong")
    for (claim, law), by_rate in lines.items():
        cells = []
        for rate in rates:
            colour = "green" if by_rate[rate].sound else "bold red"
            cells.append(f"[{colour}]{by_rate[rate].alarms}[/]")
        table.add_row(claim, law, *cells)
    console.print(table)


def print_verdict(console: Console, verdict: Verdict) -> None:
    """The table, the deviations and failures, and the verdict in one line."""
    table = Table(
        title="Fanwise conformance",
        caption="✓ holds  △ listed deviation  ✗ fails  – none of its own",
    )
    table.add_column("scheme", no_wrap=True)
    for run in verdict.runs:
        table.add_column(run.adapter)
    table.add_column("together")
    for line in lines(verdict):
        cells = [f"[{_COLOURS.get(cell.worst, 'default')}]{cell}[/]" for cell in line.cells]
        table.add_row(line.scheme, *cells)
    console.print(table)
    console.print(_matrix(verdict))
    for one in deviations(verdict.rows):
        about = f"{', '.join(one.adapters)}: {', '.join(one.claims)}: {one.note}"
        console.print(f"[yellow]△[/] {escape(about)}", highlight=False, soft_wrap=True)
    print_rows(console, verdict.failures)
    judged = sum(row.outcome in _COLOURS for row in verdict.rows)
    caught, mutants = kill_rate(verdict.suite)
    outcome = "[bold green]PASS[/]" if verdict.passed else "[bold red]FAIL[/]"
    names = ", ".join(run.adapter for run in verdict.runs)
    console.print(
        f"{outcome}: {judged} claims on {names}; {len(verdict.failures)} fail; "
        f"{caught} of {mutants} mutants caught; "
        f"false-alarm probability below {verdict.false_alarms:.2g}",
        highlight=False,
    )


def _matrix(verdict: Verdict) -> Table:
    """Golden tensors of each dtype that each mode reproduced, to the bit."""
    table = Table("framework", "mode", *NAMES, title="Golden tensors, equal to the bit")
    for mode in modes(verdict):
        cells = [
            f"[{_COLOURS.get(outcome, 'default')}]{MARKS[outcome]} {count}[/]"
            for _, outcome, count in mode.outcomes
        ]
        table.add_row(mode.adapter, mode.mode, *cells)
    return table
