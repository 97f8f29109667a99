"""A run judges, marks, compares and writes; and none of it can pass on nothing."""

import html
import json
from dataclasses import replace
from importlib import resources
from unittest import mock

import jsonschema
import numpy as np
import pytest

import fanwise
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance import deviations, faults, mutants
from fanwise.conformance.cases import exact_cases, judged_schemes, statistical_cases, stored_shape
from fanwise.conformance.claims import CLAIMS
from fanwise.conformance.html import write_html
from fanwise.conformance.rows import (
    DEVIATION,
    FAIL,
    FORMAT,
    PASS,
    Function,
    Row,
    read_runs,
    write_runs,
)
from fanwise.conformance.run import check_suite, run
from fanwise.conformance.table import lines
from fanwise.conformance.verdict import verdict, write_verdict


@pytest.fixture(scope="module")
def sound():
    return run(NumpyAdapter())


@pytest.fixture(scope="module")
def suite():
    return check_suite()


@pytest.fixture
def quick(monkeypatch):
    """Runs with one scheme's statistics: for what does not need more."""
    few = [case for case in statistical_cases() if case.scheme.family == "he_uniform"]
    monkeypatch.setattr("fanwise.conformance.run.statistical_cases", lambda: few)
    monkeypatch.setattr("fanwise.conformance.judge.HALF_DTYPES", ())


def test_the_reference_passes(sound):
    assert [str(row) for row in sound.failures] == []


def test_every_scheme_is_judged_in_both_engines(sound):
    for engine in ("portable", "native"):
        judged = " ".join(row.scheme for row in sound.rows if row.engine == engine)
        assert all(f"'{name}'" in judged for name in fanwise.schemes())


def test_the_suite_catches_all_its_mutants(suite):
    assert [str(row) for row in suite.failures] == []
    assert sum(row.engine == "mutant" for row in suite.rows) >= 25


def test_every_statistical_and_exact_claim_has_a_mutant(suite):
    """But for those about the core's stages, which golden tensors would catch as well."""
    killed = {row.claim for row in suite.rows if row.engine == "mutant"}
    groups = ("stages", "verdict", "own", "models")
    needed = {name for name, claim in CLAIMS.items() if claim.group not in groups}
    # A verdict's own claims are shown to fail below; whether a framework offers a scheme is
    # a fact; "bits" is "golden" in another order.
    assert needed - killed == {"same bits", "two samples", "offered", "bits"}


MUTANTS = [one for one in mutants.mutants() if isinstance(one.rows, mutants.Drawn)]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_without_its_fault_is_not_caught(mutant):
    """The kill is of the fault, not of the wrapping."""
    harmless = replace(mutant, rows=replace(mutant.rows, fault=faults.right))
    assert harmless.row().outcome == FAIL


def test_kills_are_counted_over_seeds():
    few = [mutant for mutant in mutants.mutants() if mutant.claim in ("mean", "zeros")]
    with mock.patch.object(mutants, "mutants", return_value=few):
        found = mutants.kills(range(3), lambda *_: None)
    assert [(kill.caught, kill.tried, kill.always) for kill in found] == [(3, 3, True)] * 2


class Vacuous(NumpyAdapter):
    modes = ()
    layers = ()


def test_an_adapter_that_judges_nothing_fails(quick):
    failed = {(row.claim, row.subject) for row in run(Vacuous()).failures}
    assert {("judged", "golden"), ("judged", "layers")} <= failed


class Raising(NumpyAdapter):
    def native(self, draw):
        raise RuntimeError("no sampler today")


def test_an_adapter_that_raises_fails_with_its_message(quick):
    notes = [row.note for row in run(Raising()).failures]
    assert "RuntimeError: no sampler today" in notes


class OneWrong(NumpyAdapter):
    """A 2 % error in one scheme of the native engine."""

    def native(self, draw):
        made = super().native(draw)
        return made * np.float32(1.02) if draw.scheme.family == "he_uniform" else made


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
    (row, *_) = [row for row in run(Exchanged(), only="layers").rows if row.outcome == FAIL]
    assert "the same elements in another order" in row.observed


