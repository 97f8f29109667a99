"""Sparse, dirac and identity weights are exactly those of a naive implementation."""

import numpy as np
import pytest
from common.bits import same_bits
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import stream, structured
from reference.strategies import DTYPES, paths, seeds

import fanwise
from fanwise.core import structured as core_structured
from fanwise.core.philox import words as right_words

sides = st.integers(1, 6)


@settings(deadline=None)
@given(
    shape=st.tuples(st.integers(1, 3), sides, sides),
    sparsity=st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.9, 1.0]),
    std=st.sampled_from([0.01, 3.0]),
    seed=seeds,
    path=paths,
    dtype=st.sampled_from(DTYPES),
)
def test_sparse(shape, sparsity: float, std: float, seed: int, path, dtype: str) -> None:
    how = {"seed": seed, "path": path, "dtype": dtype}
    scheme = fanwise.scheme("sparse", sparsity=sparsity, std=std)
    got = fanwise.sample(scheme, shape, axes="batch in out", **how)
    expected = structured.sparse(shape, std=std, sparsity=sparsity, **how)
    assert same_bits(got, expected)


def test_sparse_without_spread_is_zero() -> None:
    got = fanwise.sample(fanwise.scheme("sparse", std=0.0), (4, 5), seed=0)
    assert same_bits(got, np.zeros((4, 5), np.float32))


def test_sparse_in_torch_order_is_the_transpose() -> None:
    scheme = fanwise.scheme("sparse", sparsity=0.4)
    kernel = fanwise.sample(scheme, (7, 10), seed=4)
    weight = fanwise.sample(scheme, (10, 7), seed=4, axes="torch")
    np.testing.assert_array_equal(weight, kernel.T)
    assert ((kernel == 0).sum(axis=1) == 4).all(), "as many outputs of every input are zero"
    assert len({tuple(row) for row in kernel == 0}) > 1, "but not the same ones"


def test_ties_of_the_mask_go_by_index(monkeypatch) -> None:
    mask = fanwise.core.keys.stream_key(4, None, "mask")

    def tied(key, starts, length):
        drawn = right_words(key, starts, length)
        return drawn & np.uint32(1) if key == mask else drawn

    monkeypatch.setattr(core_structured, "words", tied)
    monkeypatch.setattr(stream, "word", tied_word := tied_reference(stream.word, mask))
    assert tied_word(mask, 0) < 2
    scheme = fanwise.scheme("sparse", sparsity=0.5, std=1.0)
    got = fanwise.sample(scheme, (5, 20), seed=4)
    how = {"seed": 4, "path": None, "std": 1.0, "sparsity": 0.5, "dtype": "float32"}
    assert same_bits(got, structured.sparse((1, 5, 20), **how))


def tied_reference(right, mask):
    return lambda key, i: right(key, i) & 1 if key == mask else right(key, i)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(1, 1), (4, 4), (3, 5), (5, 3)])
def test_identity(shape: tuple[int, int], dtype: str) -> None:
    scheme = fanwise.scheme("identity", gain=2.5)
    eye = 2.5 * np.eye(*shape)
    got = fanwise.sample(scheme, shape, seed=0, dtype=dtype)
    assert got.dtype.name == dtype
    np.testing.assert_array_equal(got.astype(float), eye)
    turned = fanwise.sample(scheme, shape, seed=0, axes="torch")
    np.testing.assert_array_equal(turned, eye)


