"""A model as a recipe sees it, before there is a recipe: a table, and the same as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from fanwise.adapters.tables import table_lines, terminal_width
from fanwise.adapters.tie_notes import tie_notes
from fanwise.spec.axes import PATTERNS, layout
from fanwise.spec.weights import Weight


@dataclass(frozen=True)
class PathRow:
    """One weight of a model, as the rules of a recipe see it.

    Attributes:
        path: canonical, as the model's own names make it.
        role: what it is to its layer, e.g. ``"kernel"``; ``""`` where that is not known.
        kind: of its layer, e.g. ``"dense"``; ``"parameter"`` where the layer is not known.
        class_name: the full dotted name of its layer's class.
        shape: the shape in which its axes are told.
        axes: the role of each axis, as ``axes`` in a rule would say it.
        trains: whether training changes it.
        guess: why role, kind and axes are what they are, where they were guessed.
        readings: the axes that it may have, where that cannot be told.
        own: what its layer declares that it starts with, for ``init = "own"``; ``""`` for nothing.
        names: what the framework calls the tensors that it lies in, those of ties too.
        ties: the other paths at which the model has it, where it is shared.
    """

    path: str
    role: str
    kind: str
    class_name: str
    shape: tuple[int, ...]
    axes: str
    trains: bool
    guess: str = ""
    readings: tuple[str, ...] = ()
    own: str = ""
    names: tuple[str, ...] = ()
    ties: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModelPaths:
    """The weights of a model, in its own order; ``str`` gives a table as wide as the terminal.

    Attributes:
        rows: one for each weight.
    """

    rows: tuple[PathRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain data.

        Returns:
            What JSON can hold: ``rows``, each with what :class:`PathRow` has.

        Examples:
            >>> ModelPaths(()).to_dict()
            {'rows': []}
        """
        return {"rows": [asdict(row) for row in self.rows]}

    def __str__(self) -> str:
        heads, cells = self.cells()
        lines = table_lines(heads, cells, terminal_width())
        return "\n".join([*lines, *self.notes()])

    def cells(self) -> tuple[list[str], list[list[str]]]:
        """Return the heads of the table, and the words of each row."""
        heads = ["path", "role", "kind", "class", "shape", "axes"]
        cells = [_cells(row) for row in self.rows]
        if all(row.trains for row in self.rows):
            return heads, cells
        cells = [[*c, _word(row)] for c, row in zip(cells, self.rows, strict=True)]
        return [*heads, "trains"], cells

    def notes(self) -> Iterator[str]:
        """Give a line for every reason of a guess, for every doubt, and for every tie."""
        told: dict[str, int] = {}
        for row in self.rows:
            if row.guess:
                note = f"guessed (?): {row.guess}"
            elif row.readings:
                note = f"two readings (??): {' or '.join(row.readings)}"
            else:
                continue
            told[note] = told.get(note, 0) + 1
        for note, count in told.items():
            yield f"{note}; {count} weight{'s' * (count > 1)}"
        yield from tie_notes(self.rows)


def path_row(weight: Weight, names: tuple[str, ...] = ()) -> PathRow:
    """Describe a weight for people.

    Args:
        weight: as a recipe sees it.
        names: what its framework calls the tensors that it lies in.
    """
    own = weight.own
    return PathRow(
        path=weight.path,
        role=weight.role,
        kind=weight.kind,
        class_name=weight.class_name,
        shape=weight.shape,
        axes=axes_text(weight.shape, weight.axes),
        trains=weight.trains,
        guess=weight.guess,
        readings=weight.readings,
        own="" if own is None else str(own.scheme or f"{own.text} (no scheme)"),
        names=names,
        ties=weight.ties,
    )


def axes_text(shape: tuple[int, ...], axes: str) -> str:
    """Spell the axes of a weight out, one word for each.

    Examples:
        >>> axes_text((8, 4, 3, 3), "torch"), axes_text((12, 4), "(3 out) in")
        ('out in * *', '(3 out) in')
    """
    if axes not in PATTERNS:
        return axes
    return " ".join(axis.role for axis in layout(shape, axes).axes)


def _cells(row: PathRow) -> list[str]:
    doubt = "??" if row.readings else "?" if row.guess else ""
    simple = row.class_name.rpartition(".")[2]
    role = (row.role or "-") + doubt
    return [row.path, role, row.kind, simple or "-", str(row.shape), row.axes or "-"]


def _word(row: PathRow) -> str:
    return "yes" if row.trains else "no"
