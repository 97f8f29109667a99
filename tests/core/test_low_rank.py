"""Factors from a weight: what they are by definition, their signs, dtypes, orders and errors."""

import ml_dtypes
import numpy as np
import pytest

import fanwise
from fanwise.core.low_rank import AdaptedWeight, loftq, olora, pissa
from fanwise.core.quantized import eight_bits, four_bits
from fanwise.spec import FanwiseError

RANK = 5
FUNCTIONS = [pissa, olora, loftq]
WEIGHT = fanwise.sample("he_normal", (24, 40), seed=1, axes="torch")


def test_pissa_holds_the_largest_singular_values() -> None:
    adapted = pissa(WEIGHT, RANK, scaling=4.0)
    values = np.linalg.svd(WEIGHT.astype(np.float64), compute_uv=False)
    product = 4.0 * adapted.b.astype(np.float64) @ adapted.a
    found = np.linalg.svd(product, compute_uv=False)
    np.testing.assert_allclose(found[:RANK], values[:RANK], rtol=1e-6)
    left = np.linalg.svd(adapted.base.astype(np.float64), compute_uv=False)
    np.testing.assert_allclose(left[: 24 - RANK], values[RANK:], rtol=1e-5)
    # Both factors have the same share: each column of one is as long as the row of the other.
    np.testing.assert_allclose(
        np.linalg.norm(adapted.a, axis=1), np.linalg.norm(adapted.b, axis=0), rtol=1e-6
    )


def test_olora_is_a_part_of_the_qr_decomposition() -> None:
    adapted = olora(WEIGHT.astype(np.float64), RANK, scaling=0.5)
    np.testing.assert_allclose(adapted.b.T @ adapted.b, np.eye(RANK), atol=1e-14)
    square = adapted.a[:, :RANK]
    np.testing.assert_array_equal(square, np.triu(square))
    # The first columns of the weight are in the span of as many of b.
    np.testing.assert_allclose(adapted.b @ square, WEIGHT[:, :RANK], atol=1e-14)


@pytest.mark.parametrize(("bits", "quantize"), [(4, four_bits), (8, eight_bits)])
def test_loftq_makes_up_for_what_was_lost(bits, quantize) -> None:
    once, often = (loftq(WEIGHT, RANK, bits, iterations=count) for count in (1, 5))
    np.testing.assert_array_equal(once.base, quantize(WEIGHT))
    lost = WEIGHT.astype(np.float64) - once.base
    u, s, vh = np.linalg.svd(lost)
    best = (u[:, :RANK] * s[:RANK]) @ vh[:RANK]
    np.testing.assert_allclose(once.b @ once.a, best, atol=1e-6 * np.abs(WEIGHT).max())
    errors = [
        np.linalg.norm(adapted.base + adapted.b @ adapted.a - WEIGHT) for adapted in (once, often)
    ]
    assert errors[1] < errors[0] < np.linalg.norm(lost)


def test_loftq_with_a_scaling_is_the_same_start() -> None:
    """peft leaves the scaling out: of 4 the factors would make up four times over."""
    plain, scaled = loftq(WEIGHT, RANK), loftq(WEIGHT, RANK, scaling=4.0)
    np.testing.assert_array_equal(plain.base, scaled.base)
    np.testing.assert_allclose(4 * scaled.b @ scaled.a, plain.b @ plain.a, atol=1e-7)


