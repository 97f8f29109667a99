"""Erdős-Rényi weights, element by element from the words of the stream."""

import itertools
import math

import numpy as np
import pytest
from reference import stream

from fanwise import FanwiseError, sample, scheme
from fanwise.core.generators.smallest import mark_smallest


def plain(
    shape: tuple[int, ...], *, epsilon: float, law: stream.Law, path: str | None
) -> np.ndarray:
    """Without batches: the elements with the smallest words of the mask are zero."""
    size = math.prod(shape)
    density = epsilon * sum(shape) / size
    zeros = math.floor((1 - density) * size) if density < 1 else 0
    mask, values = stream.key(7, path, "mask"), stream.key(7, path)
    order = sorted(range(size), key=lambda i: (stream.word(mask, i), i))
    made = np.zeros(size)
    for i in order[zeros:]:
        made[i] = stream.value(i, key=values, law=law, dtype="float64")
    return made.reshape(shape)


@pytest.mark.parametrize("path", [None, "dense/kernel"])
@pytest.mark.parametrize(
    ("shape", "epsilon"), [((9, 14), 2.0), ((3, 3, 5, 4), 1.5), ((4, 4), 20.0)]
)
def test_words(shape: tuple[int, ...], epsilon: float, path: str | None) -> None:
    inputs, outputs = shape[-2:]
    taps = math.prod(shape[:-2])
    std = math.sqrt(2 / (inputs * taps + outputs * taps))
    laws = {
        "normal": ("normal", 0.0, std),
        "uniform": ("uniform", -math.sqrt(3) * std, math.sqrt(3) * std),
    }
    for elements, law in laws.items():
        asked = scheme("erdos_renyi", epsilon=epsilon, elements=elements)
        got = sample(asked, shape, seed=7, path=path, dtype="float64")
        assert np.array_equal(got, plain(shape, epsilon=epsilon, law=law, path=path))


def test_batches_are_parts_of_one_stream() -> None:
    whole = sample(
        scheme("erdos_renyi", epsilon=2.0), (3, 9, 14), seed=7, axes="batch in out", dtype="float64"
    )
    assert len({(matrix != 0).sum() for matrix in whole}) == 1
    first = sample(scheme("erdos_renyi", epsilon=2.0), (9, 14), seed=7, dtype="float64")
    assert np.array_equal(whole[0], first)
    assert not np.array_equal(whole[1] != 0, first != 0)


def test_ties_go_by_place() -> None:
    words = np.array([[5, 1, 5, 5, 0, 5], [2, 2, 2, 2, 2, 2]], np.uint32)
    for count, *expected in [(0, [], []), (2, [1, 4], [0, 1]), (4, [0, 1, 2, 4], [0, 1, 2, 3])]:
        marked = mark_smallest(words, count)
        assert [np.flatnonzero(row).tolist() for row in marked] == expected
    assert mark_smallest(words, 6).all()


def test_largest_counts() -> None:
    words = np.random.default_rng(0).integers(0, 50, (4, 30), np.uint32)
    for count, row in itertools.product(range(31), range(4)):
        order = np.argsort(words[row], kind="stable")[:count]
        assert sorted(order) == np.flatnonzero(mark_smallest(words, count)[row]).tolist()


def test_errors() -> None:
    with pytest.raises(FanwiseError, match="at least two axes"):
        sample(scheme("erdos_renyi"), (4,), seed=0)
    with pytest.raises(FanwiseError):
        scheme("erdos_renyi", epsilon=0.0)
    with pytest.raises(FanwiseError, match="elements"):
        scheme("erdos_renyi", elements="constant")
