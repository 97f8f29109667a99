"""The command line: ``fanwise``, or ``python -m fanwise``."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

from fanwise.spec import FanwiseError, catalogue
from fanwise.spec.errors import printable
from fanwise.spec.versions import package_version, spec_version

if TYPE_CHECKING:
    from rich.console import Console

try:
    import typer
    from rich.console import Console as _Console
    from rich.markup import escape as escape_markup
    from rich.table import Table
except ImportError:  # pragma: no cover - shown to a user of the base install
    sys.exit("The command line needs its extra: pip install 'fanwise[cli]'.")

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)

#: What is installed by which extra, where a command needs more than the command line does.
_EXTRAS: Final = {"scipy": "conformance", "jinja2": "conformance", "pytest": "conformance"}
#: The exit status of a call that cannot be carried out, as that of an unknown option.
_WRONG_CALL: Final = 2


def _print_version(asked: bool) -> None:  # noqa: FBT001 (as typer calls it)
    if asked:
        print(f"fanwise {package_version()}, specification {spec_version()}")
        raise typer.Exit


@app.callback()
def fanwise(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Weight initializers that mean one thing, and give one result, in every framework."""


@app.command()
def schemes() -> None:
    """List the schemes of the catalogue."""
    table = Table("scheme", "meaning", "parameters", "reference")
    for entry in catalogue().entries.values():
        parameters = ", ".join(f"{p.name}={p.default!r}" for p in entry.parameters.values())
        cells = (entry.name, entry.summary, parameters, entry.reference)
        table.add_row(*map(escape_markup, cells))
    _console().print(table)


@app.command()
def conformance(
    adapter: Annotated[list[str], typer.Option(help="An adapter's name; may be repeated.")],
    output: Annotated[
        Path | None, typer.Option(help="Write every claim to this file, as JSON.")
    ] = None,
    only: Annotated[
        str, typer.Option(help="Only the steps whose titles match, e.g. 'native he_*'.")
    ] = "*",
) -> None:
    """Judge adapters, claim by claim, and the suite on its own mutants."""
    from fanwise.adapters.discovery import load
    from fanwise.conformance.report.terminal import escape, print_rows, print_run, show_progress
    from fanwise.conformance.results.files import check_writable
    from fanwise.conformance.results.runs import write_runs
    from fanwise.conformance.run import check_suite, run

    if output is not None:
        check_writable(output)
    console = _console()
    runs = []
    for name in adapter:
        loaded = load(name)
        with show_progress(console, loaded.name) as progress:
            runs.append(run(loaded, progress, only))
        print_run(console, runs[-1])
        if only != "*":
            print_rows(console, runs[-1].rows)
    if only == "*":
        with show_progress(console, "suite") as progress:
            runs.append(check_suite(progress))
        print_run(console, runs[-1])
    if output is not None:
        write_runs(output, runs)
        console.print(f"written to {escape(str(output))}", highlight=False)
    if any(judged_run.failures for judged_run in runs):
        raise typer.Exit(1)


@app.command()
def mutants(
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds to try.")] = 1,
    first: Annotated[int | None, typer.Option(help="The first of them; drawn if left out.")] = None,
) -> None:
    """Break adapters in every way the suite knows, and show which claim catches each."""
    from fanwise.conformance.mutants.kills import kills
    from fanwise.conformance.report.terminal import print_kills, show_progress

    start = secrets.randbelow(1 << 31) if first is None else first
    console = _console()
    with show_progress(console, "mutants") as progress:
        outcomes = kills(range(start, start + seeds), progress)
    print_kills(console, outcomes, start)
    if not all(kill.always for kill in outcomes):
        raise typer.Exit(1)


@app.command()
def calibration(
    runs: Annotated[int, typer.Option(min=1, help="Simulated runs of every test.")] = 1000,
) -> None:
    """Judge samples with nothing wrong, many times, and count the false alarms."""
    from fanwise.conformance.checks.registry import calibration as calibrated_tests
    from fanwise.conformance.report.terminal import print_calibration
    from fanwise.conformance.statistics.calibration import calibrate

    rates = list(calibrate(runs, calibrated_tests()))
    print_calibration(_console(), rates)
    if not all(rate.sound for rate in rates):
        raise typer.Exit(1)


@app.command()
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
    print_verdict(_console(), outcome)
    if not outcome.passed:
        raise typer.Exit(1)


def _console() -> Console:
    """A console that stays readable where it has no width of its own, as in CI."""
    console = _Console()
    return console if console.is_terminal else _Console(width=190)


def main() -> None:
    """Run the command line; bad input ends it with its message alone, in one line."""
    try:
        app()
    except FanwiseError as error:
        _end(str(error))
    except ModuleNotFoundError as error:
        missing = str(error.name).partition(".")[0]
        if missing not in _EXTRAS:
            raise
        _end(f"This command needs {missing}: pip install 'fanwise[{_EXTRAS[missing]}]'.")


def _end(message: str) -> NoReturn:
    sys.stderr.write(f"fanwise: {printable(message)}\n")
    sys.exit(_WRONG_CALL)


if __name__ == "__main__":
    main()
