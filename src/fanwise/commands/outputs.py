"""The files that commands write: found fit before the work, not after it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fanwise.conformance.results.files import check_writable, is_file
from fanwise.spec.errors import FanwiseError, did_you_mean


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
