"""New rows of an embedding: their law, the bits that they have everywhere, and what is refused."""

import hashlib
import math
from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest

import fanwise
from fanwise.core import vocabulary
from fanwise.core.draws import StreamDraws, normals_of
from fanwise.core.vocabulary import grow_vocabulary
from fanwise.spec import FanwiseError

WORDS, WIDTH = 300, 6
OLD = fanwise.sample("normal", (WORDS, WIDTH), seed=1, path="tokens/embedding") + np.arange(
    WIDTH, dtype=np.float32
)
PLACE = {"seed": 7, "path": "tokens/embedding"}


def exactly(old: np.ndarray, rows: int, scale: float, seed: int, path: str) -> np.ndarray:
    """The definition, in fractions, without any rounding of the differences from the mean."""
    columns = [[Fraction(float(value)) for value in column] for column in old.T]
    means = [sum(column) / len(column) for column in columns]
    found = np.empty((rows, old.shape[1]))
    for row in range(rows):
        normals = StreamDraws(seed, path).normal((len(old),), f"row/{len(old) + row}")
        rounded = [Fraction(round(float(z) * 2**11), 2**11) for z in normals]
        for number, (column, mean) in enumerate(zip(columns, means, strict=True)):
            total = sum(z * (w - mean) for z, w in zip(rounded, column, strict=True))
            found[row, number] = float(mean) + math.sqrt(scale / len(old)) * float(total)
    return found


def in_integers(old: np.ndarray, row: int, column: int, seed: int, path: str) -> float:
    """One element of the definition with its roundings, by Python's integers, last row first."""
    values, bits = [float(value) for value in old[:, column]], (len(old) - 1).bit_length()

    def whole(numbers, size):
        exponent = math.frexp(max(map(abs, numbers)))[1] - size
        return [round(math.ldexp(number, -exponent)) for number in numbers], exponent

    integers, exponent = whole(values, 62 - bits)
    mean = math.ldexp(float(sum(integers)), exponent) / len(values)
    integers, exponent = whole([value - mean for value in values], 38 - bits)
    normals = StreamDraws(seed, path).normal((len(old),), f"row/{row}")
    steps = [round(float(z) * 2**11) for z in normals]
    total = sum(step * n for step, n in zip(steps[::-1], integers[::-1], strict=True))
    spread = math.sqrt(1 / len(values)) / 2**11
    return math.ldexp(float(total), exponent) * spread + mean


def test_every_bit_follows_from_integers() -> None:
    single = grow_vocabulary(OLD, 2, scale=1.0, **PLACE)
    double = grow_vocabulary(OLD.astype(np.float64), 2, scale=1.0, **PLACE)
    for row in (WORDS, WORDS + 1):
        for column in range(WIDTH):
            expected = in_integers(OLD, row, column, **PLACE)
            assert double[row, column] == expected
            assert single[row, column] == np.float32(expected)


@pytest.mark.parametrize("scale", [1e-5, 1.0, 0.0])
def test_the_definition(scale) -> None:
    grown = grow_vocabulary(OLD.astype(np.float64), 3, scale=scale, **PLACE)
    expected = exactly(OLD, 3, scale, **PLACE)
    spread = np.sqrt(scale) * OLD.std(axis=0).max()
    np.testing.assert_allclose(grown[WORDS:], expected, rtol=1e-13, atol=1e-7 * spread)


def test_the_law() -> None:
    """4,000 rows at scale 1: six standard deviations of each estimate."""
    rows = 4000
    new = grow_vocabulary(OLD, rows, scale=1.0, **PLACE)[WORDS:].astype(np.float64)
    mean, covariance = OLD.mean(axis=0), np.cov(OLD.T.astype(np.float64), bias=True)
    deviations = np.sqrt(np.diagonal(covariance))
    assert (np.abs(new.mean(axis=0) - mean) < 6 * deviations / math.sqrt(rows)).all()
    error = np.abs(np.cov(new.T) - covariance) / np.outer(deviations, deviations)
    assert (error < 6 * math.sqrt(2 / rows)).all()


def test_old_rows_stay_and_are_not_written_into() -> None:
    old = OLD.copy()
    old.flags.writeable = False
    grown = grow_vocabulary(old, 2, **PLACE)
    assert grown.shape == (WORDS + 2, WIDTH)
    np.testing.assert_array_equal(grown[:WORDS], OLD)
    grown[0] = 0
    np.testing.assert_array_equal(old, OLD)


