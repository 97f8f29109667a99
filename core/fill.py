"""Fill arrays from the stream, part by part, on all cores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from fanwise.core import threads
from fanwise.core.blocks import Block, Index, block_shape, blocks, whole
from fanwise.core.dtypes import Format, format_of, rounded
from fanwise.core.fast import gate
from fanwise.core.fast.extension import Kernels
from fanwise.core.fast.gate import Backend
from fanwise.core.fast.tasks import Entries, Plan, table
from fanwise.core.keys import stream_key, stream_keys
from fanwise.core.lanes import piece_words, pieces
from fanwise.core.magnitudes import check_fits
from fanwise.core.philox import Key
from fanwise.core.values import write_values
from fanwise.spec.axes import Layout
from fanwise.spec.laws import ConstantLaw, Law
from fanwise.spec.resolved import Resolved

#: For each block of an array its plan, and where it begins, in bytes from the array's address;
#: none where the memory is as no array of its dtype.
Plans = tuple[tuple[Plan, int], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What arrays have in common that differ in their paths and their memory alone.

    Attributes:
        resolved: the scheme on the shape of the whole weight.
        index: one slice per axis: the block that the array holds; None for the whole weight.
        into: the dtype of the weight.
        strides: of the array, in bytes.
        size: elements of the array.
    """

    resolved: Resolved
    index: Index | None
    into: Format
    strides: tuple[int, ...]
    size: int


@dataclass(slots=True)
class Filling:
    """One array to fill.

    Attributes:
        form: of what kind it is.
        path: with the seed it chooses the stream.
        at: its address.
        array: gives the array itself: storage of the block's shape, uint16 for bfloat16. It
            holds the memory, which must not go while a thread still writes.
    """

    form: Form
    path: str | None
    at: int
    array: Callable[[], NDArray[Any]]


def fill(
    out: NDArray[Any],
    resolved: Resolved,
    index: Index | None,
    *,
    seed: int,
    path: str | None,
    into: Format,
    backend: Backend | None = None,
) -> None:
    """Write a weight, or the block at ``index`` of it, into an array.

    Args:
        out: storage of the block's shape, any strides; uint16 for bfloat16.
        resolved: an elementwise scheme on the shape of the whole weight.
        index: one slice per axis; None for the whole weight.
        seed, path: they choose the stream.
        into: the dtype of the weight.
        backend: what draws; None for the one that suits.
    """
    form = Form(resolved, index, into, out.strides, out.size)
    fill_all([Filling(form, path, out.ctypes.data, lambda: out)], seed=seed, backend=backend)


def fill_all(fillings: Sequence[Filling], *, seed: int, backend: Backend | None = None) -> None:
    """Fill several arrays in one pass, which shares all their parts out over the cores.

    Args:
        fillings: the arrays, with what to draw into each.
        seed: with the path of each it chooses the stream.
        backend: what draws; None for the one that suits.

    Raises:
        FanwiseError: for a law whose values a dtype cannot hold; nothing is then written.
    """
    for filling in fillings:
        check_fits(filling.form.resolved.law, filling.form.into.name)
    constants, drawn = [], []
    for filling in fillings:
        law = filling.form.resolved.law
        if isinstance(law, ConstantLaw):
            constants.append((filling.array, rounded_constant(law, filling.form.into.name)))
        else:
            drawn.append(filling)
    if drawn:  # at first: the choice of the backend may be refused
        _draw_all(drawn, seed, backend)
    for array, value in constants:
        array()[...] = value


@lru_cache(maxsize=256)
def rounded_constant(law: ConstantLaw, dtype: str) -> NDArray[Any]:
    """Round a constant into storage of a dtype, as an array of no axes."""
    into = format_of(dtype)
    return rounded(np.array(law.value, into.compute), into)


def _draw_all(fillings: Sequence[Filling], seed: int, backend: Backend | None) -> None:
    """Fill arrays from their streams."""
    for filling in fillings:
        assert filling.at > 0 or not filling.form.size, "an array without memory"
    kernels = gate.kernels(backend)
    if len(fillings) == 1:
        keys = [stream_key(seed, fillings[0].path, kernels=kernels)]
        if kernels is not None and _drawn_at_once(fillings[0], keys[0], kernels):
            return
    else:
        keys = stream_keys(seed, [filling.path for filling in fillings])
    size = sum([filling.form.size for filling in fillings])
    entered = None if kernels is None else Entries(kernels)
    parts = []
    for filling, key in zip(fillings, keys, strict=True):
        if entered is None or not (plans := _plans_of(filling)):
            parts.append(_by_numpy(filling, key))
            continue
        for plan, offset in plans:
            entered.add(plan, filling.at + offset, key, filling.array)
    tasks = chain(() if entered is None else entered.tasks(), *parts)
    threads.run(tasks, threads.choose_count(size, compiled=entered is not None))


def _drawn_at_once(filling: Filling, key: Key, kernels: Kernels) -> bool:
    """Draw an array that is one thread's work, in less time than entering it would take."""
    if filling.form.size >= threads.WORTH_COMPILED_THREADS:
        return False
    plans = _plans_of(filling)
    for plan, offset in plans:
        kernels.draw_weight(*plan.at, filling.at + offset, *key, table())
    return bool(plans)


def _plans_of(filling: Filling) -> Plans:
    """Plan the blocks of an array, before there is a key."""
    form = filling.form
    if filling.at % form.into.storage.alignment:
        return ()
    law, layout = form.resolved.law, form.resolved.layout
    if form.index is None:
        return plans_of_whole(law, layout, form.strides, form.into.name)
    return _plans(law, layout, form.index, form.strides, form.into.name)


@lru_cache(maxsize=4096)  # a network has many weights of few shapes
def plans_of_whole(law: Law, layout: Layout, strides: tuple[int, ...], dtype: str) -> Plans:
    """Plan the blocks of a whole weight.

    Args:
        law: the distribution of every element.
        layout: the weight's.
        strides: of the array that holds it, in bytes.
        dtype: one of the four dtypes.
    """
    return _plans(law, layout, whole(layout.shape), strides, dtype)


def _plans(law: Law, layout: Layout, index: Index, strides: tuple[int, ...], dtype: str) -> Plans:
    into = format_of(dtype)
    # Of these strides, but with no memory of its own: only its geometry is looked at.
    array = as_strided(np.empty(0, into.storage), block_shape(index, layout.shape), strides)
    plans = []
    for block in blocks(array, layout, index):
        plan = Plan.of(block, law, into)
        if plan is None:
            return ()
        plans.append((plan, block.out.ctypes.data - array.ctypes.data))
    return tuple(plans)


def _by_numpy(filling: Filling, key: Key) -> Iterable[Callable[[], None]]:
    """Return the parts of the work, for NumPy."""
    form = filling.form
    resolved = form.resolved
    draw = partial(_draw, key=key, law=resolved.law, into=form.into)
    index = whole(resolved.shape) if form.index is None else form.index
    cut = blocks(filling.array(), resolved.layout, index)
    return (partial(draw, piece) for block in cut for piece in pieces(block))


def _draw(piece: Block, *, key: Key, law: Law, into: Format) -> None:
    write_values(piece_words(key, piece), law, into, piece.out)
