"""What is written: results, verdicts, the page and the table."""

import json
from dataclasses import replace
from importlib import resources

import jsonschema
import pytest

import fanwise
from fanwise.conformance.report.html import write_html
from fanwise.conformance.results.runs import FORMAT, read_runs, write_runs
from fanwise.conformance.results.verdicts import write_verdict
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
