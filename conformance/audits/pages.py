"""An audit as one page that loads nothing and runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fanwise.conformance.audits.digests import (
    Findings,
    counts_of,
    failures_of,
    passes_of,
    shown,
    undecided_of,
)
from fanwise.spec.versions import package_version, spec_version

if TYPE_CHECKING:
    from jinja2 import Environment

#: How many rows the table of all of them has at the most; a browser must be able to hold them.
_MOST_ROWS: Final = 20_000
#: How many letters of a text are shown: more than on a terminal.
_SHOWN: Final = 600


def audit_page(audit: Findings) -> str:
    """Return the page.

    Raises:
        ModuleNotFoundError: without jinja2.
    """
    return (
        _environment()
        .get_template("audit.html")
        .render(
            audit=audit,
            counts=counts_of(audit.rows),
            failures=failures_of(audit.rows),
            undecided=undecided_of(audit.rows),
            passes=passes_of(audit.rows),
            rows=audit.rows[:_MOST_ROWS],
            left_out=max(0, len(audit.rows) - _MOST_ROWS),
            fanwise=package_version(),
            spec=spec_version(),
        )
    )


def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader
    except ModuleNotFoundError as error:
        message = (
            "The page of an audit needs jinja2, which is not installed. "
            'Run: pip install "fanwise[conformance]"'
        )
        raise ModuleNotFoundError(message, name="jinja2") from error
    return Environment(
        loader=PackageLoader("fanwise.conformance.audits", "templates"),
        autoescape=True,
        # Whatever a template prints, before it is escaped: letters that turn a line around too.
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shown(value: object) -> str:
    """Write a number in a few figures, and a text without what turns a line around."""
    return shown(value, _SHOWN)
