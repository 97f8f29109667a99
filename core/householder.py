"""Haar-distributed orthonormal columns, as a product of Householder reflections.

A QR of a Gaussian matrix reflects its columns one after the other, and what is left of
each is again Gaussian. So the factorization need not be done: reflections of independent
Gaussian vectors of shrinking length have the same law, at half the work (Stewart 1980).

References:
    Stewart 1980, The efficient generation of random orthogonal matrices, section 3.
    Schreiber & Van Loan 1989, A storage-efficient WY representation (the blocks).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from fanwise.core import threads
from fanwise.core.blocks import PIECE, Index
from fanwise.core.dtypes import Floats
from fanwise.core.fast import gate
from fanwise.core.fast.gate import Backend
from fanwise.core.fast.reflections import CompiledReflections
from fanwise.core.reflections import Matrix, Reflections
from fanwise.core.tiling import Tiling

#: Draws a block of independent standard normals, (matrices, rows, columns). The array is the
#: caller's until its thread calls again.
Gaussians = Callable[[Index], Matrix]

#: A matrix of so many elements is shared out over the threads, unless there are enough of its like;
#: one of so many always, so that they read the same panels.
_WORTH_SHARING: Final = 1 << 17
_LARGE: Final = 1 << 20

_ALL: Final = slice(None)


def write_orthonormal(
    gaussians: Gaussians, out: Floats, gain: float, backend: Backend | None = None
) -> None:
    """Write Haar-distributed matrices with orthonormal columns, or rows if they are wide.

    Column j of the lower trapezoid of a Gaussian gives reflection j; the signs are
    those of a QR factorization whose R has a positive diagonal.

    Args:
        gaussians: what the matrices are made of, in the shape of ``out``.
        out: float32 or float64, (matrices, rows, columns), of any strides: the matrices times the
            gain, rounded once.
        gain: what they are multiplied by.
        backend: what makes them; None for the one that suits.
    """
    if out.size == 0:
        return
    if out.shape[1] < out.shape[2]:
        gaussians, out = partial(draw_turned, gaussians), out.swapaxes(1, 2)
    count, rows, columns = out.shape
    writing = _Writing(gaussians, out, gain, Tiling.of(rows, columns), _choose(backend))
    workers = threads.choose_count(out.size, compiled=False)
    # Small ones are done together, which changes no bit of any.
    together = max(1, PIECE // (rows * columns))
    parts = [slice(start, start + together) for start in range(0, count, together)]
    if rows * columns < _WORTH_SHARING or (len(parts) >= 2 * workers and rows * columns < _LARGE):
        threads.run((partial(writing.write, part) for part in parts), workers)
        return
    for part in parts:
        writing.share_out(part, workers)


def draw_turned(gaussians: Gaussians, index: Index) -> Matrix:
    """Draw a block of the transposes."""
    matrices, rows, columns = index
    return gaussians((matrices, columns, rows)).swapaxes(1, 2)


class _Steps(Protocol):
    """The steps of some orthonormal matrices of one shape: see :class:`Reflections`."""

    def write(self, gaussians: Matrix) -> None: ...

    def make(self, panel: int, own: Matrix) -> None: ...

    def write_columns(self, panel: int) -> None: ...


def _choose(backend: Backend | None) -> Callable[[Tiling, Floats, float], _Steps]:
    """Return what takes the steps: the extension, where it has an instruction set for them."""
    kernels = gate.kernels(backend)
    if kernels is None or not kernels.reflects():
        return Reflections
    return partial(CompiledReflections, kernels)


@dataclass(frozen=True, slots=True)
class _Writing:
    """What is to be written, and by what; :func:`write_orthonormal` says the rest."""

    gaussians: Gaussians
    out: Floats
    gain: float
    tiling: Tiling
    steps: Callable[[Tiling, Floats, float], _Steps]

    def write(self, part: slice) -> None:
        """Write some of the matrices, in this thread."""
        steps = self.steps(self.tiling, self.out[part], self.gain)
        steps.write(self.gaussians((part, _ALL, _ALL)))

    def share_out(self, part: slice, workers: int) -> None:
        """Write one matrix by several threads; each draws what its panels are made of."""
        steps, panels = (
            self.steps(self.tiling, self.out[part], self.gain),
            range(self.tiling.panels),
        )
        threads.run((partial(self._make, steps, part, panel) for panel in panels), workers)
        # The longest first, so that no thread is left alone with one.
        last_first = reversed(panels)
        threads.run((partial(steps.write_columns, panel) for panel in last_first), workers)

    def _make(self, steps: _Steps, part: slice, panel: int) -> None:
        start, width = panel * self.tiling.width, self.tiling.width
        own = self.gaussians((part, slice(start, None), slice(start, start + width)))
        steps.make(panel, own)
