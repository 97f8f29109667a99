"""How an orthonormal matrix is cut into tiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Rows and columns of a tile, and reflections of a panel, at most. All products are of tiles: no
#: library of linear algebra shares so small ones out over its threads, so their number changes no
#: sum. The tiles of some columns fit a core's cache together, and are the work of a thread.
_LARGEST: Final = 64
#: What the sides of a tile are multiples of: two vectors of the widest kind. Of so many
#: reflections the factor is made one by one.
STEP: Final = 16


@dataclass(frozen=True, slots=True)
class Tiling:
    """How a matrix is cut into tiles: by its shape alone, so that nothing else changes a sum.

    Attributes:
        rows, columns: of the matrix, which is not wide.
        panels: of reflections, side by side.
        tiles: below each other; what they hold beyond the matrix is zero, and changes nothing.
        height, width: of a tile; a panel begins so many rows below the one before.
    """

    rows: int
    columns: int
    panels: int
    tiles: int
    height: int
    width: int

    @classmethod
    def of(cls, rows: int, columns: int) -> Tiling:
        """Cut a matrix of some shape."""
        panels = -(-columns // _LARGEST)
        width = _side(columns, panels)
        if panels > 1:
            return cls(rows, columns, panels, -(-rows // width), width, width)
        tiles = -(-rows // _LARGEST)
        return cls(rows, columns, 1, tiles, max(width, _side(rows, tiles)), width)

    def first_tile(self, panel: int) -> int:
        """Count the tiles of the panels before one, each of which begins a tile lower."""
        return panel * self.tiles - panel * (panel - 1) // 2


def _side(extent: int, parts: int) -> int:
    """Return a multiple of the step of which so many parts reach over an extent."""
    return -(-extent // (parts * STEP)) * STEP
