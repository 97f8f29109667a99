"""Libraries of file formats, which are installed or not, and run in processes of their own."""

from __future__ import annotations

import os
import sys

from fanwise.spec.errors import FanwiseError, Phrase


def program_environment() -> dict[str, str]:
    """Return the variables of a program that finds the packages that this process finds."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "OPENBLAS_NUM_THREADS": "1",
        # HDF5 would otherwise load filters from a folder of the system.
        "HDF5_PLUGIN_PRELOAD": "::",
    }


def missing(library: str, form: str) -> FanwiseError:
    """Make the error of a library that is not installed."""
    return FanwiseError(
        f"the package {library}, which reads {form}",
        Phrase("no such package"),
        'Run: pip install "fanwise[files]"',
    )
