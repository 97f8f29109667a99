"""The mean and the standard deviation of many elements, read in pieces."""

import tracemalloc

import ml_dtypes
import numpy as np
import pytest
from numpy.testing import assert_allclose

from fanwise.core import moments as subject
from fanwise.core import threads
from fanwise.core.moments import Moments, moments

#: More than a piece, and no multiple of a row.
SHAPE = (1031, 1027)


def values(dtype, mean=0.0, std=0.02, shape=SHAPE):
    drawn = np.random.default_rng(0).normal(mean, std, shape)
    return drawn.astype(dtype)


def check(arrays, elements=None):
    """Compare with NumPy, in float64 and in one piece."""
    wide = np.concatenate([np.asarray(array, np.float64).ravel() for array in arrays])
    found = moments(arrays)
    assert found.count == wide.size
    assert_allclose(found.std, wide.std(), rtol=2e-7)
    assert_allclose(found.mean, wide.mean(), atol=2e-7 * wide.std())


@pytest.mark.parametrize("dtype", ["float16", ml_dtypes.bfloat16, "float32", "float64"])
@pytest.mark.parametrize("mean", [0.0, 0.03, -1000.0])
def test_they_are_those_of_float64_whatever_the_mean(dtype, mean) -> None:
    check([values(dtype, mean=mean, std=1.0)])


@pytest.mark.parametrize("std", [1e-25, 1e25])
def test_squares_beyond_float32_are_taken_in_float64(std) -> None:
    check([values(np.float32, std=std)])


def test_a_weight_far_from_zero_would_lose_its_digits_in_float32(monkeypatch) -> None:
    monkeypatch.setattr(subject, "_LEFT", -1.0)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        check([values(np.float32, mean=-1000.0, std=1.0)])


def test_the_bits_of_bfloat16_stand_for_its_values() -> None:
    array = values(ml_dtypes.bfloat16)
    assert moments([array.view(np.uint16)]) == moments([array])


def test_any_strides_and_several_arrays() -> None:
    array = values(np.float32)
    check([array.T])
    check([array[:, 3:900:2], array[::-1], values(np.float16, mean=1.0, shape=(5, 7)), array[:0]])
    check([values(np.float32, shape=(2, 600_000))[:, 1:], np.array(2.0), np.ones((0, 3))])


def test_what_is_constant_does_not_deviate() -> None:
    for number in (0.0, 0.1, 1e30):
        found = moments([np.full(SHAPE, number, np.float32), np.full(3, number, np.float32)])
        assert (found.mean, found.std) == (np.float32(number), 0.0)


def test_nothing_has_no_deviation_and_what_is_not_finite_has_none_that_is() -> None:
    assert np.isnan(moments([]).std)
    assert np.isnan(moments([np.ones((3, 0))]).std)
    for number in (np.inf, np.nan):
        array = values(np.float32)
        array[500, 500] = number
        assert np.isnan(moments([array]).std)


def test_threads_do_not_change_a_digit(monkeypatch) -> None:
    array = values(np.float32, shape=(3, *SHAPE))
    monkeypatch.setattr(threads, "choose_count", lambda *_, **__: 1)
    alone = moments([array])
    monkeypatch.setattr(threads, "choose_count", lambda *_, **__: 4)
    assert all(moments([array]) == alone for _ in range(5))


def test_moments_join_as_their_elements_do() -> None:
    first, second = values(np.float64, mean=3.0), values(np.float64, mean=-5.0, std=2.0)[:10]
    joined, whole = moments([first]) + moments([second]), moments([first, second])
    assert_allclose((joined.mean, joined.std), (whole.mean, whole.std), rtol=1e-12)
    assert moments([first]) + Moments() == Moments() + moments([first]) == moments([first])


@pytest.mark.parametrize("dtype", ["float16", ml_dtypes.bfloat16, "float32", "float64"])
def test_no_array_is_copied_as_a_whole(dtype) -> None:
    array = np.ones((1 << 12, 1 << 12), dtype)
    moments([array[:1]])
    tracemalloc.start()
    try:
        moments([array, array.T, array[:, 1:]])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 48 << 20
