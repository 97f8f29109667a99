"""The report as a page: what failed, and how to judge it again."""

import html
from dataclasses import replace

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.report.html import again, write_html
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.results.runs import read_runs, write_runs
from fanwise.conformance.run import run as run_adapter
from fanwise.conformance.verdict import verdict


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
