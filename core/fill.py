"""Fill an array from the stream, piece by piece, on all cores."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core import compiled
from fanwise.core.blocks import PIECE, Block, Index, blocks
from fanwise.core.compiled_tasks import Plan
from fanwise.core.dtypes import Format, rounded
from fanwise.core.keys import stream_key
from fanwise.core.machine import Kernel
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
WORTH_COMPILED_THREADS: Final = 1 << 18

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
    if isinstance(law, Constant):
        out[...] = rounded(np.array(law.value, into.compute), into)
        return
    key = stream_key(seed, path)
    call = compiled.kernel(into, out.size)
    if call is None:
        run(_by_numpy(out, law, layout, index, key, into), threads_for(out.size, compiled=False))
    else:
        parts = _by_kernel(call, out, law, layout, index, key, into)
        run(parts, threads_for(out.size, compiled=True))


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

    The threads end with the call: nothing is left over that a fork would break.
    """
    if threads == 1:
        for task in tasks:
            task()
        return
    shared, lock = iter(tasks), threading.Lock()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while not failures:
                with lock:
                    task = next(shared, None)
                if task is None:
                    return
                task()
        except BaseException as failure:  # noqa: BLE001 (raised below, by the caller's thread)
            failures.append(failure)

    helpers = [threading.Thread(target=work, daemon=True) for _ in range(threads - 1)]
    for helper in helpers:
        helper.start()
    work()
    for helper in helpers:
        helper.join()
    if failures:
        raise failures[0]
