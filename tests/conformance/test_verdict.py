"""The verdict compares frameworks, and fails on what differs or is missing."""

from dataclasses import replace

import pytest

import fanwise
from fanwise.adapters.engines import Engine
from fanwise.conformance.results.rows import Outcome, ResultRow
from fanwise.conformance.results.runs import Function
from fanwise.conformance.verdict import verdict


def test_a_suite_that_fails_in_one_environment_fails_the_verdict(sound, suite):
    broken = replace(suite, rows=(replace(suite.rows[0], outcome=Outcome.FAIL), *suite.rows[1:]))
    assert verdict([sound, suite]).passed
    assert verdict([sound, suite, broken]).failures == (broken.rows[0],)


def test_one_differing_digest_fails_the_verdict(sound, suite):
    digests = dict(sound.digests)
    digests[next(iter(digests))] = "0" * 64
    judged = verdict([sound, replace(sound, adapter="other", digests=digests), suite])
    assert [row.claim for row in judged.failures] == ["same bits"]


MODEL = Function(model="mlp", weights={"up/kernel": "0" * 64}, outputs=(1.0, 2.0))


@pytest.mark.parametrize(
    ("other", "failing"),
    [
        (MODEL, []),
        (replace(MODEL, weights={"up/kernel": "1" * 64}), ["same weights"]),
        (replace(MODEL, weights={"down/kernel": "0" * 64}), ["same weights"]),
        (replace(MODEL, outputs=(1.0, 2.0001)), ["same function"]),
        (replace(MODEL, outputs=(1.0, float("nan"))), ["same function"]),
        (replace(MODEL, outputs=(1.0,)), ["same function"]),
    ],
)
def test_whole_models_are_one_function(sound, suite, other, failing):
    runs = [replace(sound, functions=(MODEL,)), replace(sound, adapter="b", functions=(other,))]
    judged = verdict([*runs, suite])
    assert [row.claim for row in judged.failures] == failing
    assert {"same weights", "same function"} <= {row.claim for row in judged.compared}


def test_a_missing_digest_or_histogram_fails_the_verdict(sound, suite):
    fewer = dict(list(sound.digests.items())[1:])
    judged = verdict(
        [
            sound,
            replace(sound, adapter="other", digests=fewer, histograms=sound.histograms[1:]),
            suite,
        ]
    )
    assert sorted(row.claim for row in judged.failures) == ["same bits", "two samples"]


def test_a_differing_sample_fails_the_verdict(sound, suite):
    first = sound.histograms[0]
    cells = list(first.counts)
    cells[-1] += sum(cells[:8])
    cells[:8] = [0] * 8
    shifted = replace(first, counts=tuple(cells))
    other = replace(sound, adapter="other", histograms=(shifted, *sound.histograms[1:]))
    assert [row.claim for row in verdict([sound, other, suite]).failures] == ["two samples"]


def test_a_verdict_on_nothing_is_refused(sound, suite):
    for runs in ([], [suite], [sound, sound, suite]):
        with pytest.raises(fanwise.FanwiseError, match="one run for each adapter"):
            verdict(runs)
    with pytest.raises(fanwise.FanwiseError, match="mutants"):
        verdict([sound])


def test_too_many_claims_fail_the_verdict(sound, suite):
    row = ResultRow(
        adapter="x",
        engine=Engine.NATIVE,
        claim="mean",
        scheme="s",
        subject="",
        outcome=Outcome.PASS,
        observed="0",
        expected="0",
        alpha=5e-13,
    )
    many = [replace(row, subject=str(number)) for number in range(2001)]
    judged = verdict([replace(sound, rows=(*sound.rows, *many)), suite])
    assert [row.claim for row in judged.failures] == ["false alarms"]


def test_a_claim_that_is_not_in_the_list_is_refused(sound, suite):
    unknown = replace(sound.rows[0], claim="no such claim")
    with pytest.raises(fanwise.FanwiseError, match="claims of the suite"):
        verdict([replace(sound, rows=(unknown,)), suite])


def test_runs_that_judged_nothing_fail_the_verdict(sound, suite):
    empty = verdict([replace(sound, rows=()), suite])
    assert not empty.passed
    assert {row.claim for row in empty.failures} == {"judged"}
    # What the framework has none of is not judged, either.
    none = tuple(replace(row, outcome=Outcome.NONE) for row in sound.rows)
    assert not verdict([replace(sound, rows=none), suite]).passed
    part = tuple(row for row in sound.rows if row.engine != Engine.NATIVE)
    (failure,) = verdict([replace(sound, rows=part), suite]).failures
    assert (failure.adapter, failure.engine, failure.subject) == ("numpy", "native", "variance")
    (failure,) = verdict([sound, replace(suite, rows=())]).failures
    assert (failure.adapter, failure.claim) == ("suite", "judged")


def test_results_by_two_versions_of_the_specification_are_not_compared(sound, suite):
    versions = f"'{fanwise.SPEC_VERSION}', '1.9'"
    with pytest.raises(fanwise.FanwiseError, match=rf"one version of the spec.*{versions}"):
        verdict([replace(sound, spec="1.9"), suite])


def test_draws_of_other_sizes_differ(sound, suite):
    first = sound.histograms[0]
    for counts in (first.counts[:-1], (*first.counts[:-1], first.counts[-1] + 1), (1, 1)):
        changed = replace(first, counts=counts)
        other = replace(sound, adapter="other", histograms=(changed, *sound.histograms[1:]))
        (failure,) = verdict([sound, other, suite]).failures
        assert (failure.claim, failure.observed) == ("two samples", "other sizes")
