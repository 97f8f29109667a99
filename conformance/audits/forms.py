"""The JSON form of an audit, written and read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from fanwise.conformance.audits.digests import Findings, counts_of, cut
from fanwise.conformance.audits.results import AuditRow
from fanwise.spec.errors import FanwiseError
from fanwise.spec.forms import DataForm
from fanwise.spec.versions import package_version, spec_version

#: Version of the form; a reader refuses another.
FORMAT: Final = 1
#: The letters of a text at the most; of a longer one the middle is left out.
LONGEST: Final = 1000
_FORM: Final = DataForm.of_file("an audit", "fanwise.conformance.audits", "audit.schema.json")
#: The numbers that JSON lacks, as JavaScript writes them.
_WORDS: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_NUMBERS: Final = ("observed", "expected", "bound")


def audit_data(audit: Findings) -> dict[str, Any]:
    """Return an audit as plain data."""
    return {
        "format": FORMAT,
        "fanwise": package_version(),
        "spec": spec_version(),
        "subject": cut(audit.subject, LONGEST),
        **({"held_to": cut(audit.held_to, LONGEST)} if audit.held_to else {}),
        "passed": audit.passed,
        "false_alarm_rate": float(audit.false_alarm_rate),
        "counts": counts_of(audit.rows),
        "rows": [_row_data(row) for row in audit.rows],
    }


def audit_json(data: Mapping[str, Any]) -> str:
    """Write plain data as JSON, in ASCII, and harmless where someone puts it into a page."""
    text = json.dumps(data, indent=1, allow_nan=False) + "\n"
    # In JSON these letters stand in texts alone.
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def audit_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the audit that plain data tells of.

    Raises:
        FanwiseError: for data of another form.
    """
    given = data.get("format") if isinstance(data, Mapping) else None
    if isinstance(given, int) and given > FORMAT:
        hint = "A newer Fanwise wrote it: upgrade with pip install -U fanwise."
        raise FanwiseError(f"an audit of format {FORMAT}", given, hint)
    _FORM.check(data)
    return {
        "subject": data["subject"],
        "rows": tuple(map(_row, data["rows"])),
        "false_alarm_rate": data["false_alarm_rate"],
        "held_to": data.get("held_to", ""),
    }


def _row_data(row: AuditRow) -> dict[str, Any]:
    """Return a row without the fields of which it says nothing."""
    return {
        field.name: _plain(getattr(row, field.name))
        for field in fields(row)
        if getattr(row, field.name) != field.default
    }


def _plain(value: Any) -> str | int | float:
    """Return a text that is not too long, or a number that is Python's own, or a word for it."""
    if isinstance(value, str):
        return cut(str(value), LONGEST)
    number = float(value)
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
    return int(value) if number.is_integer() and int(value) == value else number


def _row(data: Mapping[str, Any]) -> AuditRow:
    numbers = {name: _WORDS.get(data[name], data[name]) for name in _NUMBERS if name in data}
    return AuditRow(**{**data, **numbers})
