"""Some columns of a large orthonormal matrix, without the memory for all of it.

What reflects the columns is made anew for every few of them, from the stream, and forgotten: no
more is kept of a matrix than a few panels. Each column is that of :mod:`fanwise.core.householder`,
by the same sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core import threads
from fanwise.core.dtypes import empty
from fanwise.core.fast import gate
from fanwise.core.fast.extension import Kernels
from fanwise.core.fast.gate import Backend
from fanwise.core.fast.reflections import CompiledPanel
from fanwise.core.householder import Gaussians
from fanwise.core.reflections import Matrix, OnePanel
from fanwise.core.tiling import Tiling

#: Bytes that a matrix takes meanwhile; and those that it may take where else so few panels were
#: kept that making them anew took longer than applying them.
_MEMORY: Final = 56 << 20
_MOST_MEMORY: Final = 112 << 20
_ENOUGH: Final = 4

_ALL: Final = slice(None)


class Strips:
    """The columns of one Haar-distributed matrix that is not wide.

    Args:
        gaussians: what the matrix is made of, (1, rows, columns).
        shape: rows and columns.
        gain: what the columns are multiplied by.
        backend: what makes them; None for the one that suits.
    """

    def __init__(
        self,
        gaussians: Gaussians,
        shape: tuple[int, int],
        gain: float,
        backend: Backend | None = None,
    ) -> None:
        self._gaussians, self._gain = gaussians, gain
        self._tiling, self._kernels = Tiling.of(*shape), _reflecting(backend)
        self._kept = _count_kept(self._tiling, self._kernels)

    def columns(self, wanted: NDArray[np.intp]) -> Iterator[tuple[slice, Matrix]]:
        """Make columns.

        Args:
            wanted: which, in rising order.

        Yields:
            Which of the wanted, and all rows of them, rounded as float64 is; to be used before the
            next ones are asked for.
        """
        tiling = self._tiling
        width = tiling.width
        panels = np.unique(wanted // width)
        room = empty((self._kept, tiling.tiles * tiling.height, width), np.dtype(np.float64))
        for start in range(0, len(panels), self._kept):
            group = panels[start : start + self._kept].tolist()
            signs = self._reflect(group, room)
            for panel, own, reflected in zip(group, signs, room, strict=False):
                np.multiply(reflected, own * self._gain, out=reflected)
                first, last = np.searchsorted(wanted, (panel * width, (panel + 1) * width))
                some = wanted[first:last] - panel * width
                yield slice(int(first), int(last)), reflected[: tiling.rows][:, as_slice(some)]

    def _reflect(self, group: Sequence[int], room: Matrix) -> list[Matrix]:
        """Reflect the columns of the identity that belong to some panels; return their signs.

        The panel that is applied next is made while one is applied.
        """
        last, signs = group[-1], {}
        now, then = self._panel(), self._panel()
        self._make(now, last)
        workers = min(threads.choose_count(room.size, compiled=False), len(group) + 1)
        for panel in range(last, -1, -1):
            if panel in group:
                signs[panel] = now.signs.copy()
            tasks = [partial(self._make, then, panel - 1)] if panel else []
            for own, columns in zip(group, room, strict=False):
                if own >= panel:
                    tasks.append(partial(now.apply, own, columns))
            threads.run(tasks, workers)
            now, then = then, now
        return [signs[panel] for panel in group]

    def _panel(self) -> OnePanel | CompiledPanel:
        if self._kernels is None:
            return OnePanel(self._tiling)
        return CompiledPanel(self._kernels, self._tiling)

    def _make(self, room: OnePanel | CompiledPanel, panel: int) -> None:
        start, width = panel * self._tiling.width, self._tiling.width
        room.make(panel, self._gaussians((_ALL, slice(start, None), slice(start, start + width))))


def columns_together(rows: int, columns: int) -> int:
    """Count the columns of a matrix that are best asked for at a time."""
    tiling = Tiling.of(rows, columns)
    return _count_kept(tiling, _reflecting(None)) * tiling.width


def _reflecting(backend: Backend | None) -> Kernels | None:
    """Return the extension, where it has an instruction set for reflections."""
    kernels = gate.kernels(backend)
    return kernels if kernels is not None and kernels.reflects() else None


def _count_kept(tiling: Tiling, kernels: Kernels | None) -> int:
    """Count the panels of columns that are under way at once."""
    kind = OnePanel if kernels is None else CompiledPanel
    panel = 8 * tiling.tiles * tiling.height * tiling.width

    def fit(memory: int) -> int:
        return (memory // panel - kind.MAKING) // kind.EACH

    most = min(max(1, fit(_MEMORY), min(_ENOUGH, fit(_MOST_MEMORY))), tiling.panels)
    workers = threads.choose_count(most * panel, compiled=False)
    # A panel is applied to each of them while one is made, in so many rounds of the threads.
    return min(range(most, 0, -1), key=lambda kept: -(-(kept + 1) // workers) / kept)


def as_slice(places: NDArray[np.intp]) -> slice | NDArray[np.intp]:
    """Return a slice where places follow each other, so that a view is taken."""
    if len(places) and places[-1] - places[0] == len(places) - 1:
        return slice(int(places[0]), int(places[-1]) + 1)
    return places
