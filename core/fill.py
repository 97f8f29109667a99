"""Fill an array from the stream, piece by piece, on all cores."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.blocks import PIECE, Block, Index, blocks
from fanwise.core.dtypes import Format, rounded
from fanwise.core.keys import stream_key
from fanwise.core.philox import Key, words
from fanwise.core.values import values
from fanwise.spec.axes import Layout
from fanwise.spec.laws import Constant, Law

#: Working memory for each element of a piece, over all arrays alive at once; measured
#: by tests/core/test_fill.py, which holds the whole call to 64 MiB.
_BYTES_PER_ELEMENT: Final = 96
_MEMORY: Final = 48 << 20
_MOST_THREADS: Final = _MEMORY // (_BYTES_PER_ELEMENT * PIECE)
#: Below this many elements a pool costs more than it saves.
_WORTH_THREADS: Final = 4 * PIECE


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
    pieces = (piece for block in blocks(out, layout, index) for piece in block.pieces())
    draw = partial(_draw, key=key, law=law, into=into)
    threads = min(_cores(), _MOST_THREADS)
    if threads == 1 or out.size < _WORTH_THREADS:
        for piece in pieces:
            draw(piece)
    else:
        _in_threads(draw, pieces, threads)


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _draw(piece: Block, *, key: Key, law: Law, into: Format) -> None:
    starts, length = piece.runs()
    drawn = values(words(key, starts, length), law, into.compute)
    piece.out[...] = rounded(drawn, into).reshape(piece.out.shape)


def _in_threads(draw: partial[None], pieces: Iterable[Block], threads: int) -> None:
    """Every thread takes the next piece until none is left, so that few wait in memory."""
    # Slow to import, and most weights need no pool.
    from concurrent.futures import ThreadPoolExecutor

    shared, lock = iter(pieces), threading.Lock()

    def work() -> None:
        while True:
            with lock:
                piece = next(shared, None)
            if piece is None:
                return
            draw(piece)

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work) for _ in range(threads)]:
            done.result()
