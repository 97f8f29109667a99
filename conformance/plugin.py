"""The option of ``pytest --pyargs fanwise.conformance --adapter NAME``.

It is a plugin, and not a conftest, so that it is known before the package is collected.
As it is loaded into every run of pytest where Fanwise is installed, it imports nothing,
and adds the option to its own runs alone: others may have one of that name.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add ``--adapter`` where the suite is what is run."""
    config = pluginmanager.get_plugin("pytestconfig")
    arguments = config.invocation_params.args if isinstance(config, pytest.Config) else ()
    if any("conformance" in str(argument) for argument in arguments):
        parser.getgroup("fanwise").addoption(
            "--adapter",
            action="append",
            default=[],
            metavar="NAME",
            help="an adapter to judge by fanwise.conformance; may be repeated",
        )
