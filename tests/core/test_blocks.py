"""Any block of a weight, drawn alone, is that part of the whole weight."""

import math

import numpy as np
import pytest
from common.backends import SWITCHES
from common.bits import same_bits
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import as_strided
from reference import stream
from reference.strategies import Case, Role, cases, words

import fanwise
from fanwise.core import blocks as blocks_module
from fanwise.core import lanes
from fanwise.core.fast import gate
from fanwise.spec.axes import layout

Index = tuple[slice, ...]

bound = st.one_of(st.none(), st.integers(-16, 16))
slices = st.builds(slice, bound, bound, st.one_of(st.none(), st.integers(1, 5)))


@st.composite
def blocks(draw: st.DrawFn) -> tuple[Case, Index]:
    case = draw(cases())
    named = draw(st.integers(0, len(case.axes.shape)))
    return case, tuple(draw(slices) for _ in range(named))


def assert_block_is_part_of_whole(case: Case, index: Index) -> None:
    scheme = fanwise.scheme(case.scheme, **case.params)
    how = {"seed": case.seed, "path": case.path, "axes": case.axes.pattern, "dtype": case.dtype}
    whole = fanwise.sample(scheme, case.axes.shape, **how)
    got = fanwise.sample(scheme, case.axes.shape, index=index, **how)
    assert got.shape == whole[index].shape
    assert same_bits(got, whole[index])


@settings(max_examples=300, deadline=None)
@given(block=blocks())
def test_a_block_is_part_of_the_whole(block: tuple[Case, Index]) -> None:
    assert_block_is_part_of_whole(*block)


@pytest.mark.parametrize("index", [slice(1, 3), (), None, (slice(1, 3), slice(None, None, 2))])
@pytest.mark.parametrize("scheme", ["orthogonal", "sparse", "identity", "zeros", "normal"])
def test_every_kind_of_scheme_has_blocks(scheme: str, index: Index | slice | None) -> None:
    whole = fanwise.sample(scheme, (6, 8), seed=1)
    got = fanwise.sample(scheme, (6, 8), seed=1, index=index)
    np.testing.assert_array_equal(got, whole if index is None else whole[index])


@pytest.mark.parametrize(
    ("shape", "axes", "index", "most"),
    [
        ((40_000, 3), "(10000 out) in", (slice(None),), 1),
        ((3, 10_000), "in (10000 out)", (slice(None),), 1),
        ((10_000, 40_000), "(10000 out) (10000 in)", (slice(None), slice(None)), 1),
        ((40_000, 3), "(10000 out) in", (slice(7, 39_990),), 3),
        ((40_000, 40_000), "(10000 out) (10000 in)", (slice(1, -1), slice(2, -2)), 9),
        ((40_000, 3), "(10000 out) in", (slice(5, None, 3),), 4),
        ((40_000, 3), "(10000 out) in", (slice(5, None, 9),), 4),
        ((40_000, 3), "(4 out) in", (slice(5, None, 3),), 4),
        ((40_000, 3), "(4 out) in", (slice(5, 6, 20_001),), 1),
    ],
)
def test_blocks_are_few_however_many_batches_there_are(shape, axes, index, most: int) -> None:
    """Each takes a moment of its own."""
    index = blocks_module.checked_index(index, shape)
    out = as_strided(np.empty(0, np.float32), blocks_module.block_shape(index, shape), (0, 0))
    assert 1 <= len(list(blocks_module.blocks(out, layout(shape, axes), index))) <= most


@pytest.mark.parametrize("switch", SWITCHES.values(), ids=SWITCHES)
@pytest.mark.parametrize("step", [2**31 - 1, 2**31, 2**62, 2**63 - 1, 2**63, 2**64, 2**80])
def test_no_step_is_too_long(monkeypatch, switch: str, step: int) -> None:
    """Where one element is chosen, the step is of no account."""
    monkeypatch.setenv(gate.SWITCH, switch)
    shape, axes = (2**31, 2**31), "(2 out) in"
    for start in (0, 5, 2**31 - 1):
        expected = fanwise.sample(
            "normal", shape, seed=1, axes=axes, index=(slice(start, start + 1), slice(7, 9))
        )
        index = (slice(start, None, max(step, 2**31)), slice(7, 9))
        got = fanwise.sample("normal", shape, seed=1, axes=axes, index=index)
        np.testing.assert_array_equal(got, expected)
        row = fanwise.sample(
            "normal", shape, seed=1, axes=axes, index=(index[0], slice(7, 8, step))
        )
        np.testing.assert_array_equal(row, expected[:, :1])


@pytest.mark.parametrize("axes", ["(3 out) in", "(12 out) in", "(6 out) (5 in)", "out (5 in)"])
@pytest.mark.parametrize("step", [2, 3, 4, 5, 7, 8])
def test_a_split_axis_may_be_cut_by_any_step(axes: str, step: int) -> None:
    whole = fanwise.sample("normal", (24, 5), seed=1, axes=axes)
    for start in range(12):
        index = (slice(start, 23, step), slice(start % 4, None, step))
        got = fanwise.sample("normal", (24, 5), seed=1, axes=axes, index=index)
        np.testing.assert_array_equal(got, whole[index])


def test_a_split_axis_may_be_cut_anywhere() -> None:
    whole = fanwise.sample("normal", (12, 5), seed=1, axes="(3 out) in")
    for start in range(12):
        for stop in range(start, 13):
            for step in (1, 3, 5):
                index = (slice(start, stop, step), slice(1, 4))
                got = fanwise.sample("normal", (12, 5), seed=1, axes="(3 out) in", index=index)
                np.testing.assert_array_equal(got, whole[index])


HUGE = [
    ((2**20, 2**20), ("in", "out")),
    ((2**20, 2**20), ("out", "in")),
    ((3 * 2**20, 2**20), ((3, "out"), "in")),
    ((2**5, 2**15, 2**20, 2**20), ("*", "batch", "out", "in")),
    ((2**31, 2**31), ("in", "out")),
    ((2**62,), ("out",)),
]


@pytest.mark.parametrize(("shape", "roles"), HUGE)
def test_elements_far_into_a_huge_weight(shape: tuple[int, ...], roles: list[Role]) -> None:
    """Offsets beyond 2**32, and blocks of the stream beyond 2**32."""
    at = [n - 5 if axis == 0 else n // 3 for axis, n in enumerate(shape)]
    index = tuple(slice(start, start + 3) for start in at)
    got = fanwise.sample("normal", shape, seed=7, axes=" ".join(map(words, roles)), index=index)
    key, law = stream.key(7, None), ("normal", 0.0, 1.0)
    largest = 0
    for inside in np.ndindex(*got.shape):
        place = [a + b for a, b in zip(at, inside, strict=True)]
        element = stream.canonical_index(place, shape, roles)
        assert got[inside] == stream.value(element, key=key, law=law, dtype="float32")
        largest = max(largest, element)
    assert largest > 2**34, "the test should reach blocks that need the second counter word"
    assert largest < math.prod(shape)


def test_a_wrong_offset_would_be_seen(monkeypatch) -> None:
    right = lanes._numbers

    def wrapped_at_32_bits(*piece):
        return right(*piece) & np.uint64(0xFFFFFFFF)

    monkeypatch.setenv("FANWISE_FAST", "0")
    monkeypatch.setattr(lanes, "_numbers", wrapped_at_32_bits)
    with pytest.raises(AssertionError):
        test_elements_far_into_a_huge_weight(*HUGE[0])
