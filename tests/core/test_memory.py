"""Whether two elements of an array share memory."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import as_strided

import fanwise
from fanwise.core.memory import overlaps


def shared_by_count(shape: tuple[int, ...], strides: tuple[int, ...], itemsize: int) -> bool:
    """The same, by looking at every byte of every element."""
    places: set[int] = set()
    for position in itertools.product(*map(range, shape)):
        start = sum(i * stride for i, stride in zip(position, strides, strict=True))
        element = set(range(start, start + itemsize))
        if places & element:
            return True
        places |= element
    return False


@settings(max_examples=1000, deadline=None)
@given(
    axes=st.lists(st.tuples(st.integers(0, 5), st.integers(-40, 40)), max_size=4),
    itemsize=st.sampled_from([1, 2, 4, 8]),
)
def test_every_element_is_counted(axes: list[tuple[int, int]], itemsize: int) -> None:
    shape, strides = tuple(size for size, _ in axes), tuple(stride for _, stride in axes)
    assert overlaps(shape, strides, itemsize) == shared_by_count(shape, strides, itemsize)


#: Shapes and strides that interleave; whether elements meet.
INTERLEAVED = [
    ((2, 3), (3, 2), False),
    ((3, 3), (2, 3), False),
    ((4, 3), (2, 3), True),
    ((3, 2), (2, 4), True),
    ((1 << 20, 3), (3, 1 << 21), False),
    ((1 << 20, 2), (2, 1 << 20), True),
]


@pytest.mark.parametrize(("shape", "strides", "meet"), INTERLEAVED)
def test_axes_that_interleave(shape, strides, meet: bool) -> None:
    assert overlaps(shape, strides, 1) == meet


@pytest.mark.parametrize(
    ("shape", "strides"),
    [
        ((1 << 40, 1 << 20), (2, 1)),
        ((10**9, 10**9), (24691358, 24691357)),
        ((2,) * 40, tuple(3**n % 1_000_003 for n in range(40))),
        ((1 << 62, 1 << 62), (3, 2)),
    ],
)
def test_what_is_large_or_intricate_takes_neither_time_nor_memory(shape, strides) -> None:
    started = time.perf_counter()
    assert overlaps(shape, strides, 1)
    assert time.perf_counter() - started < 1


def test_an_out_that_interleaves_without_meeting_is_written() -> None:
    memory = np.zeros(12, np.float32)
    out = as_strided(memory, (2, 3), (12, 8))
    fanwise.sample("normal", (2, 3), seed=0, out=out)
    np.testing.assert_array_equal(out, fanwise.sample("normal", (2, 3), seed=0))
    assert np.count_nonzero(memory) == 6
