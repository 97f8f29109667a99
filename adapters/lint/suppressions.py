"""Comments that silence findings: `# noqa` and its relatives, as Ruff reads them."""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass, field
from typing import Final

from fanwise.adapters.lint.findings import LintFinding

_CODES: Final = r"(?P<codes>[A-Z][A-Z0-9]*[0-9](?:[\s,]+[A-Z][A-Z0-9]*[0-9])*)"
_LINE: Final = re.compile(rf"#\s*noqa\b(?:\s*:\s*(?:{_CODES})?)?", re.IGNORECASE)
_FILE: Final = re.compile(
    rf"^#\s*(?:ruff|flake8|fanwise)\s*:\s*noqa\b(?P<colon>\s*:\s*(?:{_CODES})?)?", re.IGNORECASE
)


@dataclass
class Suppressions:
    """What the comments of a file silence.

    Attributes:
        lines: the codes by the line of the comment; an empty set stands for all.
        codes: those that are silenced in the whole file.
        everything: whether the file is not to be looked at.
    """

    lines: dict[int, frozenset[str]] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    everything: bool = False

    def silences(self, finding: LintFinding) -> bool:
        """Whether a comment on the first or the last line of a finding silences it."""
        if self.everything or finding.code in self.codes:
            return True
        return any(
            (codes := self.lines.get(line)) is not None and (not codes or finding.code in codes)
            for line in (finding.line, finding.end_line)
        )


def read_suppressions(text: str) -> Suppressions:
    """Read the comments of a source that silence something."""
    suppressions = Suppressions()
    if "noqa" not in text.lower():
        return suppressions
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                _read_comment(suppressions, token.string, token.start[0])
    except (tokenize.TokenError, SyntaxError, RecursionError):
        # What the parser took and the tokenizer does not: what was read so far counts.
        pass
    return suppressions


def _read_comment(suppressions: Suppressions, comment: str, line: int) -> None:
    if whole := _FILE.match(comment):
        codes = _codes_in(whole)
        suppressions.codes |= codes
        suppressions.everything |= not whole["colon"]
    elif match := _LINE.search(comment):
        suppressions.lines[line] = _codes_in(match)


def _codes_in(match: re.Match[str]) -> frozenset[str]:
    return frozenset(code.upper() for code in re.split(r"[\s,]+", match["codes"] or "") if code)
