"""Blocks of large orthogonal weights: the bits of the whole, in little memory."""

import tracemalloc

import numpy as np
import pytest
from common.backends import SWITCHES
from hypothesis import given, settings
from hypothesis import strategies as st

import fanwise
from fanwise.core import orthogonal_blocks, scratch, strips, threads
from fanwise.core.dtypes import NAMES
from fanwise.core.fast import gate
from fanwise.core.orthogonal_blocks import cheap_blocks, is_in_blocks
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import resolve

LARGE = (4096, 4096)
#: Tall and wide, of one panel and of several, with a receptive field and without, in batches.
WEIGHTS = [
    ((300, 130), "kernel"),
    ((130, 300), "kernel"),
    ((300, 130), "torch"),
    ((65, 200), "torch"),
    ((3, 3, 20, 200), "kernel"),
    ((200, 20, 3, 3), "torch"),
    ((90, 150, 1, 2), "torch_transposed"),
    ((4, 30, 3, 70), "in out in out"),
    ((3, 90, 80), "batch in out"),
    ((90, 3, 120), "out batch in"),
    ((200, 1), "kernel"),
]


@pytest.fixture(autouse=True)
def _of_any_size(monkeypatch):
    monkeypatch.setattr(orthogonal_blocks, "_LARGE", 0)
    monkeypatch.setattr(orthogonal_blocks, "_MATRIX", 0)


@pytest.fixture(params=SWITCHES.values(), ids=SWITCHES)
def backend(monkeypatch, request):
    monkeypatch.setenv(gate.SWITCH, request.param)


def drawn(shape, axes, **how):
    return fanwise.sample("orthogonal", shape, seed=3, path="a/b", axes=axes, **how)


def law_of(shape, axes):
    return resolve(scheme("orthogonal"), shape, axes).law


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("panels", [1, 2, 99])
@pytest.mark.parametrize(("shape", "axes"), WEIGHTS)
def test_blocks_have_the_bits_of_the_whole(monkeypatch, shape, axes, panels):
    monkeypatch.setattr(strips, "_count_kept", lambda *_: panels)
    monkeypatch.setattr(threads, "choose_count", lambda *_, **__: 3)
    whole = drawn(shape, axes)
    for index in cheap_blocks(law_of(shape, axes)):
        np.testing.assert_array_equal(drawn(shape, axes, index=index), whole[index])


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("dtype", NAMES)
@pytest.mark.parametrize(("shape", "axes"), [WEIGHTS[2], WEIGHTS[5]])
def test_they_are_rounded_as_the_whole_is(shape, axes, dtype):
    whole, index = drawn(shape, axes, dtype=dtype), (slice(17, 93, 3), slice(2, None))
    assert drawn(shape, axes, dtype=dtype, index=index).tobytes() == whole[index].tobytes()


@st.composite
def indexes(draw, shape):
    return tuple(
        slice(draw(st.integers(0, n)), draw(st.integers(0, n)), draw(st.integers(1, 3)))
        for n in shape
    )


@settings(max_examples=60)
@given(st.data(), st.sampled_from(WEIGHTS))
def test_any_block_has_the_bits_of_the_whole(data, weight):
    shape, axes = weight
    index = data.draw(indexes(shape))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orthogonal_blocks, "_LARGE", 0)
        patch.setattr(orthogonal_blocks, "_MATRIX", 0)
        got = drawn(shape, axes, index=index)
    np.testing.assert_array_equal(got, drawn(shape, axes)[index])


@pytest.mark.parametrize(("shape", "axes"), WEIGHTS)
def test_blocks_cover_a_weight_once(shape, axes):
    law, times = law_of(shape, axes), np.zeros(shape, int)
    assert is_in_blocks(law)
    for index in cheap_blocks(law):
        times[index] += 1
    assert np.all(times == 1)


def test_split_axes_are_made_as_a_whole():
    assert not is_in_blocks(law_of((12, 4), "(3 out) in"))


def test_a_block_goes_into_memory_of_any_strides():
    shape, index = (130, 300), (slice(5, 90), slice(0, 300, 2))
    memory = np.zeros((150, 2 * 85), np.float32)
    out = memory.T[::2]
    drawn(shape, "torch", index=index, out=out)
    np.testing.assert_array_equal(out, drawn(shape, "torch")[index])
    assert not memory.T[1::2].any()


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("index", [(slice(0, 256),), (slice(None), slice(0, 256))])
def test_memory_beyond_a_block(index):
    """On each rank of those who share a weight, cut either way: its part, and little more."""
    fanwise.sample("orthogonal", (4, 4), seed=0)
    scratch._kept.arrays.clear()
    tracemalloc.start()
    try:
        part = fanwise.sample("orthogonal", LARGE, seed=0, index=index)
        beyond = tracemalloc.get_traced_memory()[1] - part.nbytes
    finally:
        tracemalloc.stop()
    assert beyond <= 64 << 20


def test_more_memory_would_be_seen():
    tracemalloc.start()
    try:
        whole = fanwise.sample("orthogonal", LARGE, seed=0)
        assert tracemalloc.get_traced_memory()[1] - whole.nbytes > 64 << 20
    finally:
        tracemalloc.stop()
