"""The largest singular value, against LAPACK's."""

import numpy as np
import pytest

from fanwise.core.spectral_norm import spectral_norm

SHAPES = [(1, 1), (3, 1), (1, 5), (2, 2), (8, 8), (30, 200), (200, 30), (128, 128), (300, 257)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("mean", [0.0, 1.0, -50.0])
def test_random(shape: tuple[int, int], mean: float) -> None:
    matrix = np.random.default_rng(0).normal(mean, size=shape)
    assert spectral_norm(matrix) == pytest.approx(np.linalg.norm(matrix, 2), rel=1e-13)


@pytest.mark.parametrize("scale", [1e-200, 1e-30, 1.0, 1e30, 1e200])
def test_scales(scale: float) -> None:
    matrix = np.random.default_rng(1).normal(size=(7, 9)) * scale
    assert spectral_norm(matrix) == pytest.approx(np.linalg.norm(matrix, 2), rel=1e-13)


def test_known() -> None:
    assert spectral_norm(np.zeros((3, 4))) == 0.0
    assert spectral_norm(np.zeros((0, 4))) == 0.0
    assert spectral_norm(np.eye(50) * 3) == pytest.approx(3.0, rel=1e-14)
    assert spectral_norm(np.diag([1.0, 2.0, 2.0, -5.0, 0.0])) == pytest.approx(5.0, rel=1e-14)
    assert spectral_norm(np.ones((5, 7))) == pytest.approx(np.sqrt(35), rel=1e-14)
    assert spectral_norm(np.eye(6, k=1)) == pytest.approx(1.0, rel=1e-14)


def test_neighbours() -> None:
    """Singular values that hardly differ take many steps."""
    left, right = (np.linalg.qr(np.random.default_rng(s).normal(size=(90, 90)))[0] for s in (2, 3))
    values = 1.0 - np.arange(90) * 1e-6
    assert spectral_norm((left * values) @ right) == pytest.approx(1.0, rel=1e-12)


def test_hard() -> None:
    """Small ones: nearly of rank one, sparse, of very unequal rows, of a value that is repeated."""
    random = np.random.default_rng(1)
    for turn in range(400):
        rows, columns = random.integers(1, 25, 2)
        matrix = random.normal(size=(rows, columns))
        match turn % 4:
            case 0:
                matrix = np.outer(matrix[:, 0], matrix[0]) + 1e-9 * matrix
            case 1:
                matrix[random.random(matrix.shape) < 0.8] = 0.0
            case 2:
                matrix *= np.exp(20 * random.normal(size=(rows, 1)))
            case 3:
                matrix = np.linalg.qr(matrix)[0]
        expected = np.linalg.norm(matrix, 2)
        assert spectral_norm(matrix) == pytest.approx(expected, rel=1e-13, abs=0)


def test_memory_order() -> None:
    matrix = np.random.default_rng(4).normal(size=(40, 30))
    assert spectral_norm(matrix) == spectral_norm(np.asfortranarray(matrix))
