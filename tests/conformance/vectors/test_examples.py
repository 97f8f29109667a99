"""Every scheme has an example on which it has a meaning."""

import pytest

import fanwise
from fanwise.conformance.vectors.examples import FIRST, example_of, examples
from fanwise.spec.catalogue import catalogue


def test_there_is_one_of_every_scheme():
    assert [example.name for example in examples()] == [*catalogue().entries]
    assert any(entry.since == FIRST for entry in catalogue().entries.values())


@pytest.mark.parametrize("example", [*examples()], ids=lambda example: example.name)
def test_it_is_drawn_on_its_own_shape(example):
    draw = example_of(example)
    entry = example.entry
    if entry.shape is not None:
        assert (draw.shape, draw.axes) == (entry.shape, entry.axes or "kernel")
    if entry.distribution["kind"] in ("delta_orthogonal", "dirac") and entry.shape is None:
        return  # of version 1.0: their kernels have a receptive field
    drawn = fanwise.sample(example, draw.shape, seed=draw.seed, axes=draw.axes)
    assert drawn.shape == draw.shape
