"""Where a block of a weight lies in the stream: storage axes against canonical order.

The canonical index of an element is a sum of one contribution per storage axis, so a
block is a base index and one stride per axis. It is drawn in pieces that fit the cache.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.philox import Wide
from fanwise.spec.axes import Layout
from fanwise.spec.errors import FanwiseError

#: Elements drawn at a time: few enough for the caches, and so many that threads, which
#: exchange Python's lock at every operation on an array, do not stand in each other's way.
PIECE: Final = 1 << 18

Index = tuple[slice, ...]


@dataclass(frozen=True)
class Block:
    """A part of the result, with the canonical index of its elements.

    Attributes:
        out: a view of the result.
        base: canonical index of its first element.
        strides: what one step along each of its axes adds to the canonical index.
    """

    out: NDArray[Any]
    base: int
    strides: tuple[int, ...]

    def pieces(self, largest: int | None = None) -> Iterator[Block]:
        """Cut the block along its axes, canonical order first.

        Args:
            largest: how many elements a piece has, at most; None for what a cache holds.
        """
        largest = PIECE if largest is None else largest
        order = sorted(range(self.out.ndim), key=lambda axis: -self.strides[axis])
        out = self.out.transpose(order)
        strides = tuple(self.strides[axis] for axis in order)
        trailing = [math.prod(out.shape[axis + 1 :]) for axis in range(out.ndim)]
        cut = next((axis for axis, size in enumerate(trailing) if size <= largest), None)
        if cut is None:
            yield Block(out, self.base, strides)
            return
        step = max(1, largest // max(trailing[cut], 1))
        for lead in itertools.product(*map(range, out.shape[:cut])):
            offset = sum(i * stride for i, stride in zip(lead, strides, strict=False))
            for start in range(0, out.shape[cut], step):
                part = out[lead][start : start + step]
                yield Block(part, self.base + offset + start * strides[cut], strides[cut:])

    def runs(self) -> tuple[Wide, int]:
        """Return the start of every run of consecutive canonical indices, and their length."""
        axis, length = self.out.ndim, 1
        while axis and self.strides[axis - 1] == length:
            axis -= 1
            length *= self.out.shape[axis]
        starts = np.array([self.base], np.uint64)
        for size, stride in zip(self.out.shape[:axis], self.strides[:axis], strict=True):
            steps = np.arange(size, dtype=np.uint64) * np.uint64(stride)
            starts = (starts[:, None] + steps).ravel()
        return starts, length


def blocks(out: NDArray[Any], layout: Layout, index: Index) -> Iterator[Block]:
    """Yield the blocks of ``out``, which holds ``layout.shape`` at ``index``.

    There is one, unless a split axis is cut in the midst of its batches.
    """
    strides = _canonical_strides(layout)
    parts, at = [], 0
    for size, axis, chosen in zip(layout.shape, layout.axes, index, strict=True):
        span = range(*chosen.indices(size))
        if axis.batches > 1:
            inner = size // axis.batches
            parts.append(list(_split_parts(span, inner, strides[at], strides[at + 1])))
            at += 2
        else:
            base, stride = span.start * strides[at], span.step * strides[at]
            parts.append([_Part(slice(None), base, (len(span),), (stride,))])
            at += 1
    for choice in itertools.product(*parts):
        where: tuple[Any, ...] = tuple(part.where for part in choice)
        # The Ellipsis keeps a view where there are no axes.
        view = out[(*where, ...)]
        shape = tuple(size for part in choice for size in part.shape)
        if len(shape) != view.ndim:
            view = view.reshape(shape)  # to split axes never copies
        base = sum(part.base for part in choice)
        yield Block(view, base, tuple(stride for part in choice for stride in part.strides))


@dataclass(frozen=True)
class _Part:
    """Of one axis, what lies at even distances in the stream.

    Attributes:
        where: in the array.
        base: canonical index of its first element.
        shape: of one axis, or of two that the axis is seen as.
        strides: what one step along each adds to the canonical index.
    """

    where: slice
    base: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _split_parts(span: range, inner: int, outer_stride: int, inner_stride: int) -> Iterator[_Part]:
    """Cut what is chosen of a split axis into parts: few, however many batches there are.

    Args:
        span: the chosen positions.
        inner: the length of a batch.
        outer_stride, inner_stride: what a step to the next batch, and a step within one, adds
            to the canonical index.
    """

    def base(at: int) -> int:
        batch, place = divmod(span[at], inner)
        return batch * outer_stride + place * inner_stride

    if span.step == 1:
        # The end of a batch, whole batches, the beginning of one.
        head = min(-span.start % inner, len(span))
        tail = (len(span) - head) % inner
        middle = len(span) - head - tail
        for start, length in ((0, head), (len(span) - tail, tail)):
            if length:
                where = slice(start, start + length)
                yield _Part(where, base(start), (length,), (inner_stride,))
        if middle:
            where, shape = slice(head, head + middle), (middle // inner, inner)
            yield _Part(where, base(head), shape, (outer_stride, inner_stride))
        return
    # After so many positions the same place comes again, some batches on.
    again = inner // math.gcd(inner, span.step)
    batches = range(span.start // inner, span[-1] // inner + 1) if span else range(0)
    if again < len(batches):
        skipped = again * span.step // inner
        for start in range(min(again, len(span))):
            length = len(range(start, len(span), again))
            yield _Part(
                slice(start, None, again), base(start), (length,), (skipped * outer_stride,)
            )
        return
    start = 0
    for batch in batches:
        stop = min(-((span.start - (batch + 1) * inner) // span.step), len(span))
        if start < stop:
            stride = span.step * inner_stride
            yield _Part(slice(start, stop), base(start), (stop - start,), (stride,))
        start = stop


def _canonical_strides(layout: Layout) -> list[int]:
    """Compute what one step along each expanded axis adds to the canonical index."""
    strides, stride = [0] * len(layout.expanded), 1
    for axis in reversed(layout.order):
        strides[axis] = stride
        stride *= layout.expanded[axis]
    return strides


def checked_index(index: Index | slice | None, shape: tuple[int, ...]) -> Index:
    """Check an index, and return it as one slice per axis, each with a positive step."""
    if index is None:
        index = ()
    given = index if isinstance(index, tuple) else (index,)
    if len(given) > len(shape) or not all(isinstance(part, slice) for part in given):
        hint = f"Pass at most {len(shape)} slices, e.g. (slice(0, 2), slice(None))."
        raise FanwiseError(f"a tuple of slices over the shape {shape}", index, hint)
    try:
        steps = [part.indices(1)[2] for part in given]
    except (TypeError, ValueError):
        steps = [-1]
    if any(step < 1 for step in steps):
        hint = "Reverse the block after it is drawn."
        raise FanwiseError("slices with integer bounds and a positive step", index, hint)
    # A step across all of an axis goes as far as any longer one, and stays below 2**63.
    parts = zip(given, steps, shape, strict=False)
    short = [slice(part.start, part.stop, min(step, max(size, 1))) for part, step, size in parts]
    return (*short, *whole(shape[len(short) :]))


def whole(shape: tuple[int, ...]) -> Index:
    """Return the index of all of a weight."""
    return (slice(None),) * len(shape)


def block_shape(index: Index, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of the block at an index."""
    return tuple(len(range(*part.indices(n))) for part, n in zip(index, shape, strict=True))
