"""The integer quantile and its windows, against the reference and the true quantile."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import stream
from scipy.special import ndtri

from fanwise.core.quantile import (
    ALL_WORDS,
    ONE_SIGMA,
    SMALLEST_WINDOW,
    into_window,
    normal_integer,
    window,
)
from fanwise.spec import FanwiseError
from fanwise.spec.quantile_table import quantile_table

TABLE = stream.normative_table()


def borders() -> np.ndarray:
    """The words about every border of a piece, in both halves."""
    # Piece 64 * k + s begins at x = 2 ** k * (1 + s / 64), and x = 2 * m + 1.
    begins = [2**k * (64 + s) // 64 for k in range(32) for s in range(64)]
    m = {begin // 2 + d for begin in begins for d in range(-2, 3)}
    low = [word for word in m if 0 <= word < 2**31]
    return np.array([*low, *(ALL_WORDS - 1 - word for word in low)], np.uint32)


def test_all_borders_of_pieces_equal_the_reference() -> None:
    words = borders()
    assert len(words) > 15_000
    expected = [stream.normal_integer(int(word), TABLE) for word in words]
    assert normal_integer(words).tolist() == expected


@given(words=st.lists(st.integers(0, ALL_WORDS - 1), min_size=1))
def test_any_word_equals_the_reference(words: list[int]) -> None:
    expected = [stream.normal_integer(word, TABLE) for word in words]
    assert normal_integer(np.array(words, np.uint32)).tolist() == expected


def test_extremes() -> None:
    ends = normal_integer(np.array([0, ALL_WORDS // 2 - 1, ALL_WORDS // 2, ALL_WORDS - 1], "u4"))
    assert ends[3] == -ends[0]
    assert round(ends[3] / ONE_SIGMA, 3) == 6.338
    assert ends[2] == -ends[1]
    assert 0 <= ends[2] < 2


def test_the_quantile_is_the_true_one() -> None:
    """A sample; all words are in exhaustive_quantile.py."""
    words = np.random.default_rng(0).integers(0, ALL_WORDS, 1 << 18, dtype=np.uint32)
    error = normal_integer(words) / ONE_SIGMA - ndtri((words + 0.5) / ALL_WORDS)
    assert np.abs(error).max() <= 4e-8


def test_the_table_is_checked_against_its_digest(monkeypatch) -> None:
    text = TABLE.read_text("utf-8")
    row = str(list(quantile_table().rows[5]))
    assert text.count(row) == 1
    altered = text.replace(row, "[1, 2, 3]")
    monkeypatch.setattr("fanwise.spec.quantile_table.own_text", lambda package, name: altered)
    quantile_table.cache_clear()
    try:
        with pytest.raises(RuntimeError, match="SHA-256"):
            quantile_table()
    finally:
        quantile_table.cache_clear()


BOUNDS = [(-2.0, 2.0), (-1.5, 3.0), (0.0, 1.0), (0.25, 1.0), (-9.0, -1.0), (-8.0, 8.0), (3.0, 7.0)]


@pytest.mark.parametrize(("low", "high"), BOUNDS)
def test_windows_are_the_widest_within_the_bounds(low: float, high: float) -> None:
    first, count = window(low, high)
    assert (first, count) == stream.window(low, high, TABLE)
    ends = normal_integer(into_window(np.array([0, ALL_WORDS - 1], np.uint32), first, count))
    assert low * ONE_SIGMA <= ends[0] <= ends[1] <= high * ONE_SIGMA
    inside = np.array([first, first + count - 1], np.uint32)
    assert normal_integer(inside).tolist() == ends.tolist()
    if first:
        assert normal_integer(inside[:1] - np.uint32(1))[0] < low * ONE_SIGMA
    if first + count < ALL_WORDS:
        assert normal_integer(inside[1:] + np.uint32(1))[0] > high * ONE_SIGMA


@given(low=st.floats(-7, 7), high=st.floats(-7, 7))
def test_windows_equal_the_reference(low: float, high: float) -> None:
    try:
        expected = stream.window(low, high, TABLE)
    except ValueError:
        with pytest.raises(FanwiseError, match="at least 2\\*\\*20"):
            window(low, high)
    else:
        assert window(low, high) == expected


def test_the_smallest_window() -> None:
    """A hundred words fewer are an error."""
    middle = ALL_WORDS // 2
    ends = normal_integer(np.array([middle, middle + SMALLEST_WINDOW - 1], np.uint32))
    low, high = (int(end) / ONE_SIGMA for end in ends)
    assert SMALLEST_WINDOW <= window(low, high)[1] <= SMALLEST_WINDOW + 20
    with pytest.raises(FanwiseError):
        window(low + 8 / ONE_SIGMA, high - 8 / ONE_SIGMA)


@given(
    words=st.lists(st.integers(0, ALL_WORDS - 1), min_size=1),
    first=st.integers(0, ALL_WORDS - 1),
    data=st.data(),
)
def test_words_are_squeezed_by_a_high_product(words: list, first: int, data) -> None:
    count = data.draw(st.integers(1, ALL_WORDS - first))
    got = into_window(np.array(words, np.uint32), first, count)
    assert got.tolist() == [first + stream.mulhi(word, count) for word in words]
