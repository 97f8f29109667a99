"""The command line, as a user runs it."""

import json
import os
import subprocess
import sys

import pytest


def fanwise(*arguments):
    command = [sys.executable, "-m", "fanwise", *arguments]
    # The suite's mutants of the core are of the NumPy path.
    variables = {**os.environ, "FANWISE_FAST": "0"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=variables)


def test_schemes_lists_the_catalogue():
    done = fanwise("schemes")
    assert done.returncode == 0
    assert "kaiming_normal" in done.stdout


def test_an_unknown_adapter_is_one_clear_line(tmp_path):
    done = fanwise("conformance", "--adapter=trch", f"--output={tmp_path / 'x.json'}")
    assert done.returncode != 0
    assert "Did you mean 'torch'?" in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_results_are_an_error(tmp_path):
    done = fanwise("verdict", str(tmp_path / "nothing.json"))
    assert done.returncode != 0
    assert "results of a conformance run" in done.stderr


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    path = tmp_path_factory.mktemp("results") / "numpy.json"
    done = fanwise("conformance", "--adapter=numpy", f"--output={path}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "mutants caught" in done.stdout
    return path


def test_a_conformance_run_ends_in_a_verdict(results, tmp_path):
    report, page = tmp_path / "v.json", tmp_path / "r.html"
    done = fanwise("verdict", str(results), f"--json={report}", f"--html={page}")
    assert done.returncode == 0
    assert "PASS" in done.stdout
    assert json.loads(report.read_text())["passed"] is True
    assert "<html" in page.read_text()


def test_a_failing_claim_ends_non_zero(results, tmp_path):
    data = json.loads(results.read_text())
    data["runs"][0]["rows"][0]["outcome"] = "fail"
    failing = tmp_path / "failing.json"
    failing.write_text(json.dumps(data))
    done = fanwise("verdict", str(failing))
    assert done.returncode == 1
    assert "FAIL" in done.stdout


def test_a_run_of_nothing_ends_non_zero(tmp_path):
    results = tmp_path / "n.json"
    results.write_text(json.dumps({"format": 1, "runs": []}))
    assert fanwise("verdict", str(results)).returncode != 0