def test_rows_do_not_depend_on_how_many_there_are() -> None:
    few, many = grow_vocabulary(OLD, 2, **PLACE), grow_vocabulary(OLD, 5, **PLACE)
    np.testing.assert_array_equal(few, many[: WORDS + 2])
    again = grow_vocabulary(few, 1, **PLACE)
    # Grown once more, it gets other numbers, not those of the row before.
    assert not np.allclose(again[-1] - OLD.mean(0), few[-1] - OLD.mean(0), rtol=1e-2)
    other = grow_vocabulary(OLD, 2, seed=7, path="other")
    assert not (other[WORDS:] == few[WORDS:]).any()


#: SHA-256 of the new rows, in float32: the same on every machine.
GOLDEN = "2db8a7feb0fd"


def test_the_bits_are_the_same_however_it_is_computed(monkeypatch) -> None:
    grown = grow_vocabulary(OLD, 5, **PLACE)
    assert hashlib.sha256(grown[WORDS:].tobytes()).hexdigest()[:12] == GOLDEN
    monkeypatch.setattr(vocabulary, "_AT_ONCE", 1)
    np.testing.assert_array_equal(grow_vocabulary(OLD, 5, **PLACE), grown)
    turned = grow_vocabulary(np.asfortranarray(OLD), 5, **PLACE)
    np.testing.assert_array_equal(turned, grown)


def test_sums_are_exact() -> None:
    """The largest numbers that can occur: their sum is below 2⁵³ in whatever order."""
    for words in (1, 2, 3, 300, 2**18):
        bits = (words - 1).bit_length()
        largest = 2 ** (53 - 1 - 14 - bits)
        assert words * largest * 2**14 <= 2**53
        assert words * 2 ** (62 - bits) < 2**63
    words = np.array([0, 2**32 - 1], np.uint32)
    assert np.abs(normals_of(words)).max() < 8


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_dtypes(dtype) -> None:
    kind = ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype
    old = OLD.astype(kind)
    grown = grow_vocabulary(old, 4, scale=0.01, **PLACE)
    assert grown.dtype == old.dtype
    assert grown[:WORDS].tobytes() == old.tobytes()
    wide = grow_vocabulary(old.astype(np.float64), 4, scale=0.01, **PLACE)
    step = float(ml_dtypes.finfo(kind).eps)
    np.testing.assert_allclose(grown.astype(np.float64), wide, rtol=step)


def test_a_bias_and_single_words() -> None:
    bias = grow_vocabulary(OLD[:, 0], 3, **PLACE)
    assert bias.shape == (WORDS + 3,)
    np.testing.assert_array_equal(bias, grow_vocabulary(OLD[:, :1], 3, **PLACE)[:, 0])
    one = grow_vocabulary(OLD[:1], 2, **PLACE)
    np.testing.assert_array_equal(one, np.repeat(OLD[:1], 3, axis=0))
    zeros = grow_vocabulary(np.zeros((4, 2), np.float32), 1, **PLACE)
    assert not zeros.any()


def test_extreme_magnitudes() -> None:
    for factor in (2.0**-1000, 2.0**1000):
        scaled = grow_vocabulary(OLD.astype(np.float64) * factor, 2, **PLACE)
        expected = grow_vocabulary(OLD.astype(np.float64), 2, **PLACE)
        np.testing.assert_array_equal(scaled / factor, expected)


BAD = [
    ((OLD, 0), {}),
    ((OLD, -1), {}),
    ((OLD, 1.0), {}),
    ((OLD, True), {}),
    ((OLD, 1), {"seed": -1}),
    ((OLD, 1), {"seed": None}),
    ((OLD, 1), {"path": 3}),
    ((OLD, 1), {"path": "\ud800"}),
    ((OLD, 1), {"scale": -1e-5}),
    ((OLD, 1), {"scale": math.nan}),
    ((OLD, 1), {"scale": math.inf}),
    ((OLD, 1), {"scale": "1"}),
    ((OLD, 1), {"scale": True}),
    ((OLD.astype(np.float16), 1), {"scale": 1e14}),
    ((OLD, 1), {"scale": 1e300}),
    ((OLD[:0], 1), {}),
    ((OLD[:, :0], 1), {}),
    ((OLD[0, 0], 1), {}),
    ((OLD.reshape(3, 100, WIDTH), 1), {}),
    ((OLD.astype(int), 1), {}),
    ((OLD.tolist(), 1), {}),
    ((np.full((3, 3), np.nan), 1), {}),
]


@pytest.mark.parametrize(("arguments", "options"), BAD)
def test_bad_input(arguments, options) -> None:
    with pytest.raises(FanwiseError) as caught:
        grow_vocabulary(*arguments, **{**PLACE, **options})
    assert caught.value.expected
    assert caught.value.hint
