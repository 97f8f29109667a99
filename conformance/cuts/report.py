"""The matrix as lines for a terminal, and as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from fanwise.conformance.cuts.matrix import BESIDE, CutRow, wanted

_MIB = 1 << 20
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
table{border-collapse:collapse}th,td{border:1px solid #8885;padding:.2rem .6rem;text-align:left}
td{font-variant-numeric:tabular-nums}.bad{background:#c00;color:#fff}.none{color:#8888}
"""


@dataclass(frozen=True)
class MatrixLine:
    """A way of a framework, with a cell for each world.

    Attributes:
        adapter, way: of what it tells.
        cells: a row of the matrix for each world; None where the way is not judged in it.
    """

    adapter: str
    way: str
    cells: tuple[CutRow | None, ...]


def worlds_of(rows: Iterable[CutRow]) -> list[int]:
    """Return the worlds that occur, in order."""
    return sorted({row.world for row in rows})


def lines_of(rows: Sequence[CutRow]) -> list[MatrixLine]:
    """Put the rows of each way into one line."""
    found = {(row.adapter, row.way, row.world): row for row in rows}
    ways = dict.fromkeys((row.adapter, row.way) for row in rows)
    worlds = worlds_of(rows)
    return [
        MatrixLine(adapter, way, tuple(found.get((adapter, way, world)) for world in worlds))
        for adapter, way in ways
    ]


def cell_text(row: CutRow | None) -> str:
    """Say in a few words what was found: equality, and MiB beside the part."""
    if row is None:
        return "·"
    if row.error:
        return "error"
    equal = "=" if row.is_equal else "≠"
    return f"{equal} {'?' if row.beside is None else f'+{row.beside / _MIB:.0f}'}"


def terminal_lines(rows: Sequence[CutRow]) -> Iterator[str]:
    """Yield the lines of a table, and below it what is wrong."""
    worlds = worlds_of(rows)
    lines = lines_of(rows)
    names = [f"{line.adapter}: {line.way}" for line in lines]
    width = max(map(len, names), default=0)
    yield " ".join([" " * width, *(f"{world:>8}" for world in worlds)])
    for name, line in zip(names, lines, strict=True):
        yield " ".join([name.ljust(width), *(f"{cell_text(cell):>8}" for cell in line.cells)])
    yield ""
    yield f"= equal to the core's weights; +N: MiB beside the part, at most {BESIDE // _MIB}"
    for row in rows:
        if not row.passed:
            yield f"{row.adapter}: {row.way}, {row.world}: {fault(row)}"
    passed = sum(row.passed for row in rows)
    yield f"{passed} of {len(rows)} hold"


def fault(row: CutRow) -> str:
    """Say what is wrong with a row."""
    if row.error:
        return row.error
    if row.wrong:
        return f"other weights: {', '.join(row.wrong)}"
    beside = (row.beside or 0) / _MIB
    return f"{beside:.0f} MiB beside its part of {row.part / _MIB:.0f} MiB"


def page_of(rows: Sequence[CutRow]) -> str:
    """Return the page: one file that loads nothing."""
    worlds = "".join(f"<th>{world}</th>" for world in worlds_of(rows))
    passed = sum(row.passed for row in rows)
    digests = "".join(
        f"<li>{escape(model)}: <code>{digest}</code></li>" for model, digest in wanted().items()
    )
    lines = "".join(
        f"<tr><td>{escape(line.adapter)}</td><td>{escape(line.way)}</td>"
        f"{''.join(map(_cell, line.cells))}</tr>\n"
        for line in lines_of(rows)
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>Fanwise: every way to cut a model</title><style>{_STYLE}</style>"
        f"<h1>Every way to cut a model</h1><p>{passed} of {len(rows)} hold. "
        "A cell says whether all weights are those of the core (=), and how many MiB a process "
        f"allocated beside its part, of which {BESIDE // _MIB} are allowed, for a weight of "
        "144 MiB. The columns are the numbers of processes or devices. The one digest of each "
        f"model's start:</p><ul>{digests}</ul><table><tr><th>framework</th><th>way</th>{worlds}"
        f"</tr>\n{lines}</table></html>\n"
    )


def _cell(row: CutRow | None) -> str:
    text = escape(cell_text(row))
    if row is None:
        return f'<td class="none">{text}</td>'
    if row.passed:
        return f"<td>{text}</td>"
    return f'<td class="bad" title="{escape(fault(row), quote=True)}">{text}</td>'
