"""Rows as lines of a page: there are thousands of them, so each is written in few letters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from fanwise.conformance.report.reasons import Reason, reason_text
from fanwise.conformance.report.row_tables import CellRows, RowBlock
from fanwise.conformance.report.table import MARKS
from fanwise.conformance.results.rows import SUITE, Origin, Outcome, ResultRow
from fanwise.spec.errors import printable

if TYPE_CHECKING:
    from markupsafe import Markup

#: How many letters of a figure are shown: a digest is told by its first ones.
_SHOWN: Final = 24
_DIGEST: Final = re.compile("[0-9a-f]{64}")
_FEW: Final = 10
#: What stands for figures that say the same as what is beside them.
_SAME: Final = "="
_SCHEME: Final = re.compile(r"scheme\('(\w+)'(?:, (.*))?\)")
_NUMBER: Final = re.compile(r"-?\d+\.\d{4,}(?:e[-+]\d+)?")
_SEPARATOR: Final = " \N{MIDDLE DOT} "
_ALPHA: Final = "\N{GREEK SMALL LETTER ALPHA} \N{LESS-THAN OR EQUAL TO}"

Reasons = Mapping[tuple[Outcome, str], Reason]


def group_heading(group: CellRows) -> str:
    """Say what all rows of a group have in common, beside the line of the table."""
    return _SEPARATOR.join(filter(None, _shared(group).values()))


def block_heading(block: RowBlock, group: CellRows) -> str:
    """Say what the rows of a block have in common, beside what those of the group have."""
    shared = _shared(group)
    facts = _facts(block).items()
    return _SEPARATOR.join(text for key, text in facts if text and key not in shared)


def _shared(group: CellRows) -> dict[str, str]:
    facts = [_facts(block) for block in group.blocks]
    shared = {key: text for key, text in facts[0].items() if all(f[key] == text for f in facts)}
    # The line of the table says it already.
    return {key: "" if text == group.line else text for key, text in shared.items()}


def _facts(block: RowBlock) -> dict[str, str]:
    first = block.rows[0]
    judged_suite = first.adapter == SUITE
    scheme = short_scheme(block.scheme)
    step = "" if judged_suite else block.step
    return {
        "step": step,
        "engine": "" if step.startswith(str(block.engine)) else str(block.engine),
        "scheme": "" if judged_suite or f" {scheme} " in f"{step} " else scheme,
        "adapter": first.adapter if " and " in first.adapter else "",
        "seed": "" if block.seed is None else f"seed {block.seed}",
        "alpha": f"{_ALPHA} {block.alpha:.2g}" if block.alpha else "",
    }


def short_scheme(text: str) -> str:
    """Write a scheme as its name and its parameters, without quotes.

    Examples:
        >>> short_scheme("scheme('normal', std=0.02)"), short_scheme("scheme('zeros')")
        ('normal(std=0.02)', 'zeros')
    """
    match = _SCHEME.fullmatch(text)
    if match is None:
        return text
    return f"{match[1]}({match[2]})".replace("'", "") if match[2] else match[1]


def rounded_text(text: str) -> str:
    """Return the text with its numbers in four figures.

    Examples:
        >>> rounded_text("[0.0824111, 1.5e-07]"), rounded_text("384320")
        ('[0.08241, 1.5e-07]', '384320')
    """
    return _NUMBER.sub(lambda match: f"{float(match[0]):.4g}", text)


def row_line(row: ResultRow, block: RowBlock, reasons: Reasons) -> Markup:
    """Return the line of one row; ends of cells and rows may be left out in HTML."""
    from markupsafe import Markup

    passes = row.outcome == Outcome.PASS
    start = Markup("<tr>") if passes else Markup("<tr class={}>").format(row.outcome)
    cells = [
        _mark(row, reasons) + Markup(" {}").format(printable(row.claim)),
        _subject(row, block),
        printable(_short(row.observed)),
        _SAME if row.expected == row.observed else printable(_short(row.expected)),
        _SAME if row.bound == "equal" else printable(rounded_text(row.bound)),
    ]
    line = Markup("<td>").join(cells)
    number = f"{row.n:,}" if row.n else ""
    return start + Markup("<td>{}<td>{}\n").format(line, number)


def _mark(row: ResultRow, reasons: Reasons) -> Markup:
    from markupsafe import Markup

    reason = reasons.get((row.outcome, reason_text(row)))
    if reason is None:
        return Markup("{}").format(MARKS[row.outcome])
    return Markup("<a href=#{}>{}{}</a>").format(
        reason.anchor, MARKS[row.outcome], reason.number
    )  # fmt: skip


def _subject(row: ResultRow, block: RowBlock) -> Markup:
    """Return the subject, without the name of the layer or model that stands above it."""
    from markupsafe import Markup

    text = row.scheme if row.engine in (Origin.MUTANT, Origin.CORE) else row.subject
    text = text.removeprefix(f"{block.step.partition(' ')[2]} ")
    subject = Markup("{}").format(printable(text))
    if row.outcome == Outcome.FAIL and row.note:
        return subject + Markup("<br><small>{}</small>").format(printable(row.note))
    return subject


def _short(figure: str) -> str:
    if _DIGEST.fullmatch(figure):
        return f"{figure[:_FEW]}\N{HORIZONTAL ELLIPSIS}"
    figure = rounded_text(figure)
    return figure if len(figure) <= _SHOWN else f"{figure[:_SHOWN]}\N{HORIZONTAL ELLIPSIS}"
