"""The option of ``pytest --pyargs fanwise.conformance --fanwise-adapter NAME``.

It is a plugin, and not a conftest, so that it is known before the package is collected.
It is loaded into every run of pytest where Fanwise is installed: so it has no fixture, marker
or setting, changes no other run, and its one name begins with the package's.
"""

from __future__ import annotations

from typing import Final

import pytest

OPTION: Final = "--fanwise-adapter"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that says which adapters to judge."""
    parser.getgroup("fanwise").addoption(
        OPTION,
        action="append",
        default=[],
        metavar="NAME",
        help="an adapter to judge by fanwise.conformance; may be repeated",
    )
