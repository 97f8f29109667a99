"""Quick runs: less of the same, and never taken for full ones."""

import io
import json

import pytest
from rich.console import Console

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.registry import checks
from fanwise.conformance.report.html import write_html
from fanwise.conformance.report.terminal import print_verdict
from fanwise.conformance.results.deviations import Deviation
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.results.runs import read_runs, write_runs
from fanwise.conformance.results.verdicts import write_verdict
from fanwise.conformance.run import check_suite, run, steps
from fanwise.conformance.verdict import verdict
from fanwise.spec.errors import FanwiseError


@pytest.fixture(scope="module")
def quick_runs():
    return run(NumpyAdapter(), quick=True), check_suite(quick=True)


def test_a_quick_run_takes_a_part_of_the_steps_and_passes(quick_runs):
    adapter = NumpyAdapter()
    some, every = ([step.title for step in steps(adapter, quick=quick)] for quick in (True, False))
    assert set(some) < set(every)
    assert len(some) < len(every) / 3
    judged = verdict(quick_runs)
    assert judged.passed
    assert judged.quick


def test_it_judges_the_claims_of_a_full_run_at_their_rates(quick_runs, sound):
    claims = [
        {(r.engine, r.claim, r.alpha) for r in rows} for rows in (quick_runs[0].rows, sound.rows)
    ]
    assert claims[0] <= claims[1]
    # NumPy has no structured initializers of its own, some claims about which are left out.
    assert {claim for _, claim, _ in claims[0]} == {claim for _, claim, _ in claims[1]}


def test_every_claim_that_has_a_mutant_has_one_in_a_quick_run(quick_runs):
    caught = {row.claim for row in quick_runs[1].rows if row.engine == "mutant"}
    assert caught == {fault.claim.name for check in checks() for fault in check.faults}
    assert all(row.outcome == Outcome.PASS for row in quick_runs[1].rows)


def test_results_say_so_and_those_of_full_runs_say_nothing(quick_runs, sound, tmp_path):
    write_runs(tmp_path / "quick.json", quick_runs)
    assert [run.quick for run in read_runs(tmp_path / "quick.json")] == [True, True]
    write_runs(tmp_path / "full.json", [sound])
    (data,) = json.loads((tmp_path / "full.json").read_text("utf-8"))["runs"]
    assert "quick" not in data
    assert [run.quick for run in read_runs(tmp_path / "full.json")] == [False]


def test_so_does_a_verdict(quick_runs, sound, suite, tmp_path):
    write_verdict(tmp_path / "v.json", verdict(quick_runs))
    assert json.loads((tmp_path / "v.json").read_text("utf-8"))["quick"] is True
    write_verdict(tmp_path / "v.json", verdict([sound, suite]))
    assert "quick" not in json.loads((tmp_path / "v.json").read_text("utf-8"))


def test_the_pages_of_a_verdict_say_what_it_is_worth(quick_runs, sound, suite, tmp_path):
    for runs, said in ((quick_runs, True), ((sound, suite), False)):
        screen = Console(file=io.StringIO(), width=80)
        print_verdict(screen, verdict(runs))
        write_html(tmp_path / "r.html", verdict(runs))
        for text in (screen.file.getvalue(), (tmp_path / "r.html").read_text("utf-8")):
            assert ("A quick run: each claim as strict" in text) is said


def test_a_verdict_refuses_quick_runs_among_full_ones(quick_runs, sound, suite):
    for mixed in ([quick_runs[0], suite], [sound, quick_runs[1]]):
        with pytest.raises(FanwiseError, match=r"full runs alone, or of quick ones.*--quick"):
            verdict(mixed)


def test_a_listed_deviation_need_not_occur_in_a_quick_run(monkeypatch):
    listed = Deviation(
        adapter="numpy",
        claims=("variance",),
        schemes=("he_normal",),
        reason="",
        reference="",
        versions=(),
    )
    monkeypatch.setattr("fanwise.conformance.run.listed_deviations", lambda adapter: (listed,))
    assert not run(NumpyAdapter(), quick=True).failures
