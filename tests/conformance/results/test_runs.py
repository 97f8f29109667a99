"""What is written: results, verdicts, the page and the table."""

import html
import json
from dataclasses import replace
from importlib import resources

import jsonschema
import pytest

import fanwise
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.report.html import again, write_html
from fanwise.conformance.report.table import lines
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.results.runs import FORMAT, read_runs, write_runs
from fanwise.conformance.results.verdicts import write_verdict
from fanwise.conformance.run import run as run_adapter
from fanwise.conformance.verdict import verdict


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
    resources.files("fanwise.conformance.results").joinpath("results.schema.json").read_text()
)


def test_what_is_written_follows_its_schema(sound, suite, tmp_path):
    write_runs(tmp_path / "r.json", [sound, suite])
    write_verdict(tmp_path / "v.json", verdict([sound, replace(sound, adapter="other"), suite]))
    for name in ("r.json", "v.json"):
        data = json.loads((tmp_path / name).read_text())
        jsonschema.validate(data, SCHEMA)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**data, "format": FORMAT - 1}, SCHEMA)


def test_the_report_says_how_to_judge_a_row_again(sound, suite, tmp_path):
    rows = list(sound.rows)
    number = next(i for i, row in enumerate(rows) if row.claim == "variance")
    rows[number] = replace(rows[number], outcome=Outcome.FAIL)
    write_html(tmp_path / "r.html", verdict([replace(sound, rows=tuple(rows)), suite]))
    page = (tmp_path / "r.html").read_text()
    assert "FAIL" in page
    step = html.escape(rows[number].step)
    assert f"$ fanwise conformance --adapter numpy --only &#39;{step}&#39;" in page


class SecondColumn(NumpyAdapter):
    """One of several columns of an entry point."""

    name = "numpy-slow"
    entry = "numpy"
    environment = {"NUMPY_SPEED": "very slow"}  # noqa: RUF012


def test_a_row_is_judged_again_as_its_adapter_was_chosen(sound, suite, tmp_path):
    run = run_adapter(SecondColumn(), only="constants")
    write_runs(tmp_path / "r.json", [sound, run, suite])
    (_, run, _) = runs = read_runs(tmp_path / "r.json")
    assert again(run.rows[0], runs) == (
        "NUMPY_SPEED='very slow' fanwise conformance --adapter numpy --only constants"
    )
    assert again(sound.rows[0], runs).startswith("fanwise conformance --adapter numpy --only ")
    assert again(suite.rows[0], runs) == "fanwise mutants --first 77"


def test_a_row_about_several_runs_is_judged_again_by_a_verdict(sound, suite):
    judged = verdict([sound, replace(sound, adapter="other"), suite])
    assert {again(row, judged.runs) for row in judged.compared} == {"fanwise verdict RESULTS ..."}


def test_the_table_has_a_line_for_every_scheme(sound, suite):
    assert set(fanwise.schemes()) <= {line.scheme for line in lines(verdict([sound, suite]))}
