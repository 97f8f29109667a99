"""Findings as text for a terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from fanwise.adapters.lint.findings import CODES, LintFinding
from fanwise.spec.errors import printable


def as_text(findings: Sequence[LintFinding]) -> str:
    """Lay findings out a line each, with what to write instead below; nothing a terminal obeys."""
    lines = []
    for finding in findings:
        place = f"{finding.path}:{finding.line}:{finding.column}"
        lines.append(printable(f"{place}: {finding.code} {finding.message}"))
        lines.append(printable(f"    {finding.fix}"))
    count = len(findings)
    lines.append(f"{count} finding{'' if count == 1 else 's'}." if count else "Nothing found.")
    return "\n".join(lines) + "\n"


def as_json(findings: Sequence[LintFinding]) -> str:
    """Write findings as a JSON array of objects, with the name of each code."""
    rows = [{**asdict(finding), "name": CODES[finding.code].name} for finding in findings]
    return json.dumps(rows, indent=1) + "\n"
