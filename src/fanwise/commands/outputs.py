"""The files that commands write: found fit before the work, not after it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fanwise.conformance.results.files import behind_links, check_writable, is_file
from fanwise.spec.errors import FanwiseError, did_you_mean

#: What reports are written over without a word: those of an earlier run. Weights, results and
#: sources are not.
_OF_REPORTS: Final = (".html", ".htm", ".json", ".sarif", ".txt", ".log", ".md")


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


def check_outputs(outputs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Raise for reports that a command is to write over what it reads, or over no report.

    Args:
        outputs: the reports; none of them may be another's file.
        inputs: what the command reads.

    Raises:
        FanwiseError: as :func:`check_output` does, too.
    """
    for number, path in enumerate(outputs):
        for other in (*inputs, *outputs[:number]):
            if _is_same(path, other):
                expected = "a file to write that is no other of the command's files"
                raise FanwiseError(expected, str(path), "Name another file for it.")
    for path in outputs:
        if is_file(path) and path.suffix.casefold() not in _OF_REPORTS and path.stat().st_size:
            expected = f"a file that is not there yet, or a report ({', '.join(_OF_REPORTS)})"
            hint = "It may be needed: name another file, or remove it."
            raise FanwiseError(expected, str(path), hint)
        check_output(path)


def _is_same(path: Path, other: Path) -> bool:
    try:
        is_plain = path.is_file() and other.is_file()
        return path.samefile(other) if is_plain else behind_links(path) == behind_links(other)
    except (OSError, ValueError):
        return False


def _mended(path: Path, suffixes: Sequence[str]) -> str:
    """Say what the name of a file may have been meant to end in."""
    if path.name.casefold() in suffixes:
        return f"Write a name before the ending, e.g. weight{path.name}."
    return did_you_mean(path.suffix or path.name, suffixes)
