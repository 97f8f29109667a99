"""Exact claims about blocks: any part alone is that part of the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.protocol import Adapter
from fanwise.conformance import vectors
from fanwise.conformance.checks.check import Check
from fanwise.conformance.checks.core_stages import core_subject
from fanwise.conformance.checks.faults import Array, Fault, patched
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.results.subjects import size_text
from fanwise.core import sample
from fanwise.core.blocks import Block
from fanwise.core.blocks import blocks as core_blocks
from fanwise.core.philox import block_words

BLOCKS: Final = Claim(
    name="blocks",
    group=Group.STAGES,
    null="a block alone is that block of the whole",
)
FAR_BLOCKS: Final = Claim(
    name="far blocks",
    group=Group.STAGES,
    null="the same where the index passes 2³²",
)


def blocks() -> Iterator[ResultRow]:
    """Compare blocks with the whole, and with known answers where no whole could be drawn."""
    shape, axes = (24, 10, 3, 3), "(3 out) in *"
    for name in ("he_normal", "glorot_uniform"):
        whole = sample(name, shape, seed=3, axes=axes)
        for part in (
            (slice(5, 20),),
            (slice(None), slice(9, 10)),
            (slice(1, 24, 7), slice(0, 10, 3), slice(1, 2), slice(None)),
        ):
            block = sample(name, shape, seed=3, axes=axes, index=part)
            same = _same(block, whole[part])
            yield core_subject(f"{name} {part}").compare(BLOCKS, str(same), "True")
    for draw, index, expected in vectors.far_blocks():
        subject = f"{draw.scheme} {draw.dtype} {size_text(draw.shape)} {draw.axes} {index}"
        observed = vectors.block_digest(draw, index)
        yield core_subject(subject).compare(FAR_BLOCKS, observed, expected)


def _same(first: NDArray[Any], second: NDArray[Any]) -> bool:
    """Return whether two arrays are equal to the bit: dtype, shape, and the sign of zeros."""
    return (
        first.dtype == second.dtype
        and first.shape == second.shape
        and first.tobytes() == second.tobytes()
    )


def _short_counter(key: Any, numbers: Array, *where: Any) -> Array:
    """Return the words of blocks whose number is cut to 32 bits."""
    return block_words(key, numbers & np.uint64(0xFFFFFFFF), *where)


def _no_offset(*arguments: Any) -> Iterator[Block]:
    """Yield the blocks of a part, as if it began where the whole does."""
    return (replace(block, base=0) for block in core_blocks(*arguments))


def _judge(adapter: Adapter, seed: int) -> Iterator[ResultRow]:
    del adapter, seed  # the fault is in the core
    return blocks()


CHECK: Final = Check(
    claims=(BLOCKS, FAR_BLOCKS),
    core=blocks,
    faults=(
        Fault(
            name="counter cut to 32 bits",
            claim=FAR_BLOCKS,
            judge=_judge,
            core=partial(patched, "fanwise.core.philox.block_words", _short_counter),
        ),
        Fault(
            name="offset of a shard ignored",
            claim=BLOCKS,
            judge=_judge,
            core=partial(patched, "fanwise.core.fill.blocks", _no_offset),
        ),
    ),
)
