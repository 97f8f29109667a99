"""Findings in SARIF 2.1.0, the format in which code hosts read them.

Reference: OASIS, *Static Analysis Results Interchange Format (SARIF) Version 2.1.0*, 2020.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from fanwise.adapters.lint.findings import CODES, LintFinding
from fanwise.spec.versions import package_version

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
#: What a relative address is relative to: the folder in which the lint ran.
_ROOT: Final = "%SRCROOT%"


def as_sarif(findings: Sequence[LintFinding]) -> str:
    """Write findings as one run of SARIF, with addresses relative to the working directory."""
    codes = list(CODES)
    driver = {
        "name": "fanwise lint",
        "version": package_version(),
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes) for finding in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rule(code: str) -> dict[str, Any]:
    entry = CODES[code]
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in entry.name.split("-")),
        "shortDescription": {"text": entry.summary},
        "help": {"text": entry.fix},
        "defaultConfiguration": {"level": _level(code)},
    }


def _level(code: str) -> str:
    return "error" if code.startswith("FW9") else "warning"


def _result(finding: LintFinding, codes: Sequence[str]) -> dict[str, Any]:
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    return {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _level(finding.code),
        "message": {"text": f"{finding.message} {finding.fix}"},
        "locations": [
            {"physicalLocation": {"artifactLocation": _address(finding.path), "region": region}}
        ],
    }


def _address(path: str) -> dict[str, str]:
    """Return the address of a file: relative where it lies in the working directory."""
    here = Path.cwd()
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 (links stay as they are)
    if absolute.is_relative_to(here):
        relative = absolute.relative_to(here).as_posix()
        return {"uri": _quoted(relative), "uriBaseId": _ROOT}
    return {"uri": "file://" + _quoted(absolute.as_posix())}


def _quoted(path: str) -> str:
    return quote(os.fsencode(path), safe="/")
