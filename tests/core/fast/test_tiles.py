"""How a block is cut into tiles, and what is known of it before there is a key."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

import fanwise
from fanwise.core.blocks import Block
from fanwise.core.dtypes import format_of
from fanwise.core.fast.tasks import SHARE, Entries, Plan
from fanwise.core.fast.tiles import SIZE, tiles

SHAPES = [(7,), (SIZE + 1,), (300, 200), (5, 3, 700), (1, 1), ()]


def strides_of(shape, itemsize=4):
    return tuple(itemsize * math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("across", [False, True])
def test_tiles_cover_a_block_and_fit_the_cache(shape, across: bool) -> None:
    counts = strides_of(shape, 1)
    strides = strides_of(shape[::-1])[::-1] if across else strides_of(shape)
    cut = tiles(shape, counts, strides, 4)
    assert cut is not None
    sizes, tile = cut.geometry[: cut.axes], cut.geometry[3 * cut.axes : 4 * cut.axes]
    assert math.prod(sizes) == math.prod(shape)
    assert cut.count == math.prod(-(-size // step) for size, step in zip(sizes, tile, strict=True))
    assert cut.elements == math.prod(tile) <= SIZE


def test_axes_that_continue_each_other_are_one() -> None:
    assert tiles((4, 5, 6), (30, 6, 1), (120, 24, 4), 4).axes == 1
    assert tiles((4, 5, 6), (30, 6, 1), (240, 24, 4), 4).axes == 2


def test_elements_between_whole_ones_have_no_tiles() -> None:
    assert tiles((4, 5), (5, 1), (22, 4), 4) is None
    out = np.ndarray((4, 5), np.float32, np.zeros(200, np.uint8), 0, (22, 4))
    law = fanwise.scheme("normal").law((4, 5))
    assert Plan.of(Block(out, 0, (5, 1)), law, format_of("float32")) is None


def test_work_is_shared_out_in_parts_of_about_one_size() -> None:
    size = 5 * SHARE + 3
    law, out = fanwise.scheme("normal").law((size,)), np.empty(size, np.float32)
    plan = Plan.of(Block(out, 0, (1,)), law, format_of("float32"))
    calls = []
    entries = Entries(SimpleNamespace(draw=lambda *numbers: calls.append(numbers[1:3])))
    entries.add(plan, out.ctypes.data, (1, 2), out)
    for task in entries.tasks():
        task()
    assert len(calls) == 6
    assert [first for first, _ in calls] == [0, *(last for _, last in calls[:-1])]
