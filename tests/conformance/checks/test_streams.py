"""Seed and path choose the stream, and nothing else does: what breaks that is seen."""

from dataclasses import replace

import pytest

from fanwise.adapters.engines import Engine
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.streams import choices
from fanwise.conformance.results.rows import Outcome


def failing(adapter):
    return {
        (row.engine, row.subject) for row in choices(adapter) if row.outcome == Outcome.FAIL
    }  # fmt: skip


def test_the_reference_chooses_by_seed_and_path():
    rows = list(choices(NumpyAdapter()))
    assert {row.outcome for row in rows} == {Outcome.PASS}
    assert {row.claim for row in rows} == {"streams"}
    assert [row.engine for row in rows].count(Engine.PORTABLE) == 5
    assert [row.engine for row in rows].count(Engine.NATIVE) == 2


class Portable(NumpyAdapter):
    """The reference with something else asked of its portable engine."""

    def __init__(self, **changed):
        self.changed = changed

    def portable(self, draw, mode):
        return super().portable(replace(draw, **self.changed), mode)


@pytest.mark.parametrize(
    ("adapter", "subjects"),
    [
        (Portable(seed=1), {"another seed", "a seed beyond 32 bits"}),
        (Portable(path="x"), {"another path", "no path"}),
    ],
)
def test_a_seed_or_path_that_is_ignored_is_seen(adapter, subjects):
    assert failing(adapter) == {(Engine.PORTABLE, subject) for subject in subjects}


class ShortSeed(NumpyAdapter):
    def portable(self, draw, mode):
        return super().portable(replace(draw, seed=draw.seed % 2**32), mode)


def test_a_seed_that_is_cut_to_32_bits_is_seen():
    assert failing(ShortSeed()) == {(Engine.PORTABLE, "a seed beyond 32 bits")}


class EmptyPath(NumpyAdapter):
    def portable(self, draw, mode):
        return super().portable(replace(draw, path=draw.path or "a/kernel"), mode)


def test_no_path_that_is_taken_for_another_is_seen():
    assert failing(EmptyPath()) == {(Engine.PORTABLE, "no path")}


class MovingOn(NumpyAdapter):
    """A native engine that takes its numbers from a global generator."""

    calls = 0

    def native(self, draw):
        self.calls += 1
        return super().native(replace(draw, seed=draw.seed + self.calls))


def test_a_generator_that_moves_on_is_seen():
    assert (Engine.NATIVE, "the same seed") in failing(MovingOn())
