"""Reservoirs: their zeros, from the words of the stream, and their spectral radius."""

import numpy as np
import pytest
from common.on_shape import on_shape
from reference import structured

from fanwise import FanwiseError, sample, scheme
from fanwise.core.generators import reservoir


@pytest.mark.parametrize(("size", "sparsity"), [(12, 0.5), (30, 0.9), (20, 0.0)])
def test_sparse_and_scaled(size: int, sparsity: float) -> None:
    """It is a sparse weight, but for one factor."""
    expected = structured.sparse(
        (1, size, size), seed=3, path="esn/kernel", std=1.0, sparsity=sparsity, dtype="float64"
    )[0]
    expected *= 0.8 / np.abs(np.linalg.eigvals(expected)).max()
    asked = scheme("reservoir", spectral_radius=0.8, sparsity=sparsity)
    got = sample(asked, (size, size), seed=3, path="esn/kernel", dtype="float64")
    assert np.array_equal(got == 0, expected == 0)
    assert got == pytest.approx(expected, rel=3e-10)


def test_uniform() -> None:
    got = sample(scheme("reservoir", elements="uniform"), (50, 50), seed=0, dtype="float64")
    assert np.abs(np.linalg.eigvals(got)).max() == pytest.approx(0.9, rel=3e-10)
    assert (got == 0).sum(axis=1).tolist() == [45] * 50


def test_batches() -> None:
    got = sample(scheme("reservoir"), (3, 40, 40), seed=0, axes="batch in out", dtype="float64")
    radii = np.abs(np.linalg.eigvals(got)).max(axis=1)
    assert radii == pytest.approx([0.9] * 3, rel=3e-10)


def test_outputs_on_several_axes() -> None:
    """They are the outputs of one matrix, whatever axes hold them."""
    asked = scheme("reservoir", sparsity=0.5)
    whole = sample(asked, (12, 12), seed=0, axes="in out")
    several = sample(asked, (3, 12, 4), seed=0, axes="out in out")
    assert np.array_equal(several.swapaxes(0, 1).reshape(12, 12), whole)


def test_errors() -> None:
    for shape, match in [((3, 4), "as many inputs"), ((3, 4, 4), "a matrix"), ((4,), "in and out")]:
        with pytest.raises(FanwiseError, match=match):
            sample(scheme("reservoir"), shape, seed=0)
    with pytest.raises(FanwiseError, match="a connection"):
        sample(scheme("reservoir"), (5, 5), seed=0)


class Given:
    """Elements of one's own."""

    def elements(self, _law: object, _shape: tuple[int, ...]) -> np.ndarray:
        return np.array([[1e-5, 3.0], [0.0, 1e-5]])

    def words(self, shape: tuple[int, ...], _purpose: str) -> np.ndarray:
        return np.zeros(shape, np.uint32)


def test_hardly_a_way_back() -> None:
    """To scale it would make what leads on as large as the radius is small."""
    law = on_shape((2, 2), radius=0.9, sparsity=0.0, elements="normal")
    reservoir.check(law)
    with pytest.raises(FanwiseError, match="a spectral radius"):
        reservoir.make(law, Given())
