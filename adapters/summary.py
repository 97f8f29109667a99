"""A model's weights with their schemes: a table, and the same as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from fanwise.spec.problems import Problem, listed_problems
from fanwise.spec.weight_groups import listed_alike

#: The columns of words; the others are numbers.
_WORDS: Final = ("path", "shape", "role", "kind", "scheme", "holds")
_COLUMNS: Final = (
    *_WORDS,
    "rule",
    "fan_in",
    "fan_out",
    "expected",
    "observed",
    "parameters",
)
#: What only a recipe says: these columns are there if any row has them.
_OF_A_RECIPE: Final = ("role", "kind", "rule", "holds")
#: Weights that no optimizer changes.
STATISTICS: Final = ("mean", "variance")


@dataclass(frozen=True)
class SummaryRow:
    """One weight of a model.

    Attributes:
        path: its name in the model, "/"-joined.
        shape: its storage shape.
        scheme: the scheme that set it, or None if Fanwise did not.
        fan_in, fan_out: its true fans, None where it has none.
        expected: the standard deviation that the scheme gives, None without a scheme.
        observed: the standard deviation of its values now; NaN where there are none yet.
        parameters: the number of its elements.
        role: what it is to its layer, e.g. ``"kernel"``; None if no recipe set it.
        kind: of its layer, e.g. ``"dense"``, with its variant; None if no recipe set it.
        rule: the number of its rule in the recipe, from 1; 0 for what starts so by itself;
            None if no recipe set it.
        holds: what it holds now, in words, e.g. ``"normal, std 0.02"``; None where that was not
            looked at, since it is looked at before a dry run alone.
        ties: the other paths at which the model has it, where it is shared.
    """

    path: str
    shape: tuple[int, ...]
    scheme: str | None
    fan_in: int | None
    fan_out: int | None
    expected: float | None
    observed: float
    parameters: int
    role: str | None = None
    kind: str | None = None
    rule: int | None = None
    holds: str | None = None
    ties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """The rows of a model, in its own order; ``str`` gives the table.

    Attributes:
        rows: one for each weight.
        left_alone: names of what else the model holds, and of weights that stay as they are.
        problems: what keeps the recipe from setting the model; empty but for a dry run.
    """

    rows: tuple[SummaryRow, ...]
    left_alone: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def parameters(self) -> int:
        """The number of elements of all parameters.

        A tensor that is used twice counts once, and running statistics do not count.
        """
        return sum(row.parameters for row in self.rows if row.role not in STATISTICS)

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain data.

        Returns:
            What JSON can hold: ``rows``, ``parameters``, ``left_alone`` and ``problems``.

        Examples:
            >>> Summary(()).to_dict()["parameters"]
            0
        """
        return {
            "rows": [asdict(row) for row in self.rows],
            "parameters": self.parameters,
            "left_alone": list(self.left_alone),
            "problems": [problem.to_dict() for problem in self.problems],
        }

    def __str__(self) -> str:
        head = [name for name in _COLUMNS if name not in _OF_A_RECIPE or self._has(name)]
        words = sum(name in _WORDS for name in head)
        cells = [head, *([_cell(getattr(row, name)) for name in head] for row in self.rows)]
        cells.append(["total", *[""] * (len(head) - 2), str(self.parameters)])
        widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
        lines = [_line(row, widths, words) for row in cells]
        rule = "  ".join("-" * width for width in widths)
        table = [lines[0], rule, *lines[1:-1], rule, lines[-1]]
        if self.left_alone:
            table.append(f"left as they are: {listed_alike(self.left_alone)}")
        if self.problems:
            table.append(f"problems of the recipe:{listed_problems(self.problems)}")
        return "\n".join(table)

    def _has(self, column: str) -> bool:
        return any(getattr(row, column) is not None for row in self.rows)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _line(row: Sequence[str], widths: Sequence[int], words: int) -> str:
    """Join the cells of a row: words to the left, numbers to the right."""
    cells = [
        cell.ljust(width) if number < words else cell.rjust(width)
        for number, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
