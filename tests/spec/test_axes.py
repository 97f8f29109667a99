"""Axes patterns: roles, split axes, and the canonical order."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from reference import strategies, stream
from reference.strategies import Axes

from fanwise.core.order import from_canonical, to_canonical
from fanwise.spec import PATTERNS, FanwiseError, layout
from fanwise.spec.fans import fans

CANONICAL = [
    ((3, 3, 16, 32), "kernel", (3, 3, 16, 32)),
    ((32, 16, 3, 5), "torch", (3, 5, 16, 32)),
    ((16, 32, 3, 5), "torch_transposed", (3, 5, 16, 32)),
    ((3, 5, 32, 16), "keras_transposed", (3, 5, 16, 32)),
    ((512, 256), "torch", (256, 512)),
    ((12, 4), "(3 out) in", (3, 4, 4)),
    ((64, 8, 16), "in out out", (64, 8, 16)),
    ((8, 16, 64), "out out in", (64, 8, 16)),
    ((24, 5, 7), "batch out in", (24, 7, 5)),
    ((5, 24, 7), "in batch out", (24, 5, 7)),
    ((2, 3, 4, 5, 6), "* out * in batch", (6, 2, 4, 5, 3)),
    ((6, 8), "(2 in) (4 out)", (2, 4, 3, 2)),
    ((24, 5, 7), "batch=out batch in out", (5, 24, 7)),
    ((5, 7, 24), "batch=in in out batch", (24, 5, 7)),
    ((12, 4), "batch=in (3 out) in", (3, 4, 4)),
    ((4, 12), " batch=out  in (3 out)", (4, 3, 4)),
    ((5, 3, 4, 2), "batch=in batch * in out", (3, 5, 4, 2)),
    ((3, 4), "batch=in in out", (3, 4)),
    ((), "kernel", ()),
    ((7,), "torch", (7,)),
]


@pytest.mark.parametrize(("shape", "axes", "canonical"), CANONICAL)
def test_canonical_order(shape, axes: str, canonical) -> None:
    found = layout(shape, axes)
    assert found.canonical == canonical
    assert found.shape == shape
    assert found.size == np.prod(shape)


def test_named_patterns_are_their_words() -> None:
    for name, pattern in PATTERNS.items():
        assert layout((2, 3, 4, 5), name) == layout((2, 3, 4, 5), pattern)
        assert layout((2,), name) == layout((2,), pattern)


def test_space_between_words_does_not_matter() -> None:
    assert layout((12, 4), "( 3  out )\tin").canonical == layout((12, 4), "(3 out) in").canonical


def test_extents_leave_out_the_batches_of_a_split_axis() -> None:
    found = layout((12, 4), "(3 out) in")
    extents = {role: found.extent(role) for role in ("in", "out", "batch", "*")}
    assert extents == {"in": 4, "out": 4, "batch": 3, "*": 1}


@pytest.mark.parametrize(("role", "inputs", "outputs"), [("in", 12, 4), ("out", 4, 12)])
def test_batches_may_count_as_inputs_or_outputs(role: str, inputs: int, outputs: int) -> None:
    plain = layout((12, 4), "(3 out) in")
    found = layout((12, 4), f"batch={role} (3 out) in")
    assert "batch" in plain.roles
    assert "batch" not in found.roles
    assert (found.extent("in"), found.extent("out"), found.extent("batch")) == (inputs, outputs, 1)
    assert fans((12, 4), f"batch={role} (3 out) in") == (inputs, outputs)


@pytest.mark.parametrize("role", ["in", "out"])
def test_batches_count_alike_wherever_they_are_stored(role: str) -> None:
    """One weight, stored in six ways: the places of its elements, told by their numbers."""
    words, own = ("batch", "in", "out"), np.arange(24).reshape(2, 3, 4)
    wanted = to_canonical(own, f"batch={role} batch in out").ravel()
    for order in itertools.permutations(range(3)):
        pattern = " ".join(["batch=" + role, *(words[axis] for axis in order)])
        stored = own.transpose(order)
        np.testing.assert_array_equal(to_canonical(stored, pattern).ravel(), wanted)
    packed = own.transpose(0, 2, 1).reshape(8, 3)
    there = to_canonical(packed, f"batch={role} (2 out) in")
    np.testing.assert_array_equal(there.ravel(), wanted)


def assert_order(axes: Axes) -> None:
    """The canonical view holds its elements in the order in which the reference counts."""
    places = np.empty(axes.shape, np.int64)
    for at in np.ndindex(*axes.shape):
        places[at] = stream.canonical_index(at, axes.shape, axes.roles)
    canonical = to_canonical(places, axes.pattern)
    assert canonical.ravel().tolist() == list(range(places.size))
    found = layout(axes.shape, axes.pattern)
    np.testing.assert_array_equal(from_canonical(canonical, found), places)


@given(axes=strategies.axes)
def test_the_order_is_the_reference_s(axes: Axes) -> None:
    assert_order(axes)


def test_the_comparison_can_fail() -> None:
    with pytest.raises(AssertionError):
        assert_order(Axes((2, 3), "in out", ("out", "in")))


@pytest.mark.parametrize(
    ("shape", "axes"),
    [
        ((4, 6), "in"),
        ((4, 6), "in out batch"),
        ((4, 6, 2), "in out"),
        ((4, 6, 2, 3), "* in *"),
        ((4,), "in out"),
        ((4, 6), "in ot"),
        ((4, 6), "batch=on in out"),
        ((4, 6), "in out batch=in"),
        ((4, 6), "batch=in"),
        ((4, 6), "batch=in kernel"),
        ((4, 6), "kernel "),
        ((4, 6), "in,out"),
        ((4, 6), "(3) out"),
        ((4, 6), "(out 3) in"),
        ((4, 6), "(2 out)) in"),
        ((4, 6), "((2 out) in"),
        ((4, 6), "(2 *) in"),
        ((4, 6), "(0 out) in"),
        ((4, 6), "(-2 out) in"),
        ((4, 6), "(3 out) in"),
        ((4, 6), ""),
        ((4, 6), None),
        ((4, 6), 3),
        ((4, -6), "kernel"),
        ((4, 6.0), "kernel"),
        ((4, False), "kernel"),
        ((4, "6"), "kernel"),
        (4, "kernel"),
        ((2**62, 2), "kernel"),
        ((2**63,), "kernel"),
        ((0, 2**63), "kernel"),
        ((1,) * 33, "kernel"),
    ],
)
def test_bad_axes_and_shapes(shape, axes) -> None:
    with pytest.raises(FanwiseError) as caught:
        layout(shape, axes)
    assert caught.value.expected
    assert caught.value.hint


def test_a_split_of_an_empty_axis() -> None:
    assert layout((0, 4), "(3 out) in").canonical == (3, 4, 0)
