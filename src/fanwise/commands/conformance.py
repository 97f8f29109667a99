"""Adapters judged, and the suite that judges them."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from fanwise.commands.console import console

if TYPE_CHECKING:
    from fanwise.conformance.processes import Request
    from fanwise.conformance.results.runs import Run


def conformance(
    adapter: Annotated[
        list[str],
        typer.Option(
            help="An adapter's name; may be repeated. Variables may stand before it, as in "
            "'KERAS_BACKEND=jax keras': it is then judged in a process of its own."
        ),
    ],
    output: Annotated[
        Path | None, typer.Option(help="Write every claim to this file, as JSON.")
    ] = None,
    only: Annotated[
        str, typer.Option(help="Only the steps whose titles match, e.g. 'native he_*'.")
    ] = "*",
    jobs: Annotated[
        int, typer.Option(min=1, help="How many adapters are judged at once, each in a process.")
    ] = 1,
    quick: Annotated[
        bool, typer.Option("--quick", help="Judge each claim on a few schemes, shapes and layers.")
    ] = False,
) -> None:
    """Judge adapters, claim by claim, and the suite on its own mutants."""
    from fanwise.conformance.processes import Request
    from fanwise.conformance.report.terminal import escape
    from fanwise.conformance.results.files import check_writable
    from fanwise.conformance.results.runs import write_runs

    requests = [Request.parse(text) for text in adapter]
    if output is not None:
        check_writable(output)
    screen = console()
    if jobs > 1 or any(request.variables for request in requests):
        runs = _judge_side_by_side(screen, requests, jobs, only, quick=quick)
    else:
        runs = _judge_one_by_one(screen, adapter, only, quick=quick)
    if output is not None:
        write_runs(output, runs)
        screen.print(f"written to {escape(str(output))}", highlight=False)
    if any(judged_run.failures for judged_run in runs):
        raise typer.Exit(1)


def _judge_one_by_one(
    screen: Console, adapters: list[str], only: str, *, quick: bool
) -> list[Run]:  # fmt: skip
    """Judge adapters in this process, then the suite."""
    from fanwise.adapters.discovery import load
    from fanwise.conformance.report.terminal import print_rows, print_run, show_progress
    from fanwise.conformance.run import check_suite, run

    runs = []
    for name in adapters:
        loaded = load(name)
        with show_progress(screen, loaded.name) as progress:
            runs.append(run(loaded, progress, only, quick=quick))
        print_run(screen, runs[-1])
        if only != "*":
            print_rows(screen, runs[-1].rows)
    if only == "*":
        with show_progress(screen, "suite") as progress:
            runs.append(check_suite(progress, quick=quick))
        print_run(screen, runs[-1])
    return runs


def _judge_side_by_side(
    screen: Console, requests: list[Request], jobs: int, only: str, *, quick: bool
) -> list[Run]:  # fmt: skip
    """Judge adapters, and the suite, in processes of their own."""
    from fanwise.conformance.processes import SUITE_REQUEST, judge_side_by_side
    from fanwise.conformance.report.side_by_side import show_side_by_side
    from fanwise.conformance.report.terminal import print_rows, print_run

    asked = [*requests, SUITE_REQUEST] if only == "*" else requests
    runs = []
    with show_side_by_side(screen) as tell:
        for run in judge_side_by_side(asked, jobs, tell, only, quick=quick):
            runs.append(run)
            print_run(screen, run)
            if only != "*":
                print_rows(screen, run.rows)
    return runs


def mutants(
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds to try.")] = 1,
    first: Annotated[int | None, typer.Option(help="The first of them; drawn if left out.")] = None,
) -> None:
    """Break adapters in every way the suite knows, and show which claim catches each."""
    from fanwise.conformance.mutants.kills import kills
    from fanwise.conformance.report.terminal import print_kills, show_progress

    start = secrets.randbelow(1 << 31) if first is None else first
    screen = console()
    with show_progress(screen, "mutants") as progress:
        outcomes = kills(range(start, start + seeds), progress)
    print_kills(screen, outcomes, start)
    if not all(kill.always for kill in outcomes):
        raise typer.Exit(1)


def calibration(
    runs: Annotated[int, typer.Option(min=1, help="Simulated runs of every test.")] = 1000,
) -> None:
    """Judge samples with nothing wrong, many times, and count the false alarms."""
    from fanwise.conformance.checks.registry import calibration as calibrated_tests
    from fanwise.conformance.report.terminal import print_calibration
    from fanwise.conformance.statistics.calibration import calibrate

    rates = list(calibrate(runs, calibrated_tests()))
    print_calibration(console(), rates)
    if not all(rate.sound for rate in rates):
        raise typer.Exit(1)


def verdict(
    results: Annotated[list[Path], typer.Argument(help="What `fanwise conformance` wrote.")],
    json: Annotated[Path | None, typer.Option(help="Write all claims to this file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report to this file.")] = None,
) -> None:
    """Compare the frameworks, and give one verdict."""
    from fanwise.conformance.report.terminal import print_verdict
    from fanwise.conformance.results.files import check_writable
    from fanwise.conformance.results.runs import read_runs
    from fanwise.conformance.results.verdicts import write_verdict
    from fanwise.conformance.verdict import verdict as judged

    if html is not None:
        from fanwise.conformance.report.html import write_html
    for path in (json, html):
        if path is not None:
            check_writable(path)
    outcome = judged([run for path in results for run in read_runs(path)])
    if json is not None:
        write_verdict(json, outcome)
    if html is not None:
        write_html(html, outcome)
    print_verdict(console(), outcome)
    if not outcome.passed:
        raise typer.Exit(1)
