"""The report on a terminal: progress while it works, then the table, then what failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from fanwise.conformance.rows import DEVIATION, FAIL, PASS, Run
from fanwise.conformance.table import MARKS, kill_rate, lines, modes
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
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    console.print(
        f"[bold]{run.adapter}[/] ({versions}; {', '.join(run.devices)}): "
        f"{counts[PASS]} claims hold, {counts[DEVIATION]} listed deviations, "
        f"[{_COLOURS[FAIL] if counts[FAIL] else 'default'}]{counts[FAIL]} fail[/]; "
        f"{caught} of {mutants} mutants caught; {run.seconds} s",
        highlight=False,
    )
    _print_failures(console, run.failures)


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
    deviations = {
        f"{row.adapter}: {row.claim}: {row.note}"
        for row in verdict.rows
        if row.outcome == DEVIATION
    }
    for text in sorted(deviations):
        console.print(f"[yellow]△[/] {text}", highlight=False)
    _print_failures(console, verdict.failures)
    judged = sum(row.outcome in _COLOURS for row in verdict.rows)
    outcome = "[bold green]PASS[/]" if verdict.passed else "[bold red]FAIL[/]"
    names = ", ".join(run.adapter for run in verdict.runs)
    console.print(
        f"{outcome}: {judged} claims on {names}; {len(verdict.failures)} fail; "
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


def _print_failures(console: Console, rows: tuple[object, ...]) -> None:
    for row in rows:
        console.print("[bold red]✗[/]", str(row), highlight=False, markup=True)
