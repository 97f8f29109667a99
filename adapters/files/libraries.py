"""Libraries of file formats, which are installed or not."""

from __future__ import annotations

import importlib
from typing import Any

from fanwise.spec.errors import FanwiseError, Phrase


def needed(library: str, form: str) -> Any:
    """Import the library of a format.

    Args:
        library: its import name.
        form: what needs it, ``"a folder of Orbax"``.

    Raises:
        FanwiseError: where it is not installed, with what to install.
    """
    try:
        return importlib.import_module(library)
    except ModuleNotFoundError as error:
        if error.name != library:
            raise
        raise missing(library, form) from None


def missing(library: str, form: str) -> FanwiseError:
    """Make the error of a library that is not installed."""
    return FanwiseError(
        f"the package {library}, which reads {form}",
        Phrase("no such package"),
        'Run: pip install "fanwise[files]"',
    )
