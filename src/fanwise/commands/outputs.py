"""The files that commands write: found fit before the work, not after it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fanwise.conformance.results.files import check_writable
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
        received = path.suffix or path.name
        hint = did_you_mean(received, suffixes)
        raise FanwiseError(f"a file that ends in {', '.join(suffixes)}", str(path), hint)
    if not force and path.is_file():
        hint = "It may be needed: name another file, or pass --force."
        raise FanwiseError("a file that is not there yet", str(path), hint)
    check_writable(path)
