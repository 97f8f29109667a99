"""Steps after a draw, against their definitions in plain Python."""

import math

import numpy as np
import pytest
from reference import stream

from fanwise import sample, scheme
from fanwise.core.steps import take_step


def unit(vectors: list[list[float]], gain: float) -> list[list[float]]:
    """Each divided by its length, then times the gain: every operation rounds once."""
    made = []
    for vector in vectors:
        length = math.sqrt(math.fsum(x * x for x in vector))
        made.append([x / length * gain if length else x * gain for x in vector])
    return made


@pytest.mark.parametrize("gain", [1.0, 0.01, 3.0])
def test_vectors(gain: float) -> None:
    drawn = np.random.default_rng(0).normal(size=(2, 7, 5))
    rows = take_step("unit_rows", drawn, gain)
    assert rows.tolist() == [unit(matrix, gain) for matrix in drawn.tolist()]
    columns = take_step("unit_columns", drawn, gain).swapaxes(1, 2)
    assert columns.tolist() == [unit(matrix, gain) for matrix in drawn.swapaxes(1, 2).tolist()]


def test_matrices() -> None:
    drawn = np.random.default_rng(0).normal(size=(3, 6, 9))
    made = take_step("unit_spectral_norm", drawn, 2.5)
    assert np.linalg.norm(made, 2, axis=(1, 2)) == pytest.approx([2.5] * 3, rel=1e-14)
    assert np.allclose(made / drawn, (made / drawn)[:, :1, :1], rtol=1e-15)


@pytest.mark.parametrize("step", ["unit_rows", "unit_columns", "unit_spectral_norm"])
def test_zeros_and_nothing(step: str) -> None:
    assert take_step(step, np.zeros((2, 3, 4)), 5.0).tolist() == np.zeros((2, 3, 4)).tolist()
    for shape in [(0, 3, 4), (2, 0, 4), (2, 3, 0)]:
        assert take_step(step, np.zeros(shape), 5.0).shape == shape


def test_the_argument_stays() -> None:
    drawn = np.random.default_rng(0).normal(size=(1, 3, 4))
    before = drawn.copy()
    take_step("unit_columns", drawn, 5.0)
    assert np.array_equal(drawn, before)


def test_of_the_stream() -> None:
    key, law = stream.key(5, "head/kernel"), ("normal", 0.0, 1.0)
    drawn = [stream.value(i, key=key, law=law, dtype="float64") for i in range(12)]
    matrix = np.array(drawn).reshape(3, 4)
    for name, factor in [("spectral_normalized", 2.0), ("spectral_sphere", 2.0 * math.sqrt(4 / 3))]:
        got = sample(scheme(name, gain=2.0), (3, 4), seed=5, path="head/kernel", dtype="float64")
        assert got == pytest.approx(matrix / np.linalg.norm(matrix, 2) * factor, rel=1e-13)
