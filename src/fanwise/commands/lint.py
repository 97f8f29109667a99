"""Sources, read for weights that will not start as they read."""

from __future__ import annotations

import enum
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from fanwise.commands.options import JsonFlag
from fanwise.commands.outputs import check_reports
from fanwise.commands.progress import progress
from fanwise.spec.errors import FanwiseError, Phrase

#: The name of the standard input among files.
_STDIN: Final = "-"


class LintFormat(enum.StrEnum):
    """What findings are written as."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def lint(
    paths: Annotated[
        list[str], typer.Argument(help="Files and folders; - reads the standard input.")
    ],
    *,
    select: Annotated[
        list[str] | None, typer.Option(help="Codes to look for, e.g. FW1; commas or repeated.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Codes to leave out.")] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="Patterns of files and folders to leave out.")
    ] = None,
    output_format: Annotated[
        LintFormat, typer.Option("--format", "--output-format", help="What to write.")
    ] = LintFormat.TEXT,
    output: Annotated[Path | None, typer.Option(help="Write to this file.")] = None,
    stdin_name: Annotated[
        str, typer.Option("--stdin-filename", help="What to call the standard input.")
    ] = _STDIN,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 all the same.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Read Python sources, without running them, for weights that will not start as they read.

    Exits with 0 if nothing is found, with 1 if something is, with 2 if a file cannot be read or
    the call is wrong.

    Example: fanwise lint src --ignore FW301
    """
    from fanwise.adapters.lint.findings import UNREADABLE
    from fanwise.adapters.lint.lint import choose_codes, lint_bytes
    from fanwise.adapters.lint.lint import lint as lint_paths
    from fanwise.adapters.lint.reports import as_json, as_text
    from fanwise.adapters.lint.sarif import as_sarif
    from fanwise.conformance.results.files import write_text

    if json:
        if output_format not in (LintFormat.TEXT, LintFormat.JSON):
            hint = "Leave one of them out."
            raise FanwiseError("one format", Phrase(f"--json and --format {output_format}"), hint)
        output_format = LintFormat.JSON
    check_reports([output], map(Path, paths))
    chosen, left_out = _split(select), _split(ignore)
    codes = choose_codes(chosen, left_out)
    files = [path for path in paths if path != _STDIN]
    with progress("lint") as tick:
        findings = lint_paths(
            files, select=chosen, ignore=left_out, exclude=_split(exclude), progress=tick
        )
    if len(files) < len(paths):
        read = lint_bytes(stdin_name, sys.stdin.buffer.read())
        findings += [finding for finding in read if finding.code in codes]
    write = {LintFormat.TEXT: as_text, LintFormat.JSON: as_json, LintFormat.SARIF: as_sarif}
    text = write[output_format](findings)
    if output is not None:
        write_text(output, text)
    else:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    if any(finding.code == UNREADABLE for finding in findings):
        raise typer.Exit(2)
    if findings and not exit_zero:
        raise typer.Exit(1)


def _split(values: list[str] | None) -> list[str]:
    """Take several values of one option apart at their commas."""
    return [part.strip() for value in values or () for part in value.split(",") if part.strip()]