@pytest.mark.parametrize("function", [pissa, olora])
@pytest.mark.parametrize("scaling", [1.0, 4.0, 0.25, 3])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_the_sum_is_the_weight(function, scaling, dtype) -> None:
    kind = ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype
    weight = WEIGHT.astype(kind)
    a, b, base = function(weight, RANK, scaling=scaling)
    assert base.dtype == weight.dtype
    assert a.dtype == b.dtype == ("float64" if dtype == "float64" else "float32")
    step = float(ml_dtypes.finfo(kind).eps)
    whole = base.astype(np.float64) + scaling * (b.astype(np.float64) @ a.astype(np.float64))
    # The base is rounded once, in the dtype of the weight.
    np.testing.assert_allclose(
        whole, weight.astype(np.float64), atol=step / 2 * np.abs(base.astype(np.float64)).max()
    )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_kernel_is_turned(function) -> None:
    stored = function(WEIGHT, RANK)
    turned = function(np.ascontiguousarray(WEIGHT.T), RANK, axes="kernel")
    for mine, theirs in zip(turned, stored, strict=True):
        np.testing.assert_array_equal(mine, theirs.T)
        assert mine.flags.c_contiguous
    assert stored.a.shape == (RANK, 40)
    assert stored.b.shape == (24, RANK)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_signs_are_fixed_and_the_weight_stays(function) -> None:
    weight = WEIGHT.copy()
    weight.flags.writeable = False
    adapted = function(weight, RANK)
    if function is olora:
        assert (np.diagonal(adapted.a) > 0).all()
    else:
        largest = np.abs(adapted.b).argmax(axis=0)
        assert (adapted.b[largest, np.arange(RANK)] > 0).all()
    # Of a weight with all signs turned one factor turns. The levels of NF4 are not symmetric.
    other = function(-weight, RANK)
    turned, same = ("b", "a") if function is olora else ("a", "b")
    if function is not loftq:
        np.testing.assert_allclose(getattr(other, same), getattr(adapted, same), atol=1e-6)
        np.testing.assert_allclose(getattr(other, turned), -getattr(adapted, turned), atol=1e-6)


def test_a_weight_of_zeros_and_one_of_its_full_rank() -> None:
    for function in FUNCTIONS:
        adapted = function(np.zeros((3, 4), np.float32), 2)
        assert not adapted.base.any()
        assert not (adapted.b @ adapted.a).any()
    # What is left is the rounding of the factors to float32, and nothing of that is lost.
    for function in (pissa, olora):
        a, b, base = function(WEIGHT, 24)
        assert 0 < np.abs(base).max() < 1e-6
        whole = base.astype(np.float64) + b.astype(np.float64) @ a
        np.testing.assert_allclose(whole, WEIGHT, rtol=0, atol=1e-13)


BAD = [
    ((WEIGHT, 0), {}),
    ((WEIGHT, 25), {}),
    ((WEIGHT, 2.0), {}),
    ((WEIGHT, True), {}),
    ((WEIGHT, None), {}),
    ((WEIGHT[0], 1), {}),
    ((WEIGHT.reshape(2, 12, 40), 1), {}),
    ((WEIGHT.reshape(2, 12, 40), 1), {"axes": "kernel"}),
    ((WEIGHT, 1), {"axes": "batch in"}),
    ((WEIGHT, 1), {"axes": "(2 out) in"}),
    ((WEIGHT, 1), {"axes": "turned"}),
    ((WEIGHT, 1), {"axes": None}),
    ((WEIGHT.tolist(), 1), {}),
    ((None, 1), {}),
    ((WEIGHT.astype(int), 1), {}),
    ((WEIGHT.astype(complex), 1), {}),
    ((np.full((3, 3), np.nan), 1), {}),
    ((np.full((3, 3), np.inf, np.float16), 1), {}),
    ((np.zeros((0, 4)), 1), {}),
    ((WEIGHT, 1), {"scaling": 0}),
    ((WEIGHT, 1), {"scaling": -1.0}),
    ((WEIGHT, 1), {"scaling": np.nan}),
    ((WEIGHT, 1), {"scaling": "4"}),
    ((WEIGHT, 1), {"scaling": True}),
]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(("arguments", "options"), BAD)
def test_bad_input(function, arguments, options) -> None:
    with pytest.raises(FanwiseError) as caught:
        function(*arguments, **options)
    assert caught.value.expected
    assert caught.value.hint


@pytest.mark.parametrize("options", [{"bits": 2}, {"bits": "4"}, {"bits": True}, {"bits": None}])
def test_bad_bits(options) -> None:
    with pytest.raises(FanwiseError, match="4 or 8 bits"):
        loftq(WEIGHT, 1, **options)


def test_numbers_that_no_factor_can_hold() -> None:
    large = np.full((2, 2), 1e300)
    assert np.isfinite(pissa(large, 1).base).all()
    with pytest.raises(FanwiseError, match="float32 can hold"):
        loftq(large, 1)
    with pytest.raises(FanwiseError, match="can hold"):
        pissa(WEIGHT, 1, scaling=1e-200)


@pytest.mark.parametrize("iterations", [0, -1, 1.5, True, None])
def test_bad_iterations(iterations) -> None:
    with pytest.raises(FanwiseError, match="number of iterations"):
        loftq(WEIGHT, 1, iterations=iterations)


def test_the_parts_have_names() -> None:
    assert AdaptedWeight._fields == ("a", "b", "base")
