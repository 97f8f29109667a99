"""One pass over a weight: all that the audit looks at afterwards."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.unaided.counts import PIECE, Counts, as_singles
from fanwise.conformance.audits.unaided.lines import constant_slices
from fanwise.conformance.audits.unaided.positions import (
    Gathered,
    Positions,
    block,
    lines_of,
    row_axes,
)
from fanwise.conformance.audits.unaided.prints import Prints
from fanwise.spec.roles import FAN_ROLES

#: Elements that tell a slice from another: no more are compared.
DEPTH: Final = 16
#: The first elements of a weight, in order.
HEAD: Final = 1 << 14
#: The first elements of its transpose.
ACROSS: Final = 1024
#: Elements of a vector that are looked at.
_LONG: Final = 1 << 18
#: What tables of tokens are called, by the last name of a path.
_TABLE: Final = re.compile(r"embed|wte|wpe|vocab|^shared$|^tokens?$", re.IGNORECASE)
#: Of a table of fewer rows none is for padding.
_ROWS: Final = 3
#: What weights of units are called, in one of the words of a path.
_DENSE: Final = re.compile(
    r"(?<![a-z])(linear|dense|proj|projection|attn|attention|mlp|ffn?|fc|query|key|value|qkv|kv"
    r"|[qkvo]|up|down|gate|conv|w|head|classifier|recurrent)(?![a-z])",
    re.IGNORECASE,
)
#: A weight is read as a whole up to so many elements.
WHOLE: Final = 1 << 24


@dataclass(frozen=True)
class Scan:
    """What one pass over a weight has kept.

    Attributes:
        weight: it.
        counts: of all elements.
        matrix: elements on lines across the weight: as many rows as row axes make.
        places: where its rows and its columns lie among all of them, from 0 to 1.
        head: the first elements, in order.
        middle: elements from the middle on, in order.
        across: of a matrix the first elements in the order of its transpose.
        slices: for each axis the elements that tell its slices apart: a row for each slice.
        prints: its fingerprints.
        padding: the row of a table that stays zero, which is not in counts and matrix; or None.
    """

    weight: StoredWeight
    counts: Counts
    matrix: NDArray[np.float32]
    places: tuple[NDArray[np.float64], NDArray[np.float64]]
    head: NDArray[np.float32]
    middle: NDArray[np.float32]
    across: NDArray[np.float32]
    slices: tuple[NDArray[np.float32], ...]
    prints: Prints
    padding: int | None = None

    @property
    def path(self) -> str:
        """The path of the weight."""
        return self.weight.weight.path

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the weight."""
        return self.weight.weight.shape

    @property
    def dtype(self) -> str:
        """The dtype that it is stored in."""
        return self.weight.dtype

    @property
    def sample(self) -> NDArray[np.float32]:
        """The finite elements of the matrix, flat."""
        flat = self.matrix.reshape(-1)
        return flat[np.isfinite(flat)]


def scan(weight: StoredWeight, side: int) -> Scan:
    """Read a weight once.

    Args:
        weight: of real numbers.
        side: of the matrix that is looked at, at most.
    """
    shape = weight.weight.shape
    counts, prints = Counts(), Prints(weight.size)
    axes = [axis for axis, size in enumerate(shape) if size > 1] if len(shape) > 1 else []
    sides = block(shape, side if len(shape) > 1 else _LONG)
    matrix = Gathered(sides)
    slices = [Gathered(lines_of(shape, axis, DEPTH)) for axis in axes]
    across = Gathered(_corner(shape)) if len(shape) == 2 else None
    heads: list[NDArray[np.float32]] = []
    middle = np.empty(0, np.float32)
    offset = 0
    blocks = [(_everywhere(shape), weight.values())] if weight.size <= WHOLE else weight.blocks()
    for where, values in blocks:
        for gathered in (matrix, *slices, *([across] if across else [])):
            gathered.add(where, values)
        flat: NDArray[Any] = values.reshape(-1)
        for start in range(0, flat.size, PIECE):
            piece = as_singles(flat[start : start + PIECE])
            if sum(map(len, heads)) < HEAD:
                heads.append(piece[:HEAD].copy())
            if offset + start <= weight.size // 2 < offset + start + piece.size:
                middle = piece[weight.size // 2 - offset - start :][:HEAD].copy()
            counts.add(piece)
            prints.add(piece, offset + start)
        offset += flat.size
    few = [
        np.moveaxis(gathered.values, axis, 0).reshape(shape[axis], -1)
        for axis, gathered in zip(axes, slices, strict=True)
    ]
    padding = _padding(weight, few)
    if padding is not None:
        counts.leave_zeros(shape[1])
        matrix.leave(padding)
        sides = matrix.positions
    split = row_axes(shape) if len(shape) > 1 else 0
    places = (_places(shape[:split], sides[:split]), _places(shape[split:], sides[split:]))
    return Scan(
        weight,
        counts,
        matrix.values.reshape(len(places[0]), len(places[1])),
        places,
        np.concatenate([*heads, np.empty(0, np.float32)])[:HEAD],
        middle,
        np.empty(0, np.float32) if across is None else across.values.T.reshape(-1)[:ACROSS],
        tuple(few),
        prints,
        padding,
    )


def _padding(weight: StoredWeight, slices: Sequence[NDArray[np.float32]]) -> int | None:
    """Return the one row that is zero, as that of the padding is; None where there is none."""
    shape = weight.weight.shape
    if len(shape) != 2 or shape[0] < _ROWS or not slices:
        return None
    if not is_table(weight) and not _may_be_table(weight):
        return None
    zero = np.flatnonzero(~slices[0].any(axis=1))
    if not len(zero) or len(zero) == len(slices[0]):
        return None
    # A part of each row has been looked at.
    zero = constant_slices(weight, 0, zero)
    return int(zero[0]) if len(zero) == 1 else None


def is_table(weight: StoredWeight) -> bool:
    """Tell whether a weight is called a table of tokens."""
    seen = weight.weight
    named = bool(_TABLE.search(own_name(weight)))
    return len(seen.shape) == 2 and (seen.role == "embedding" or named)


def own_name(weight: StoredWeight) -> str:
    """Return the last name of the path of a weight that is no role: that of its layer, mostly."""
    path, role = weight.weight.path, weight.weight.role
    return path.removesuffix(f"/{role}").rpartition("/")[2] if role else path.rpartition("/")[2]


def _may_be_table(weight: StoredWeight) -> bool:
    """Tell whether a weight may be a table of tokens for all that is known of it."""
    seen = weight.weight
    if seen.class_name and seen.role in FAN_ROLES:
        return False
    return not _DENSE.search(seen.path)


def _corner(shape: tuple[int, ...]) -> Positions:
    """Choose the first elements of the transpose of a matrix."""
    rows = min(shape[0], ACROSS)
    return np.arange(rows), np.arange(min(shape[1], math.ceil(ACROSS / max(rows, 1))))


def _places(sizes: tuple[int, ...], sides: Positions) -> NDArray[np.float64]:
    """Return where the combinations of positions lie among all of them, from 0 to 1."""
    flat = np.zeros(1)
    for size, chosen in zip(sizes, sides, strict=True):
        flat = (flat[:, None] * size + chosen).reshape(-1)
    return flat / max(math.prod(sizes), 1)


def _everywhere(shape: tuple[int, ...]) -> tuple[slice, ...]:
    return tuple(slice(0, size) for size in shape)
