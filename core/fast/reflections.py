"""Householder reflections by panels, in the extension."""

from __future__ import annotations

from array import array
from typing import Final

import numpy as np

from fanwise.core.dtypes import Floats, empty
from fanwise.core.fast.extension import Kernels
from fanwise.core.lines import line_scratch
from fanwise.core.reflections import Matrix
from fanwise.core.tiling import Tiling


class CompiledReflections:
    """The reflections of some matrices of one shape, as :class:`Reflections`."""

    def __init__(self, kernels: Kernels, tiling: Tiling, out: Floats, gain: float) -> None:
        self._kernels, self._tiling = kernels, tiling
        tiles, width = tiling.first_tile(tiling.panels) * tiling.height, tiling.width
        # The addresses are good as long as these live.
        self._out, space = out, (tiles + tiling.panels * (width + 1), width)
        self._space = line_scratch("reflections", space)
        v = self._space.ctypes.data
        t = v + self._space.strides[0] * tiles
        factors = t + self._space.strides[0] * tiling.panels * width
        job = array("q", (*_place(out), out.itemsize == 8))
        job.frombytes(array("d", (gain,)).tobytes())
        job.extend((len(out), tiling.rows, tiling.columns, tiling.panels, tiling.tiles))
        job.extend((tiling.height, width, v, t, factors))
        self._job = job

    def write(self, gaussians: Matrix) -> None:
        """Do all steps, in this thread, one matrix after the other."""
        work, job = self._make_work(), self._job.buffer_info()[0]
        self._kernels.write_orthonormal(job, work.ctypes.data, *_place(gaussians))

    def make(self, panel: int, gaussian: Matrix) -> None:
        """Make the reflections of a panel of the one matrix, from its diagonal down."""
        at, _, down, along = _place(gaussian)
        self._kernels.make_reflections(self._job.buffer_info()[0], panel, at, down, along)

    def write_columns(self, panel: int) -> None:
        """Write the columns of the result that belong to a panel, once all before it are made."""
        work, job = self._make_work(), self._job.buffer_info()[0]
        self._kernels.write_reflected(job, panel, work.ctypes.data)

    def _make_work(self) -> Matrix:
        """Take working memory of this thread, for a column of tiles."""
        tiling = self._tiling
        return line_scratch("reflected", (tiling.tiles * tiling.height, tiling.width))


class CompiledPanel:
    """One panel at a time of a matrix, as :class:`OnePanel`."""

    MAKING: Final = 3
    EACH: Final = 1

    def __init__(self, kernels: Kernels, tiling: Tiling) -> None:
        self._kernels, self._tiling, self.panel = kernels, tiling, -1
        tiles, width = tiling.tiles * tiling.height, tiling.width
        # Its tiles, its triangular factor, and the signs of all panels.
        self._space = empty((tiles + width + tiling.panels, width), np.dtype(np.float64))
        self._job = array("q")

    def make(self, panel: int, own: Matrix) -> None:
        """Make the reflections of a panel, in the place of those that it held."""
        self.panel, tiling = panel, self._tiling
        row, width = self._space.strides[0], tiling.width
        v = self._space.ctypes.data
        t = v + row * tiling.tiles * tiling.height
        # Where all panels would begin, so that this one has the room of the first.
        v, first = v - row * tiling.first_tile(panel) * tiling.height, t - row * panel * width
        job = array("q", (0, 0, 0, 0, True))
        job.frombytes(array("d", (1.0,)).tobytes())
        job.extend((1, tiling.rows, tiling.columns, tiling.panels, tiling.tiles))
        job.extend((tiling.height, width, v, first, t + row * width))
        at, _, down, along = _place(own)
        self._job = job
        self._kernels.make_reflections(job.buffer_info()[0], panel, at, down, along)

    def apply(self, last: int, columns: Matrix) -> None:
        """Apply the panel to columns of the identity: as :class:`OnePanel`."""
        job = self._job.buffer_info()[0]
        self._kernels.apply_reflections(job, self.panel, last, columns.ctypes.data)

    @property
    def signs(self) -> Matrix:
        """The signs of the diagonal of R, one for each column of the panel."""
        signs: Matrix = self._space[len(self._space) - self._tiling.panels + self.panel]
        return signs


def _place(matrices: Floats) -> tuple[int, int, int, int]:
    """Return the address, and in elements how far it is to the next matrix, row and column."""
    apart, down, along = (stride // matrices.itemsize for stride in matrices.strides)
    return matrices.ctypes.data, apart, down, along
