"""Fill an array from the stream, piece by piece, on all cores."""

from __future__ import annotations

import _thread
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core import compiled
from fanwise.core.blocks import PIECE, Block, Index, blocks
from fanwise.core.compiled_tasks import Kernel, Plan
from fanwise.core.dtypes import Format, rounded
from fanwise.core.keys import stream_key, stream_keys
from fanwise.core.philox import Key, words
from fanwise.core.values import values
from fanwise.spec.axes import Layout
from fanwise.spec.laws import Constant, Law

#: Working memory for each element of a piece, over all arrays alive at once, at worst; and for
#: each thread on the compiled path. tests/core/test_fill.py holds the whole call to 64 MiB.
_BYTES_PER_ELEMENT: Final = 112
_BYTES_COMPILED: Final = 3 << 18
_MEMORY: Final = 56 << 20
_MOST_THREADS: Final = _MEMORY // (_BYTES_PER_ELEMENT * PIECE)
_MOST_COMPILED_THREADS: Final = _MEMORY // _BYTES_COMPILED
#: Below this many elements threads cost more than they save.
WORTH_THREADS: Final = 2 * PIECE
WORTH_COMPILED_THREADS: Final = 1 << 20

#: The plans of whole weights: a network has many weights of few shapes.
_plans: Final[dict[tuple[Any, ...], list[tuple[Block | None, Plan | None]]]] = {}
_MOST_PLANS: Final = 4096


def fill(
    out: NDArray[Any],
    law: Law,
    layout: Layout,
    index: Index,
    *,
    seed: int,
    path: str | None,
    into: Format,
) -> None:
    """Write the block at ``index`` of a weight into ``out``.

    Args:
        out: storage of the block's shape, any strides; uint16 for bfloat16.
        law: the distribution of every element.
        layout: the whole weight's.
        index: one slice per axis.
        seed, path: they choose the stream.
        into: the dtype of the weight.
    """
    fill_all([Filling(out, law, layout, index, path, into)], seed=seed)


@dataclass(slots=True)
class Filling:
    """The arguments of :func:`fill`, but for the seed."""

    out: NDArray[Any]
    law: Law
    layout: Layout
    index: Index
    path: str | None
    into: Format


def fill_all(fillings: Sequence[Filling], *, seed: int) -> None:
    """Fill several arrays in one pass, which shares all their parts out over the cores."""
    size, calls = 0, {}
    for filling in fillings:
        size += filling.out.size
    for into in {filling.into.name: filling.into for filling in fillings}.values():
        calls[into.name] = compiled.kernel(into, size)
    if len(fillings) == 1:
        keys = [stream_key(seed, fillings[0].path)]
    else:
        keys = stream_keys(seed, [filling.path for filling in fillings])
    parts = (_tasks(f, key, calls[f.into.name]) for f, key in zip(fillings, keys, strict=True))
    run(chain.from_iterable(parts), threads_for(size, compiled=any(calls.values())))


def _tasks(filling: Filling, key: Key, call: Kernel | None) -> Iterable[Callable[[], None]]:
    out, law, into = filling.out, filling.law, filling.into
    if isinstance(law, Constant):
        out[...] = rounded(np.array(law.value, into.compute), into)
        return ()
    if call is None:
        return _by_numpy(out, law, filling.layout, filling.index, key, into)
    return _by_kernel(call, out, law, filling.layout, filling.index, key, into)


def _by_numpy(
    out: NDArray[Any], law: Law, layout: Layout, index: Index, key: Key, into: Format
) -> Iterable[Callable[[], None]]:
    draw = partial(_draw, key=key, law=law, into=into)
    pieces = (piece for block in blocks(out, layout, index) for piece in block.pieces())
    return (partial(draw, piece) for piece in pieces)


def _by_kernel(
    call: Kernel,
    out: NDArray[Any],
    law: Law,
    layout: Layout,
    index: Index,
    key: Key,
    into: Format,
) -> Iterable[Callable[[], None]]:
    """The work on the compiled path; NumPy's, where memory is as no array of the dtype."""
    whole = index == (slice(None),) * len(index)
    known = (law, layout, out.strides, into.name)
    plans = _plans.get(known) if whole else None
    if plans is None:
        plans = [(block, Plan.of(block, law, into)) for block in blocks(out, layout, index)]
        if len(plans) == 1 and whole:
            if len(_plans) >= _MOST_PLANS:
                _plans.clear()
            # Without the block: its array is the caller's.
            _plans[known] = [(None, plans[0][1])]
    if not out.flags.aligned or any(plan is None for _, plan in plans):
        return _by_numpy(out, law, layout, index, key, into)
    parts = (
        plan.tasks(call, out if block is None else block.out, key)
        for block, plan in plans
        if plan is not None
    )
    return chain.from_iterable(parts)


def threads_for(size: int, *, compiled: bool) -> int:
    """How many threads so many elements are worth."""
    if size < (WORTH_COMPILED_THREADS if compiled else WORTH_THREADS):
        return 1
    return min(_cores(), _MOST_COMPILED_THREADS if compiled else _MOST_THREADS)


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _draw(piece: Block, *, key: Key, law: Law, into: Format) -> None:
    starts, length = piece.runs()
    drawn = values(words(key, starts, length), law, into.compute)
    piece.out[...] = rounded(drawn, into).reshape(piece.out.shape)


def run(tasks: Iterable[Callable[[], None]], threads: int) -> None:
    """Do all tasks; every thread takes the next one until none is left.

    No thread is waited for but to end what it has begun: on a busy machine some may come too
    late to do anything. None is kept, so nothing is left over that a fork would break.
    """
    if threads == 1:
        for task in tasks:
            task()
        return
    shared = _Shared(tasks)
    for _ in range(threads - 1):
        try:
            # Not threading.Thread, whose start waits until the thread runs.
            _thread.start_new_thread(shared.work, ())
        except RuntimeError:  # no more threads: there is still this one
            break
    shared.work()
    with shared.change:
        shared.change.wait_for(lambda: shared.begun == 0)
    if shared.failures:
        raise shared.failures[0]


class _Shared:
    """Tasks that several threads take from."""

    def __init__(self, tasks: Iterable[Callable[[], None]]) -> None:
        self.tasks, self.begun = iter(tasks), 0
        self.failures: list[BaseException] = []
        self.change = threading.Condition()

    def work(self) -> None:
        """Take tasks until there are none, or one has failed."""
        while (task := self._next()) is not None:
            try:
                task()
            except BaseException as failure:  # noqa: BLE001 (raised by the caller's thread)
                self.failures.append(failure)
            with self.change:
                self.begun -= 1
                self.change.notify_all()

    def _next(self) -> Callable[[], None] | None:
        with self.change:
            try:
                task = None if self.failures else next(self.tasks, None)
            except BaseException as failure:  # noqa: BLE001 (raised by the caller's thread)
                self.failures.append(failure)
                return None
            self.begun += task is not None
            return task
