"""The extension makes the reflections of the NumPy path, to the bit the same by every set."""

import hashlib

import numpy as np
import pytest
from common.backends import ASKED
from numpy.typing import NDArray

import fanwise
from fanwise.core.fast import gate

if not ASKED:  # where the extension is asked for, it must be there
    pytest.importorskip("fanwise_kernels")

import fanwise_kernels

SETS = fanwise_kernels.instruction_sets()
#: Within one panel and across several, one tile and several, wide and tall, alone and together.
SHAPES = [(1, 1, 1), (3, 5, 7), (2, 64, 64), (1, 500, 3), (2, 65, 131), (1, 300, 290), (40, 16, 16)]


def drawn(monkeypatch, switch: str, shape: tuple[int, ...], dtype: str) -> NDArray[np.floating]:
    monkeypatch.setenv(gate.SWITCH, switch)
    return fanwise.sample("orthogonal", shape, seed=2, axes="batch in out", dtype=dtype)


@pytest.fixture
def reflecting():
    """The sets that have reflections, each in use while it is looked at."""

    def each():
        for name in SETS:
            fanwise_kernels.use(name)
            if fanwise_kernels.reflects():
                yield name

    yield each()
    fanwise_kernels.use(SETS[0])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_all_sets_give_the_same_bits(monkeypatch, reflecting, shape, dtype) -> None:
    said = {drawn(monkeypatch, "1", shape, dtype).tobytes() for _ in reflecting}
    assert len(said) <= 1


def test_all_processors_give_the_same_bits(monkeypatch, reflecting) -> None:
    for _ in reflecting:
        digest = hashlib.sha256()
        for shape in SHAPES:
            digest.update(drawn(monkeypatch, "1", shape, "float64").astype("<f8").tobytes())
        assert digest.hexdigest()[:16] == "d942ab10d4d02572"


@pytest.mark.parametrize("shape", SHAPES)
def test_the_products_are_those_of_numpy(monkeypatch, reflecting, shape) -> None:
    expected = drawn(monkeypatch, "0", shape, "float64")
    for _ in reflecting:
        got = drawn(monkeypatch, "1", shape, "float64")
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-13)


def test_they_are_taken(monkeypatch, reflecting) -> None:
    """Else NumPy would be compared with itself: some element differs in its last bits."""
    expected = drawn(monkeypatch, "0", (1, 300, 290), "float64")
    for _ in reflecting:
        assert drawn(monkeypatch, "1", (1, 300, 290), "float64").tobytes() != expected.tobytes()


def test_a_set_without_them_leaves_them_to_numpy(monkeypatch) -> None:
    expected = drawn(monkeypatch, "0", (2, 65, 131), "float64")
    fanwise_kernels.use("plain")
    try:
        assert not fanwise_kernels.reflects()
        assert drawn(monkeypatch, "1", (2, 65, 131), "float64").tobytes() == expected.tobytes()
        for call, count in (
            ("make_reflections", 5),
            ("apply_reflections", 4),
            ("write_reflected", 3),
            ("write_orthonormal", 6),
        ):
            with pytest.raises(RuntimeError, match="has no reflections"):
                getattr(fanwise_kernels, call)(*[0] * count)
    finally:
        fanwise_kernels.use(SETS[0])


def test_a_processor_that_fuses_products_has_them() -> None:
    assert fanwise_kernels.reflects() == bool({"avx512", "avx2", "neon"} & set(SETS))
