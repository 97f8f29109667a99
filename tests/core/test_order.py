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


class Watched(np.ndarray):
    """Notes every write, and leaves out some."""

    def __setitem__(self, key, values) -> None:
        WRITES.append(key)
        if len(WRITES) != MISSED:
            super().__setitem__(key, values)


WRITES: list[object] = []
MISSED = 7


def test_tiles_are_written_and_a_missing_one_would_be_seen() -> None:
    wanted = np.arange(90000.0).reshape(300, 300)
    for missed, given in ((False, wanted), (True, wanted.T)):
        WRITES.clear()
        out = np.zeros((300, 300)).view(Watched)
        order.store(given, out)
        assert (len(WRITES) > MISSED) == missed
        assert same_bits(out, given) != missed


def test_other_than_matrices() -> None:
    wanted = np.arange(24.0).reshape(2, 3, 4)
    out = np.zeros((4, 3, 2)).T
    order.store(wanted, out)
    assert same_bits(out, wanted)
