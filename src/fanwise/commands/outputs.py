"""The files that commands write: found fit before the work, not after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from fanwise.conformance.results.files import check_writable, is_file
from fanwise.spec.errors import FanwiseError, did_you_mean

#: What reports are written over without a word: those of an earlier run. Weights, results and
#: sources are not.
_OF_REPORTS: Final = (".html", ".htm", ".json", ".sarif", ".txt", ".log", ".md")


def check_reports(reports: Iterable[Path | None], read: Iterable[Path]) -> None:
    """Raise for a report that is not to be written: over what is read, or over no report.

    Args:
        reports: the files; None for one that was not asked for.
        read: what the command reads.

    Raises:
        FanwiseError: naming the file.
    """
    taken = [path.resolve() for path in read]
    for path in reports:
        if path is None:
            continue
        if path.resolve() in taken and (is_file(path) or not path.exists()):
            hint = "It is read, or written already: name another file."
            raise FanwiseError("a file of its own for each report", str(path), hint)
        if is_file(path) and path.suffix.casefold() not in _OF_REPORTS and path.stat().st_size:
            expected = f"a file that is not there yet, or a report ({', '.join(_OF_REPORTS)})"
            hint = "It may be needed: name another file, or remove it."
            raise FanwiseError(expected, str(path), hint)
        check_output(path)
        taken.append(path.resolve())


def check_output(path: Path, *, force: bool = True, suffixes: Sequence[str] = ()) -> None:
    """Raise for a file that is not to be written, and make the folder that it is to lie in.

    Args:
        path: the file.
        force: whether one that is there may be written over.
        suffixes: what its name may end in; anything if left out.

    Raises:
        FanwiseError: naming the file.
    """
    if suffixes and path.suffix.casefold() not in suffixes:
        raise FanwiseError(
            f"a file that ends in {', '.join(suffixes)}", str(path), _mended(path, suffixes)
        )
    if not force and is_file(path):
        hint = "It may be needed: name another file, or pass --force."
        raise FanwiseError("a file that is not there yet", str(path), hint)
    check_writable(path)


def _mended(path: Path, suffixes: Sequence[str]) -> str:
    """Say what the name of a file may have been meant to end in."""
    if path.name.casefold() in suffixes:
        return f"Write a name before the ending, e.g. weight{path.name}."
    return did_you_mean(path.suffix or path.name, suffixes)