def test_identity_of_every_batch() -> None:
    got = fanwise.sample("identity", (3, 4, 5), seed=0, axes="batch in out")
    np.testing.assert_array_equal(got, np.broadcast_to(np.eye(4, 5), (3, 4, 5)))
    packed = fanwise.sample("identity", (12, 4), seed=0, axes="(3 out) in")
    np.testing.assert_array_equal(packed, np.tile(np.eye(4), (3, 1)))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("shape", "groups"),
    [
        ((4, 4, 3), 1),
        ((6, 2, 3, 4), 1),
        ((2, 6, 4, 3), 1),
        ((6, 3, 5), 2),
        ((6, 3, 3, 2, 4), 3),
        ((8, 1, 3, 3), 8),
    ],
)
def test_dirac(shape: tuple[int, ...], groups: int, dtype: str) -> None:
    expected = structured.torch_dirac(shape, groups)
    scheme = fanwise.scheme("dirac", groups=groups)
    got = fanwise.sample(scheme, shape, seed=0, axes="torch", dtype=dtype)
    assert got.dtype.name == dtype
    np.testing.assert_array_equal(got.astype(float), expected)
    kernel = expected.transpose(*range(2, len(shape)), 1, 0)
    np.testing.assert_array_equal(fanwise.sample(scheme, kernel.shape, seed=0), kernel)


@pytest.mark.parametrize(("shape", "groups"), [((6, 4, 3), 1), ((6, 3, 4), 2), ((8, 1, 3, 3), 8)])
def test_dirac_of_a_transposed_convolution_has_its_groups_on_the_inputs(shape, groups) -> None:
    scheme = fanwise.scheme("dirac", groups=groups)
    got = fanwise.sample(scheme, shape, seed=0, axes="torch_transposed")
    # Read the other way round it is torch's own: in and out take the same index in every group.
    np.testing.assert_array_equal(got, structured.torch_dirac(shape, groups))
    law = scheme.law(shape, "torch_transposed")
    assert law.std == pytest.approx(float(got.astype(float).std()), rel=1e-12)


def test_dirac_refuses_groups_that_do_not_divide_the_axis_that_holds_them() -> None:
    scheme = fanwise.scheme("dirac", groups=2)
    assert fanwise.sample(scheme, (4, 3, 3), seed=0, axes="torch_transposed").any()
    for shape, axes in (((3, 4, 3), "torch_transposed"), ((3, 4, 3), "torch")):
        with pytest.raises(fanwise.FanwiseError, match="groups that divide 3"):
            fanwise.sample(scheme, shape, seed=0, axes=axes)


def test_dirac_hands_its_inputs_through() -> None:
    """What the generator is for: a grouped convolution by it gives back its input."""
    kernel = fanwise.sample("dirac", (3, 4, 4), seed=0)
    signal = np.random.default_rng(0).standard_normal((9, 4))
    padded = np.pad(signal, ((1, 1), (0, 0)))
    out = sum(padded[k : k + 9] @ kernel[k] for k in range(3))
    np.testing.assert_allclose(out, signal, rtol=1e-7)


@pytest.mark.parametrize(
    ("scheme", "shape", "axes"),
    [
        ("orthogonal", (7, 5), "torch"),
        ("sparse", (7, 5), "torch"),
        ("orthogonal", (12, 5), "(3 out) in"),
        ("delta_orthogonal", (8, 4, 3, 3), "torch"),
        ("dirac", (8, 4, 3, 3), "torch"),
    ],
)
def test_structured_weights_have_one_canonical_form(scheme, shape, axes: str) -> None:
    """Whatever the storage order, dtype and block, it is the same weight."""
    stored = fanwise.sample(scheme, shape, seed=9, path="p", axes=axes, dtype="float64")
    canonical = fanwise.core.to_canonical(stored, axes)
    fields = canonical.ndim - 2 - axes.count("(")
    words = " ".join(["batch"] * axes.count("(") + ["*"] * fields + ["in", "out"])
    again = fanwise.sample(scheme, canonical.shape, seed=9, path="p", axes=words, dtype="float64")
    np.testing.assert_array_equal(canonical, again)
    for dtype in ("float32", "float16", "bfloat16"):
        other = fanwise.sample(scheme, shape, seed=9, path="p", axes=axes, dtype=dtype)
        np.testing.assert_allclose(
            other.astype(float), stored, rtol=2**-7, atol=1e-7 if dtype != "float16" else 1e-4
        )
    index = (slice(1, None, 2), slice(0, 3))
    block = fanwise.sample(scheme, shape, seed=9, path="p", axes=axes, dtype="float64", index=index)
    np.testing.assert_array_equal(block, stored[index])
