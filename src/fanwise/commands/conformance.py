"""Adapters judged, and the suite that judges them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanwise.commands.completions import complete_adapter
from fanwise.commands.console import console, print_json
from fanwise.commands.options import JsonFile, JsonFlag, is_standard_output, is_to_be_written
from fanwise.commands.outputs import check_outputs
from fanwise.commands.progress import progress

if TYPE_CHECKING:
    from fanwise.conformance.processes import AdapterRequest
    from fanwise.conformance.results.runs import Run


def conformance(
    adapter: Annotated[
        list[str],
        typer.Option(
            help="An adapter's name, or my_adapter.py:function that makes it; may be repeated. "
            "Variables may stand before it, as in 'KERAS_BACKEND=jax keras': it is then judged in "
            "a process of its own.",
            autocompletion=complete_adapter,
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write every claim to this file, as JSON.")
    ] = None,
    only: Annotated[
        str, typer.Option(help="Only the steps whose titles match, e.g. 'native he_*'.")
    ] = "*",
    jobs: Annotated[
        int, typer.Option(min=1, help="How many adapters are judged at once, each in a process.")
    ] = 1,
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Judge each claim on a few schemes, shapes and layers.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Judge adapters, claim by claim, and the suite on its own mutants.

    Example: fanwise conformance --adapter torch --output torch.json
    """
    from fanwise.conformance.processes import AdapterRequest
    from fanwise.conformance.report.terminal import escape, print_rows, print_run
    from fanwise.conformance.results.runs import runs_data, write_runs

    requests = [AdapterRequest.parse(text) for text in adapter]
    if output is not None:
        check_outputs([output], [])
    screen = console()
    runs = []
    apart = jobs > 1 or any(request.variables for request in requests)
    for judged_run in (
        _judged_side_by_side(requests, jobs, only, quick=quick)
        if apart
        else _judged(adapter, only, quick=quick)
    ):
        runs.append(judged_run)
        if not json:
            print_run(screen, judged_run)
            print_rows(screen, judged_run.rows if only != "*" else ())
    if output is not None:
        write_runs(output, runs)
    if json:
        print_json(runs_data(runs))
    elif output is not None:
        screen.print(f"written to {escape(str(output))}", soft_wrap=True)
    if any(judged_run.failures for judged_run in runs):
        raise typer.Exit(1)


def _judged(adapters: Sequence[str], only: str, *, quick: bool) -> Iterator[Run]:
    """Judge adapters one after the other, and after whole runs the suite itself."""
    from fanwise.conformance.run import check_suite, run_named

    for name in adapters:
        with progress(name) as tick:
            tick(0, 0, "importing it")
            judged_run = run_named(name, tick, only, quick=quick)
        yield judged_run
    if only == "*":
        with progress("suite") as tick:
            judged_run = check_suite(tick, quick=quick)
        yield judged_run


def _judged_side_by_side(
    requests: Sequence[AdapterRequest], jobs: int, only: str, *, quick: bool
) -> Iterator[Run]:
    """Judge adapters, and with whole runs the suite itself, in processes of their own."""
    from fanwise.conformance.processes import SUITE_REQUEST, judge_side_by_side
    from fanwise.conformance.report.side_by_side import show_side_by_side

    asked = [*requests, SUITE_REQUEST] if only == "*" else requests
    screen = console(stderr=True)
    finished = []
    with show_side_by_side(screen) as tell:
        for run in judge_side_by_side(asked, jobs, tell, only, quick=quick):
            if screen.is_terminal:  # nothing is printed between the bars
                finished.append(run)
            else:
                yield run
    yield from finished


def mutants(
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds to try.")] = 1,
    first: Annotated[int | None, typer.Option(help="The first of them; drawn if left out.")] = None,
    *,
    json: JsonFlag = False,
) -> None:
    """Break adapters in every way the suite knows, and show which claim catches each.

    Example: fanwise mutants --seeds 20
    """
    from fanwise.conformance.mutants.kills import kills
    from fanwise.conformance.report.terminal import print_kills

    start = secrets.randbelow(1 << 31) if first is None else first
    with progress("mutants") as tick:
        outcomes = kills(range(start, start + seeds), tick)
    passed = all(kill.always for kill in outcomes)
    if json:
        listed = [asdict(kill) for kill in outcomes]
        print_json({"first": start, "seeds": seeds, "passed": passed, "mutants": listed})
    else:
        print_kills(console(), outcomes, start)
    if not passed:
        raise typer.Exit(1)


def calibration(
    runs: Annotated[int, typer.Option(min=1, help="Simulated runs of every test.")] = 1000,
    *,
    json: JsonFlag = False,
) -> None:
    """Judge samples with nothing wrong, many times, and count the false alarms.

    Example: fanwise calibration --runs 200
    """
    from fanwise.conformance.checks.registry import calibration as calibrated_tests
    from fanwise.conformance.report.terminal import print_calibration
    from fanwise.conformance.statistics.calibration import calibrate

    with progress("calibration") as tick:
        rates = list(calibrate(runs, calibrated_tests(), progress=tick))
    passed = all(rate.sound for rate in rates)
    if json:
        listed = [{**asdict(rate), "sound": rate.sound} for rate in rates]
        print_json({"runs": runs, "passed": passed, "rates": listed})
    else:
        print_calibration(console(), rates)
    if not passed:
        raise typer.Exit(1)


def verdict(
    results: Annotated[list[Path], typer.Argument(help="What `fanwise conformance` wrote.")],
    json: JsonFile = None,
    html: Annotated[Path | None, typer.Option(help="Write the report to this file.")] = None,
) -> None:
    """Compare the frameworks, and give one verdict: 0 if all claims hold, 1 if any fails.

    Example: fanwise verdict torch.json jax.json --html report.html
    """
    from fanwise.conformance.report.terminal import print_verdict
    from fanwise.conformance.results.runs import read_runs
    from fanwise.conformance.results.verdicts import verdict_data, write_verdict
    from fanwise.conformance.verdict import verdict as judged

    if html is not None:
        import jinja2  # noqa: F401 - missed before the work, not after it

        from fanwise.conformance.report.html import write_html
    check_outputs([path for path in (json, html) if is_to_be_written(path)], results)
    with progress("verdict") as tick:
        runs: list[Run] = []
        for number, path in enumerate(results):
            tick(number, len(results) + 1, f"reading {path.name}")
            runs += read_runs(path)
        tick(len(results), len(results) + 1, "comparing")
        outcome = judged(runs)
        if html is not None:
            tick(len(results), len(results) + 1, "writing the report")
            write_html(html, outcome)
    if json is not None and is_standard_output(json):
        print_json(verdict_data(outcome))
    else:
        if json is not None:
            write_verdict(json, outcome)
        print_verdict(console(), outcome)
    if not outcome.passed:
        raise typer.Exit(1)