def test_a_failure_names_scheme_claim_figures_and_bound(quick):
    failures = [row for row in run(OneWrong()).failures if row.claim == "variance"]
    assert {row.scheme for row in failures} == {"scheme('he_uniform')"}
    text = str(failures[0])
    assert all(word in text for word in ("he_uniform", "variance", "observed", "expected", "bound"))


LISTED = """
[[deviation]]
adapter = "numpy"
claims = ["variance"]
schemes = ["he_uniform"]
reason = "scale 2 % too large"
reference = "https://example.org/1"
versions = ["numpy>=1.0"]
"""


def test_a_listed_deviation_is_no_failure_and_one_that_vanished_is(quick):
    class Listed(OneWrong):
        deviations = LISTED

    class Mended(NumpyAdapter):
        deviations = LISTED

    marked = [row for row in run(Listed()).rows if row.outcome == DEVIATION]
    assert {row.claim for row in marked} == {"variance"}
    assert "scale 2 % too large" in marked[0].note
    (vanished,) = run(Mended()).failures
    assert vanished.observed == "did not occur"


def test_a_condition_on_versions_decides():
    text = LISTED.replace("numpy>=1.0", "numpy<1.0")
    assert deviations.read(text, "numpy", {"numpy": "2.4.6"}) == ()
    assert len(deviations.read(LISTED, "numpy", {"numpy": "2.4.6"})) == 1
    assert deviations.read(LISTED, "other", {"numpy": "2.4.6"}) == ()


@pytest.mark.parametrize(
    "text",
    [
        LISTED.replace("numpy>=1.0", "numpy is old"),
        LISTED.replace('reason = "scale 2 % too large"', ""),
        LISTED.replace("numpy>=1.0", "scipy>=1.0"),
        LISTED.replace('["variance"]', '"variance"'),
    ],
)
def test_a_malformed_deviation_is_refused(text):
    with pytest.raises(fanwise.FanwiseError):
        deviations.read(text, "numpy", {"numpy": "2.4.6"})


def test_a_suite_that_fails_in_one_environment_fails_the_verdict(sound, suite):
    broken = replace(suite, rows=(replace(suite.rows[0], outcome=FAIL), *suite.rows[1:]))
    assert verdict([sound, suite]).passed
    assert verdict([sound, suite, broken]).failures == (broken.rows[0],)


def test_one_step_can_be_repeated_alone(sound):
    row = next(row for row in sound.rows if row.claim == "mean" and row.engine == "native")
    again = run(NumpyAdapter(), only=row.step)
    assert row in again.rows
    assert {one.step for one in again.rows} == {row.step}
    with pytest.raises(fanwise.FanwiseError, match="a step's title"):
        run(NumpyAdapter(), only="nothing like this")


def test_a_row_is_about_a_claim_of_the_list():
    with pytest.raises(ValueError, match="a claim of the list"):
        Row("x", "native", "no such claim", "s", "", FAIL, "0", "0")


def test_results_survive_json(sound, tmp_path):
    write_runs(tmp_path / "numpy.json", [sound])
    assert read_runs(tmp_path / "numpy.json") == (sound,)
    with pytest.raises(fanwise.FanwiseError, match="results of a conformance run"):
        read_runs(tmp_path / "missing.json")
    (tmp_path / "old.json").write_text('{"format": 0}')
    with pytest.raises(fanwise.FanwiseError, match="format"):
        read_runs(tmp_path / "old.json")


def test_the_verdict_compares_bits_and_samples(sound, suite, tmp_path):
    same = replace(sound, adapter="other")
    judged = verdict([sound, same, suite])
    assert judged.passed
    assert {row.claim for row in judged.compared} == {"same bits", "two samples", "false alarms"}
    assert 0 < judged.false_alarms < 1e-9
    write_verdict(tmp_path / "verdict.json", judged)
    assert json.loads((tmp_path / "verdict.json").read_text())["passed"] is True
    write_html(tmp_path / "report.html", judged)
    page = (tmp_path / "report.html").read_text()
    assert "PASS" in page
    assert page.count("<polygon") == 2 * len(sound.histograms)
    assert "http" not in page.split("<body>")[0]


