"""A model's parameters with their schemes: a table, and the same as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One parameter tensor of a model.

    Attributes:
        path: its name in the model, "/"-joined.
        shape: its storage shape.
        scheme: the scheme that set it, or None if Fanwise did not.
        fan_in, fan_out: its true fans, None where it has none.
        expected: the standard deviation that the scheme gives, None without a scheme.
        observed: the standard deviation of its values now.
        parameters: the number of its elements.
    """

    path: str
    shape: tuple[int, ...]
    scheme: str | None
    fan_in: int | None
    fan_out: int | None
    expected: float | None
    observed: float
    parameters: int


@dataclass(frozen=True)
class Summary:
    """The rows of a model, in its own order; ``str`` gives the table."""

    rows: tuple[Row, ...]

    @property
    def parameters(self) -> int:
        """The number of parameters; a tensor that is used twice counts once."""
        return sum(row.parameters for row in self.rows)

    def to_dict(self) -> dict[str, Any]:
        """The table as plain data."""
        return {"rows": [asdict(row) for row in self.rows], "parameters": self.parameters}

    def __str__(self) -> str:
        head = (
            "path",
            "shape",
            "scheme",
            "fan_in",
            "fan_out",
            "expected",
            "observed",
            "parameters",
        )
        cells = [head, *(tuple(map(_cell, asdict(row).values())) for row in self.rows)]
        cells.append(("total", *[""] * 6, str(self.parameters)))
        widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
        lines = [_line(row, widths) for row in cells]
        rule = "  ".join("-" * width for width in widths)
        return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Words to the left, numbers to the right."""
    words, numbers = row[:3], row[3:]
    left = [cell.ljust(width) for cell, width in zip(words, widths, strict=False)]
    right = [cell.rjust(width) for cell, width in zip(numbers, widths[3:], strict=True)]
    return "  ".join(left + right).rstrip()
