"""Writing into an array of the caller's, whatever its strides."""

import ml_dtypes
import numpy as np
import pytest
from common.bits import same_bits
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference.strategies import DTYPES, Case, cases

import fanwise

#: A storage dtype and the dtype that the caller names, for each format.
STORED = [*[(name, None) for name in DTYPES], ("uint16", "bfloat16")]


@st.composite
def views(draw: st.DrawFn, shape: tuple[int, ...], dtype: np.dtype) -> tuple:
    """(base, view): the view has that shape and lies in the base by steps, signs and axes."""
    order = draw(st.permutations(range(len(shape))))
    steps = [draw(st.sampled_from([1, 2, 3, -1, -2])) for _ in shape]
    base = np.full([shape[axis] * abs(steps[axis]) + 1 for axis in order], 7, np.uint8)
    base = base.astype(dtype)
    back = sorted(range(len(shape)), key=lambda axis: order[axis])
    turned = base.transpose(back)
    where = []
    for n, step in zip(shape, steps, strict=True):
        where.append(slice(0, n * step, step) if step > 0 else slice(n * -step - 1, None, step))
    view = turned[(*where, ...)]
    return base, view[tuple(slice(0, n) for n in shape)] if shape else view


@settings(max_examples=200, deadline=None)
@given(case=cases(), stored=st.sampled_from(STORED), data=st.data())
def test_views_receive_the_same_bits(case: Case, stored: tuple, data: st.DataObject) -> None:
    kept, named = stored
    assume(kept != "float16" or case.fits_half)
    dtype = np.dtype(kept if kept != "bfloat16" else ml_dtypes.bfloat16)
    base, out = data.draw(views(case.axes.shape, dtype))
    assert out.shape == case.axes.shape
    scheme = fanwise.scheme(case.scheme, **case.params)
    how = {"seed": case.seed, "path": case.path, "axes": case.axes.pattern}
    expected = fanwise.sample(scheme, case.axes.shape, dtype=named or kept, **how)
    got = fanwise.sample(scheme, case.axes.shape, dtype=named, out=out, **how)
    assert got is out
    assert same_bits(out, expected)
    # What the view skips is as it was: write it back, and all is uniform.
    out[...] = np.uint8(7)
    assert same_bits(base, np.full_like(base, np.uint8(7)))


def test_a_large_transposed_and_reversed_view() -> None:
    """Large enough for several pieces and threads."""
    expected = fanwise.sample("normal", (700, 601), seed=1, axes="torch")
    base = np.zeros((601, 2 * 700), np.float32)
    out = base.T[::-2][:, ::-1]
    assert fanwise.sample("normal", (700, 601), seed=1, axes="torch", out=out) is out
    np.testing.assert_array_equal(out, expected)
    assert not base[:, ::2].any()


@pytest.mark.parametrize("scheme", ["orthogonal", "sparse", "identity", "ones"])
def test_every_kind_of_scheme_writes_into_views(scheme: str) -> None:
    base = np.zeros((6, 10), np.float64)
    out = base[:, ::2].T
    fanwise.sample(scheme, (5, 6), seed=2, out=out)
    np.testing.assert_array_equal(out, fanwise.sample(scheme, (5, 6), seed=2, dtype="float64"))
    assert not base[:, 1::2].any()


def test_out_may_be_a_block() -> None:
    whole = fanwise.sample("normal", (6, 8), seed=3)
    out = np.empty((2, 8), np.float32)
    fanwise.sample("normal", (6, 8), seed=3, index=(slice(4, 6),), out=out)
    np.testing.assert_array_equal(out, whole[4:6])
