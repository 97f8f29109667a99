"""The command line: ``fanwise``, or ``python -m fanwise``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fanwise.spec import FanwiseError, catalogue

if TYPE_CHECKING:
    from rich.console import Console

try:
    import typer
    from rich.console import Console as _Console
    from rich.table import Table
except ImportError:  # pragma: no cover - shown to a user of the base install
    sys.exit("The command line needs its extra: pip install 'fanwise[cli]'.")

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@app.callback()
def fanwise() -> None:
    """Weight initializers that mean one thing, and give one result, in every framework."""


@app.command()
def schemes() -> None:
    """List the schemes of the catalogue."""
    table = Table("scheme", "meaning", "parameters", "reference")
    for entry in catalogue().entries.values():
        parameters = ", ".join(f"{p.name}={p.default!r}" for p in entry.parameters.values())
        table.add_row(entry.name, entry.summary, parameters, entry.reference)
    _console().print(table)


@app.command()
def conformance(
    adapter: Annotated[list[str], typer.Option(help="An adapter's name; may be repeated.")],
    output: Annotated[Path, typer.Option(help="Where to write the results, as JSON.")],
) -> None:
    """Judge adapters, and write down every claim."""
    from fanwise.adapters.discovery import load
    from fanwise.conformance.rows import write_runs
    from fanwise.conformance.run import run
    from fanwise.conformance.terminal import print_run, shown

    console = _console()
    runs = []
    for name in adapter:
        loaded = load(name)
        with shown(console, loaded.name) as progress:
            runs.append(run(loaded, progress))
        print_run(console, runs[-1])
    write_runs(output, runs)
    console.print(f"written to {output}", highlight=False)
    if any(one.failures for one in runs):
        raise typer.Exit(1)


@app.command()
def verdict(
    results: Annotated[list[Path], typer.Argument(help="What `fanwise conformance` wrote.")],
    json: Annotated[Path | None, typer.Option(help="Write all claims to this file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report to this file.")] = None,
) -> None:
    """Compare the frameworks, and give one verdict."""
    from fanwise.conformance.html import write_html
    from fanwise.conformance.rows import read_runs
    from fanwise.conformance.terminal import print_verdict
    from fanwise.conformance.verdict import verdict as judged
    from fanwise.conformance.verdict import write_verdict

    found = judged([run for path in results for run in read_runs(path)])
    if json is not None:
        write_verdict(json, found)
    if html is not None:
        write_html(html, found)
    print_verdict(_console(), found)
    if not found.passed:
        raise typer.Exit(1)


def _console() -> Console:
    """A console that stays readable where it has no width of its own, as in CI."""
    console = _Console()
    return console if console.is_terminal else _Console(width=190)


def main() -> None:
    """Run the command line; bad input ends it with its message alone."""
    try:
        app()
    except FanwiseError as error:
        sys.exit(f"fanwise: {error}")


if __name__ == "__main__":
    main()
