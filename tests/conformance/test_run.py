"""A run judges every claim, and none of it can pass on nothing."""

from dataclasses import replace

import numpy as np
import pytest
from common.conformance import OneWrong

import fanwise
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.faults import Healthy
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.run import run
from fanwise.conformance.verdict import verdict

pytestmark = pytest.mark.slow


def test_the_reference_passes(sound):
    assert [str(row) for row in sound.failures] == []


def test_every_scheme_is_judged_in_both_engines(sound):
    for engine in ("portable", "native"):
        judged = " ".join(row.scheme for row in sound.rows if row.engine == engine)
        assert all(f"'{name}'" in judged for name in fanwise.schemes())


class Vacuous(NumpyAdapter):
    modes = ()
    layers = ()


def test_an_adapter_that_judges_nothing_fails(quick):
    failed = {(row.claim, row.subject) for row in run(Vacuous()).failures}
    assert {("judged", "golden"), ("judged", "layers")} <= failed


def test_a_part_of_a_run_that_judges_nothing_fails():
    """NumPy has no structured schemes of its own; what the faults are put into has."""
    part = run(NumpyAdapter(), only="structured")
    assert {row.outcome for row in part.rows} == {Outcome.NONE, Outcome.FAIL}
    assert [(row.claim, row.observed) for row in part.failures] == [("judged", "nothing")]
    assert not run(Healthy(), only="structured").failures


class Raising(NumpyAdapter):
    def native(self, draw):
        raise RuntimeError("no sampler today")


def test_an_adapter_that_raises_fails_with_its_message(quick):
    notes = [row.note for row in run(Raising()).failures]
    assert "RuntimeError: no sampler today" in notes


class RefusesItsOwn(NumpyAdapter):
    own_layers = ("dense", "vector")

    def own(self, draw):
        raise fanwise.FanwiseError("another name", draw.scheme, "Use engine='native'.")


def test_an_adapter_whose_own_initializers_are_never_judged_fails(quick):
    assert [row.engine for row in run(RefusesItsOwn()).failures] == ["own"]


class Exchanged(NumpyAdapter):
    def layer(self, draw):
        made, axes = super().layer(draw)
        return np.ascontiguousarray(np.flip(made, -1)), axes


def test_a_layer_in_another_order_is_told_from_another_weight(quick):
    (row, *_) = [row for row in run(Exchanged(), only="layers").rows if row.outcome == Outcome.FAIL]
    assert "the same elements in another order" in row.observed


def test_a_failure_names_scheme_claim_figures_and_bound(quick):
    failures = [row for row in run(OneWrong()).failures if row.claim == "variance"]
    assert {row.scheme for row in failures} == {"scheme('he_uniform')"}
    text = str(failures[0])
    assert all(word in text for word in ("he_uniform", "variance", "observed", "expected", "bound"))


def test_one_step_can_be_repeated_alone(sound):
    row = next(row for row in sound.rows if row.claim == "mean" and row.engine == "native")
    again = run(NumpyAdapter(), only=row.step)
    assert row in again.rows
    assert {one.step for one in again.rows} == {row.step}
    with pytest.raises(fanwise.FanwiseError, match="a step's title"):
        run(NumpyAdapter(), only="nothing like this")


class NoVariants(NumpyAdapter):
    """Draws a truncated normal of its own only with the defaults, as some frameworks do."""

    def native(self, draw):
        if draw.scheme.family == "truncated_normal" and draw.scheme.to_dict()["params"]:
            raise fanwise.FanwiseError("defaults", draw.scheme, "Use engine='portable'.")
        return super().native(draw)


class NoDefaults(NumpyAdapter):
    def native(self, draw):
        raise fanwise.FanwiseError("anything else", draw.scheme, "Use engine='portable'.")


def test_a_framework_may_lack_a_parameter_but_not_a_scheme(sound, suite):
    lacking = run(NoVariants())
    assert not lacking.failures
    judged = verdict([replace(lacking, adapter="other"), sound, suite])
    assert judged.passed
    assert any(row.outcome == "none" for row in judged.compared)
    assert any(row.claim == "two samples" and "truncated" in row.scheme for row in judged.compared)


def test_a_framework_that_draws_nothing_of_its_own_fails(quick):
    assert any("anything else" in row.note for row in run(NoDefaults()).failures)
