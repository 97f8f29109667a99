"""Values written into memory of other strides."""

import numpy as np
import pytest
from common.bits import same_bits

from fanwise.core import order

SHAPES = [(0, 5), (1, 1), (3, 700), (700, 3), (257, 17), (256, 16), (300, 300)]


def views(shape: tuple[int, int], dtype: str) -> dict[str, np.ndarray]:
    """Memory of a shape: by rows, by columns, with gaps, backwards."""
    rows, columns = shape
    return {
        "rows": np.zeros(shape, dtype),
        "columns": np.zeros((columns, rows), dtype).T,
        "gaps": np.zeros((columns, 3 * rows), dtype)[:, ::3].T,
        "backwards": np.zeros((columns, rows), dtype)[::-1].T,
    }


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("shape", SHAPES)
def test_values_come_as_they_are(shape: tuple[int, int], dtype: str) -> None:
    wanted = (np.arange(shape[0] * shape[1]) % 1999).reshape(shape).astype(dtype)
    for given in (wanted, np.asfortranarray(wanted)):
        for name, out in views(shape, dtype).items():
            order.store(given, out)
            assert same_bits(out, wanted), name


def test_a_tile_out_of_place_would_be_seen(monkeypatch) -> None:
    monkeypatch.setattr(order, "_runs_down", lambda matrix: matrix.flags.f_contiguous)
    wanted = np.arange(90000.0).reshape(300, 300)
    out = np.zeros((300, 300)).T
    monkeypatch.setattr(order, "_LINES", -256)
    order.store(wanted, out)
    assert not same_bits(out, wanted)


def test_other_than_matrices() -> None:
    wanted = np.arange(24.0).reshape(2, 3, 4)
    out = np.zeros((4, 3, 2)).T
    order.store(wanted, out)
    assert same_bits(out, wanted)
