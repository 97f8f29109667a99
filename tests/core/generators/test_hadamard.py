"""Hadamard weights are cut from Sylvester's matrices."""

import numpy as np
import pytest
from common.on_shape import on_shape
from scipy.linalg import hadamard as sylvester

from fanwise.core.generators import GENERATORS
from fanwise.spec import FanwiseError
from fanwise.spec.generators import GENERATORS as DECLARED

SHAPES = [(1, 1), (4, 4), (5, 3), (3, 7), (2, 3, 2, 6), (16, 16), (6, 13)]


@pytest.mark.parametrize("shape", SHAPES)
def test_sylvester(shape: tuple[int, ...]) -> None:
    law = on_shape(shape, gain=3.0)
    rows, columns = int(np.prod(shape[:-1])), shape[-1]
    order = 1 << (max(rows, columns) - 1).bit_length()
    expected = sylvester(order)[:rows, :columns] * (3.0 / np.sqrt(order))
    got = GENERATORS["hadamard"].make(law, None)
    assert np.array_equal(got.reshape(rows, columns), expected)


def test_orthogonal_where_whole() -> None:
    got = GENERATORS["hadamard"].make(on_shape((8, 8), gain=1.0), None)
    assert np.allclose(got @ got.T, np.eye(8), atol=1e-15)


@pytest.mark.parametrize("shape", SHAPES)
def test_moments(shape: tuple[int, ...]) -> None:
    law, declared = on_shape(shape, gain=3.0), DECLARED["hadamard"]
    got = GENERATORS["hadamard"].make(law, None)
    assert declared.mean(law) == pytest.approx(got.mean(), abs=1e-15)
    assert declared.mean_square(law) == pytest.approx((got**2).mean())
    assert declared.largest(law) == np.abs(got).max()


def test_check() -> None:
    with pytest.raises(FanwiseError, match="in and out"):
        GENERATORS["hadamard"].check(on_shape((3,), gain=1.0))


def test_both_tables_name_the_same() -> None:
    assert set(GENERATORS) == set(DECLARED)
