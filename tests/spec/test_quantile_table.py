"""The table behind the normal quantile is the one that its generator makes, and is whole."""

import dataclasses

import mpmath
import pytest

from fanwise.spec import quantile_table
from fanwise.spec.make_quantile_table import OCTAVES, SEGMENTS, piece


@pytest.fixture
def precision():
    with mpmath.workdps(30):
        yield


@pytest.mark.usefixtures("precision")
@pytest.mark.parametrize("row", [0, 1, 63, 64, 777, 1024, SEGMENTS * OCTAVES - 1])
def test_rows_are_those_of_the_generator(row: int) -> None:
    octave, segment = divmod(row, SEGMENTS)
    width = mpmath.mpf(2) ** octave / SEGMENTS
    left = mpmath.mpf(2) ** octave + segment * width
    assert quantile_table.quantile_table().rows[row] == piece(left, left + width)


def test_there_is_a_row_for_every_piece() -> None:
    table = quantile_table.quantile_table()
    assert table.segments_per_octave == SEGMENTS
    assert len(table.rows) == SEGMENTS * OCTAVES


def test_a_changed_row_changes_the_digest() -> None:
    table = quantile_table.quantile_table()
    first, *rest = table.rows
    changed = dataclasses.replace(table, rows=((first[0] + 1, *first[1:]), *rest))
    assert changed.sha256 != table.sha256