SCHEMA = json.loads(
    resources.files("fanwise.conformance").joinpath("results.schema.json").read_text()
)


def test_what_is_written_follows_its_schema(sound, suite, tmp_path):
    write_runs(tmp_path / "r.json", [sound, suite])
    write_verdict(tmp_path / "v.json", verdict([sound, replace(sound, adapter="other"), suite]))
    for name in ("r.json", "v.json"):
        data = json.loads((tmp_path / name).read_text())
        jsonschema.validate(data, SCHEMA)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**data, "format": FORMAT - 1}, SCHEMA)


def test_a_listed_deviation_of_a_law_explains_a_differing_sample(sound, suite):
    first = sound.histograms[0]
    cells = [sum(first.counts), *[0] * (len(first.counts) - 1)]
    rows = tuple(
        replace(row, outcome=DEVIATION, note="so it is")
        if (row.claim, row.scheme, row.subject) == ("distribution", first.scheme, first.subject)
        and row.engine == "native"
        else row
        for row in sound.rows
    )
    changed = (replace(first, counts=tuple(cells)), *sound.histograms[1:])
    other = replace(sound, adapter="other", rows=rows, histograms=changed)
    (row,) = [row for row in verdict([sound, other, suite]).compared if row.outcome == DEVIATION]
    assert (row.claim, row.note) == ("two samples", "so it is")


def test_the_report_says_how_to_judge_a_row_again(sound, suite, tmp_path):
    rows = list(sound.rows)
    number = next(i for i, row in enumerate(rows) if row.claim == "variance")
    rows[number] = replace(rows[number], outcome=FAIL)
    write_html(tmp_path / "r.html", verdict([replace(sound, rows=tuple(rows)), suite]))
    page = (tmp_path / "r.html").read_text()
    assert "FAIL" in page
    step = html.escape(rows[number].step)
    assert f"fanwise conformance --adapter numpy --only &#39;{step}&#39;" in page


def test_one_differing_digest_fails_the_verdict(sound, suite):
    digests = dict(sound.digests)
    digests[next(iter(digests))] = "0" * 64
    judged = verdict([sound, replace(sound, adapter="other", digests=digests), suite])
    assert [row.claim for row in judged.failures] == ["same bits"]


MODEL = Function("mlp", {"up/kernel": "0" * 64}, (1.0, 2.0))


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
    with pytest.raises(fanwise.FanwiseError):
        verdict([])
    with pytest.raises(fanwise.FanwiseError):
        verdict([suite])
    with pytest.raises(fanwise.FanwiseError):
        verdict([sound, sound, suite])
    with pytest.raises(fanwise.FanwiseError, match="mutants"):
        verdict([sound])


def test_too_many_claims_fail_the_verdict(sound, suite):
    many = [
        Row("x", "native", "mean", "s", str(i), PASS, "0", "0", alpha=5e-13) for i in range(2001)
    ]
    judged = verdict([replace(sound, rows=tuple(many)), suite])
    assert [row.claim for row in judged.failures] == ["false alarms"]


def test_the_table_has_a_line_for_every_scheme(sound, suite):
    assert set(fanwise.schemes()) <= {line.scheme for line in lines(verdict([sound, suite]))}


def test_cases_are_stored_in_the_frameworks_own_order():
    assert stored_shape((3, 3, 5, 7), "torch") == (7, 5, 3, 3)
    assert stored_shape((3, 3, 5, 7), "kernel") == (3, 3, 5, 7)
    with pytest.raises(fanwise.FanwiseError):
        stored_shape((5, 7), "in out")
    assert {case.scheme for case in exact_cases()} == set(judged_schemes())
    assert len({case.seed for case in statistical_cases()}) == len(list(statistical_cases()))


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
