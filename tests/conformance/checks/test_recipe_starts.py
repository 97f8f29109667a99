"""Recipes are judged against the models that they cite, and what is not judged is said."""

from dataclasses import replace

import pytest

from fanwise.adapters import recipe_sources as listed
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.adapters.recipe_sources import RecipeSource, library_versions, recipe_sources
from fanwise.adapters.torch.conformance.recipe_starts import start_recipe as torch_starts
from fanwise.conformance.checks import recipe_starts as module
from fanwise.conformance.checks.check import rows_step
from fanwise.conformance.checks.completeness import take_step
from fanwise.conformance.checks.faults import right, scaled
from fanwise.conformance.checks.recipe_starts import FaultyModel, recipe_starts, unsourced
from fanwise.conformance.checks.starts import FaultyStart
from fanwise.conformance.report.table import lines
from fanwise.conformance.results import deviations
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.results.verdicts import Verdict
from fanwise.conformance.run import core_rows, listed_deviations, run, steps
from fanwise.spec.recipe_sources import shipped

SOURCE = RecipeSource(recipe="llama", adapter="numpy", library="fanwise", model="Model", case="a")
ABSENT = replace(SOURCE, library="no-such-library")


@pytest.mark.parametrize("fault", module.CHECK.faults, ids=lambda fault: fault.name)
def test_each_claim_fails_on_what_is_wrong(fault):
    failing = {row.claim for row in fault.rows(29) if row.outcome == Outcome.FAIL}
    assert fault.claim.name in failing
    assert all(row.outcome == Outcome.PASS for row in fault.without().rows(29))


def test_a_row_says_which_weight_of_which_source_it_is_about():
    rows = list(recipe_starts(FaultyModel(FaultyStart(right)), SOURCE))
    assert {row.subject.split(" kernel")[0] for row in rows} == {"llama of fanwise Model a"}
    assert {str(row.engine) for row in rows} == {"start"}


def test_what_is_not_installed_is_said_and_is_no_pass():
    (row,) = recipe_starts(FaultyModel(FaultyStart(scaled(2))), ABSENT)
    assert row.outcome == Outcome.NONE
    assert row.observed == "not judged: needs no-such-library"


def test_what_a_library_needs_and_is_not_there_is_said_too():
    class Needing(FaultyModel):
        def start_recipe(self, source, seed):
            import no_such_module  # noqa: F401

    (row,) = recipe_starts(Needing(FaultyStart(right)), SOURCE)
    assert (row.outcome, row.observed) == (Outcome.NONE, "not judged: needs no_such_module")


def test_an_adapter_judges_the_sources_that_are_listed_for_it(monkeypatch):
    monkeypatch.setattr(listed, "recipe_sources", lambda: (SOURCE, replace(SOURCE, adapter="x")))
    adapter = FaultyModel(FaultyStart(right))
    titles = [step.title for step in steps(adapter) if step.title.startswith("recipe ")]
    assert titles == ["recipe llama of fanwise Model a"]
    assert [s for s in steps(NumpyAdapter()) if s.title.startswith("recipe ")] == []
    result = run(adapter, only="recipe *")
    assert result.versions["fanwise"]
    assert {row.outcome for row in result.rows} == {Outcome.PASS}


def test_a_deviation_of_a_library_that_is_not_there_is_not_expected(monkeypatch):
    monkeypatch.setattr(listed, "recipe_sources", lambda: (ABSENT,))
    assert library_versions("numpy") == {"no-such-library": "not installed"}
    text = """
[[deviation]]
adapter = "numpy"
engine = "start"
claims = ["variance"]
schemes = ["normal"]
reason = "It is another."
reference = "https://example.org"
versions = ["no-such-library>=1"]
"""
    adapter = FaultyModel(FaultyStart(right))
    adapter.deviations = text
    assert listed_deviations(adapter) == ()
    assert len(deviations.read(text, "numpy", {"no-such-library": "1.0"})) == 1
    older = text.replace(">=1", "<1")
    assert deviations.read(older, "numpy", library_versions("numpy")) == ()


def test_every_bundled_recipe_of_an_architecture_has_a_source():
    rows = list(unsourced(shipped(), recipe_sources()))
    assert [row.scheme for row in rows if row.outcome != Outcome.PASS] == []
    assert [row for row in core_rows() if row.claim == "sourced"]
    assert not any("_default" in row.scheme for row in rows)


def test_no_two_sources_have_one_name():
    names = [(str(source), source.adapter) for source in recipe_sources()]
    assert len(set(names)) == len(names)


def test_an_adapter_that_cannot_build_a_source_fails():
    class Lacking(FaultyModel):
        def start_recipe(self, source, seed):
            raise RuntimeError("no such model")

    adapter = Lacking(FaultyStart(right))
    (row,) = take_step(rows_step("recipe", recipe_starts, adapter, SOURCE), adapter).rows
    assert (row.claim, row.outcome) == ("runs", Outcome.FAIL)


def test_the_report_has_a_line_for_each_source(monkeypatch):
    others = (SOURCE, replace(SOURCE, recipe="gpt2"), ABSENT)
    monkeypatch.setattr(listed, "recipe_sources", lambda: others)
    result = run(FaultyModel(FaultyStart(scaled(2))), only="recipe *")
    table = {
        line.scheme: str(line.cells[0])
        for line in lines(Verdict(runs=(result,), suite=(), compared=()))
    }
    assert table == {
        "recipe llama of fanwise Model a": "scale ✗ shape ✗",
        "recipe gpt2 of fanwise Model a": "scale ✗ shape ✗",
        "recipe llama of no-such-library Model a": "structure –",
    }


@pytest.mark.filterwarnings("ignore:enable_nested_tensor:UserWarning")
def test_a_source_may_judge_a_part_of_its_model():
    sizes = {"d_model": 4, "nhead": 2, "num_encoder_layers": 1, "num_decoder_layers": 1}
    source = RecipeSource(
        recipe="pytorch_transformer",
        adapter="torch",
        library="torch",
        model="Transformer",
        config={**sizes, "dim_feedforward": 4},
        only="**/linear*/*",
    )
    paths = [started.planned.weight.path for started in torch_starts(source, 0)]
    parts = {path.split("/")[-2] for path in paths}
    assert parts == {"linear1", "linear2"}
    whole = torch_starts(replace(source, only="**"), 0)
    assert len(whole) > len(paths) == 8
