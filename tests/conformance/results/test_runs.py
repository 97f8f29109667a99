"""What is written: results, verdicts, the page and the table."""

import json
from dataclasses import replace
from importlib import resources

import jsonschema
import pytest

import fanwise
from fanwise.conformance.report.html import write_html
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.results.runs import FORMAT, read_runs, write_runs
from fanwise.conformance.results.verdicts import write_verdict
from fanwise.conformance.verdict import verdict

pytestmark = pytest.mark.slow


def test_results_survive_json(sound, tmp_path):
    write_runs(tmp_path / "numpy.json", [sound])
    assert read_runs(tmp_path / "numpy.json") == (sound,)
    with pytest.raises(fanwise.FanwiseError, match="results of a conformance run"):
        read_runs(tmp_path / "missing.json")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"format": 0}', "Run the conformance again"),
        (
            '{"format": 2, "runs": []}',
            "results of format 3. Received: 2. Run the conformance again",
        ),
        ('{"format": 4, "groups": []}', "A newer Fanwise wrote it"),
        ('{"format": true, "runs": []}', "3 as format"),
        ('{"format": 3}', "the key 'runs'"),
        ('{"format": 3, "runs": [3]}', "a table as runs 1"),
        ("[1, 2]", "a table as the results"),
        ("{}", "the key 'format'"),
        ("null", "a table as the results"),
        ("NaN", "NaN is not a JSON number"),
        ("[" * 3000, "as JSON"),
        ('{"x":' * 100_000, "nested too deeply"),
        ("9" * 5000, "as JSON"),
        ("", "no text"),
    ],
)
def test_what_are_no_results(tmp_path, text, message):
    (tmp_path / "odd.json").write_text(text)
    with pytest.raises(fanwise.FanwiseError, match=message):
        read_runs(tmp_path / "odd.json")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"adapter": 3}, "text as 'adapter' of runs 1"),
        ({"rows": {}}, "a list as 'rows' of runs 1"),
        ({"rows": [{"adapter": "x"}]}, "the key 'engine' in entry 1 of 'rows' of runs 1"),
        ({"versions": {"torch": 2}}, "text as 'torch' of 'versions' of runs 1"),
        ({"digests": {"a": "b"}}, "'a' of 'digests'"),
        ({"seconds": True}, "a finite number"),
        ({"devices": "cpu"}, "a list as 'devices' of runs 1"),
        ({"row": []}, "Did you mean 'rows'"),
        ({"spec": "one"}, "'spec' of runs 1"),
    ],
)
def test_an_entry_of_another_type_is_told_with_its_place(sound, tmp_path, change, message):
    write_runs(tmp_path / "r.json", [sound])
    data = json.loads((tmp_path / "r.json").read_text())
    data["runs"][0].update(change)
    (tmp_path / "r.json").write_text(json.dumps(data))
    with pytest.raises(fanwise.FanwiseError, match=message):
        read_runs(tmp_path / "r.json")


def test_a_histogram_of_nothing_is_refused(sound, tmp_path):
    empty = replace(sound.histograms[0], counts=(0, 0))
    write_runs(tmp_path / "r.json", [replace(sound, histograms=(empty,))])
    with pytest.raises(fanwise.FanwiseError, match="a histogram of some elements"):
        read_runs(tmp_path / "r.json")


def test_both_versions_are_in_what_is_written(sound, suite, tmp_path):
    assert (sound.fanwise, sound.spec) == (fanwise.__version__, fanwise.SPEC_VERSION)
    write_verdict(tmp_path / "v.json", verdict([sound, suite]))
    data = json.loads((tmp_path / "v.json").read_text())
    assert (data["fanwise"], data["spec"]) == (fanwise.__version__, fanwise.SPEC_VERSION)
    write_html(tmp_path / "r.html", verdict([sound, suite]))
    page = (tmp_path / "r.html").read_text()
    assert f"Fanwise <b>{fanwise.__version__}</b>" in page
    assert f"specification <b>{fanwise.SPEC_VERSION}</b>" in page


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


def test_a_run_says_whether_it_passed_and_what_failed(sound):
    assert sound.passed
    held = f"{sum(row.outcome == 'pass' for row in sound.rows)} of {len(sound.rows)}"
    assert str(sound) == f"PASS: {sound.adapter}, {held} claims hold"
    wrong = sound.rows[0].marked(Outcome.FAIL, "by hand")
    failed = replace(sound, rows=(wrong, *sound.rows[1:]))
    assert not failed.passed
    assert str(failed).splitlines()[0].startswith("FAIL: ")
    assert str(failed).splitlines()[1:] == [str(wrong)]
