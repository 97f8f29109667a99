"""The law of an engine's elements, and what a step adds to a run besides its rows."""

import pytest
from common.conformance import OneWrong
from common.outcomes import failing

import fanwise
from fanwise.adapters.engines import Engine
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.cases import sized_case
from fanwise.conformance.checks.faults import Broken, scaled
from fanwise.conformance.checks.laws import CELLS, judge_law

CASE = sized_case(fanwise.scheme("he_uniform"), (), seed=3)


@pytest.mark.parametrize("engine", Engine)
def test_the_reference_holds(engine):
    result = judge_law(NumpyAdapter(), engine, CASE)
    assert [row.claim for row in result.rows] == [
        "variance", "mean", "distribution", "tails", "support",
    ]  # fmt: skip
    assert not failing(result.rows)


def test_a_scale_that_is_off_by_two_percent_is_seen():
    assert failing(judge_law(OneWrong(), Engine.NATIVE, CASE).rows) >= {"variance", "support"}


def test_only_the_native_draw_of_a_matrix_is_counted_for_other_frameworks():
    (histogram,) = judge_law(NumpyAdapter(), Engine.NATIVE, CASE).histograms
    assert len(histogram.counts) == CELLS
    assert sum(histogram.counts) == CASE.kernel[0] * CASE.kernel[1]
    assert not judge_law(NumpyAdapter(), Engine.PORTABLE, CASE).histograms
    field = sized_case(fanwise.scheme("he_uniform"), (3, 3), seed=3)
    result = judge_law(NumpyAdapter(), Engine.NATIVE, field)
    assert not result.histograms
    assert [row.claim for row in result.rows] == ["variance", "support"]


class Lacking(NumpyAdapter):
    def native(self, draw):
        raise fanwise.FanwiseError("defaults", draw.scheme, "Use engine='portable'.")


def test_a_parameter_may_be_lacking_and_a_default_may_not():
    other = sized_case(fanwise.scheme("normal", mean=0.1), (), seed=3)
    (row,) = judge_law(Lacking(), Engine.NATIVE, other).rows
    assert (row.claim, row.outcome) == ("offered", "none")
    with pytest.raises(fanwise.FanwiseError, match="defaults"):
        judge_law(Lacking(), Engine.NATIVE, CASE)


def test_a_later_scheme_is_judged_by_its_scale_alone_and_may_be_lacking():
    later = sized_case(fanwise.scheme("small_init"), (3, 3), seed=3)
    result = judge_law(NumpyAdapter(), Engine.NATIVE, later)
    assert [row.claim for row in result.rows] == ["variance"]
    assert not failing(result.rows)
    assert failing(judge_law(Broken(scaled(1.01)), Engine.NATIVE, later).rows) == {"variance"}
    (row,) = judge_law(Lacking(), Engine.NATIVE, later).rows
    assert row.claim == "offered"
