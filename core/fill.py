"""Fill arrays from the stream, part by part, on all cores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core import threads
from fanwise.core.blocks import Block, Index, blocks
from fanwise.core.dtypes import Format, rounded
from fanwise.core.fast import gate as compiled
from fanwise.core.fast.tasks import Entries, Plan
from fanwise.core.keys import stream_key, stream_keys
from fanwise.core.philox import Key, words
from fanwise.core.values import values
from fanwise.spec.axes import Layout
from fanwise.spec.laws import Constant, Law

#: For each block of an array its plan, and where it begins, in bytes from the array's address;
#: none where the memory is as no array of its dtype.
Plans = tuple[tuple[Plan, int], ...]

#: The plans of whole weights: a network has many weights of few shapes.
_plans: Final[dict[tuple[Any, ...], Plans]] = {}
_MOST_PLANS: Final = 4096


@dataclass(slots=True)
class Form:
    """What arrays have in common that differ in their paths and their memory alone.

    Attributes:
        law: the distribution of every element.
        layout: the whole weight's.
        index: one slice per axis; they are the block that the array holds.
        into: the dtype of the weight.
        strides: of the array, in bytes.
        size: elements of the array.
        plans: once they are known.
    """

    law: Law
    layout: Layout
    index: Index
    into: Format
    strides: tuple[int, ...]
    size: int
    plans: Plans | None = None


@dataclass(slots=True)
class Filling:
    """One array to fill.

    Attributes:
        form: of what kind it is.
        path: with the seed it chooses the stream.
        at: its address.
        array: gives the array itself: storage of the block's shape, uint16 for bfloat16.
    """

    form: Form
    path: str | None
    at: int
    array: Callable[[], NDArray[Any]]


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
    form = Form(law, layout, index, into, out.strides, out.size)
    fill_all([Filling(form, path, out.ctypes.data, lambda: out)], seed=seed)


def fill_all(fillings: Sequence[Filling], *, seed: int) -> None:
    """Fill several arrays in one pass, which shares all their parts out over the cores."""
    if len(fillings) == 1:
        keys = [stream_key(seed, fillings[0].path)]
    else:
        keys = stream_keys(seed, [filling.path for filling in fillings])
    size = sum([filling.form.size for filling in fillings])
    entries = _entries({filling.form.into.name: filling.form.into for filling in fillings}, size)
    pieces = []
    for filling, key in zip(fillings, keys, strict=True):
        form = filling.form
        if isinstance(form.law, Constant):
            value = np.array(form.law.value, form.into.compute)
            filling.array()[...] = rounded(value, form.into)
            continue
        entered = entries[form.into.name]
        if entered is None or not (plans := _plans_of(filling)):
            pieces.append(_by_numpy(filling, key))
            continue
        for plan, offset in plans:
            entered.add(plan, filling.at + offset, key)
    by_kernel = {id(each): each for each in entries.values() if each is not None}.values()
    tasks = chain(*(each.tasks() for each in by_kernel), *pieces)
    threads.run(tasks, threads.worth(size, compiled=bool(by_kernel)))


def _entries(formats: dict[str, Format], size: int) -> dict[str, Entries | None]:
    """For each dtype where its work is entered, or None where NumPy is to do it."""
    made: dict[int, Entries | None] = {}
    for into in formats.values():
        itemsize = into.storage.itemsize
        if itemsize not in made:
            call = compiled.kernel(into, size)
            made[itemsize] = None if call is None else Entries(call, itemsize)
    return {name: made[into.storage.itemsize] for name, into in formats.items()}


def _plans_of(filling: Filling) -> Plans:
    form = filling.form
    if filling.at % form.into.storage.alignment:
        return ()
    if form.plans is None:
        whole = form.index == (slice(None),) * len(form.index)
        known = (form.law, form.layout, form.strides, form.into.name)
        form.plans = _plans.get(known) if whole else None
        if form.plans is None:
            form.plans = _planned(filling)
            if whole:
                if len(_plans) >= _MOST_PLANS:
                    _plans.clear()
                _plans[known] = form.plans
    return form.plans


def _planned(filling: Filling) -> Plans:
    form, found = filling.form, []
    for block in blocks(filling.array(), form.layout, form.index):
        plan = Plan.of(block, form.law, form.into)
        if plan is None:
            return ()
        found.append((plan, block.out.ctypes.data - filling.at))
    return tuple(found)


def _by_numpy(filling: Filling, key: Key) -> Iterable[Callable[[], None]]:
    form = filling.form
    draw = partial(_draw, key=key, law=form.law, into=form.into)
    every = blocks(filling.array(), form.layout, form.index)
    return (partial(draw, piece) for block in every for piece in block.pieces())


def _draw(piece: Block, *, key: Key, law: Law, into: Format) -> None:
    starts, length = piece.runs()
    drawn = values(words(key, starts, length), law, into.compute)
    piece.out[...] = rounded(drawn, into).reshape(piece.out.shape)
