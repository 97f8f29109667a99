"""``fanwise conformance`` and ``fanwise verdict``: from an adapter to a verdict."""

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


def test_an_unknown_adapter_is_one_clear_line(told):
    assert "Did you mean 'torch'?" in told("conformance", "--adapter=trch", "--output=x.json")


ODD_FILES = {
    "nothing there": (None, "in a file that can be read"),
    "a list": (b"[1, 2]", "a table as the results of a conformance run"),
    "an old form": (b'{"format": 2, "runs": []}', "Run the conformance again"),
    "a newer form": (b'{"format": 9}', "pip install -U fanwise"),
    "no runs": (b'{"format": 3, "runs": []}', "one run for each adapter"),
    "no JSON": (b"format", "as JSON"),
    "no text": (b"\xff\xfe\x00", "Store it as UTF-8"),
    "deep": (b'{"x":' * 100_000, "nested too deeply"),
    "escapes": (b'{"format": 3, "runs": [], "\\u001b[2J[red]": 1}', r"\x1b[2J[red]"),
}


@pytest.mark.parametrize("name", ODD_FILES)
def test_what_are_no_results_is_told_in_one_line(told, tmp_path, name):
    content, words = ODD_FILES[name]
    file = tmp_path / "results.json"
    if content is not None:
        file.write_bytes(content)
    assert words in told("verdict", file)


def test_an_output_that_cannot_be_written_is_found_before_the_work(told, tmp_path):
    line = told("conformance", "--adapter=numpy", f"--output={tmp_path}")
    assert "a file that can be written" in line
    for option in ("--json", "--html"):
        assert "a file that can be written" in told("verdict", "none.json", f"{option}={tmp_path}")


#: What each command needs beyond the extra ``cli``.
NEEDS = {
    "conformance --adapter=numpy": "scipy",
    "mutants": "scipy",
    "calibration": "scipy",
    "verdict x.json": "scipy",
    "verdict x.json --html=x.html": "jinja2",
}


@pytest.mark.parametrize("command", NEEDS)
def test_a_command_without_its_extra_names_it(command):
    missing = NEEDS[command]
    code = f"""
import sys
sys.modules[{missing!r}] = None
sys.argv = ["fanwise", *{command.split()!r}]
from fanwise.__main__ import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    words = f"fanwise: This command needs {missing}: pip install 'fanwise[conformance]'.\n"
    assert done.stderr == words


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    path = tmp_path_factory.mktemp("results") / "numpy.json"
    done = fanwise("conformance", "--adapter=numpy", "--jobs=2", "--quick", f"--output={path}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "mutants caught" in done.stdout
    return path


def test_variables_before_a_name_choose_the_form_of_an_adapter(tmp_path):
    named = "--adapter=FANWISE_FAST=0 numpy"
    done = fanwise("conformance", named, "--only=constants", "--json", f"-o{tmp_path / 'r.json'}")
    assert done.returncode == 0, done.stderr
    (run,) = json.loads(done.stdout)["runs"]
    assert (run["adapter"], {row["step"] for row in run["rows"]}) == ("numpy", {"constants"})
    assert done.stderr.startswith("FANWISE_FAST=0 numpy: 0/1 constants\n")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (["--adapter=KERAS_BACKEND numpy"], "Write variables before the name"),
        (["--adapter=A=b nump"], "Did you mean 'numpy'?"),
        (["--adapter=numpy", "--jobs=2", "--only=lorum"], "a pattern of a step's title"),
    ],
)
def test_what_cannot_be_judged_apart_is_told_in_one_line(told, wrong, words):
    assert words in told("conformance", *wrong)


@pytest.mark.slow
def test_a_conformance_run_ends_in_a_verdict(run, results, tmp_path):
    report, page = tmp_path / "v.json", tmp_path / "r.html"
    done = run("verdict", str(results), f"--json={report}", f"--html={page}")
    assert done.returncode == 0
    assert "PASS" in done.stdout
    assert json.loads(report.read_text())["passed"] is True
    assert "<html" in page.read_text()


@pytest.mark.slow
def test_a_failing_claim_ends_non_zero(run, results, tmp_path):
    data = json.loads(results.read_text())
    data["runs"][0]["rows"][0]["outcome"] = "fail"
    failing = tmp_path / "failing.json"
    failing.write_text(json.dumps(data))
    done = run("verdict", str(failing))
    assert done.returncode == 1
    assert "FAIL" in done.stdout


@pytest.mark.slow
def test_runs_without_rows_fail(run, results, tmp_path):
    data = json.loads(results.read_text())
    for judged in data["runs"]:
        judged["rows"] = []
    empty = tmp_path / "empty.json"
    empty.write_text(json.dumps(data))
    done = run("verdict", str(empty), COLUMNS="200")
    assert done.returncode == 1
    assert "FAIL" in done.stdout
    assert "observed nothing, expected rows" in " ".join(done.stdout.split())


@pytest.mark.slow
def test_names_in_results_are_shown_as_they_are_written(run, results, tmp_path):
    data = json.loads(results.read_text())
    name = "\x1b[2J[red]numpy[/]\u202e"
    data["runs"][0]["adapter"] = name
    for row in data["runs"][0]["rows"]:
        row["adapter"] = name
    data["runs"][0]["rows"][0] |= {"outcome": "fail", "scheme": f"a\n{name}", "note": name}
    odd = tmp_path / "odd.json"
    odd.write_text(json.dumps(data))
    done = run("verdict", str(odd))
    assert done.returncode == 1
    assert r"\x1b[2J[red]numpy[/]\u202e" in done.stdout
    assert all(line.isprintable() for line in done.stdout.splitlines())


def test_an_adapter_of_a_file_is_judged_up_to_a_report_that_says_how(tmp_path):
    source = "from fanwise.adapters.numpy import NumpyAdapter\n\n\nclass Mine(NumpyAdapter):\n"
    (tmp_path / "mine.py").write_text(source + '    name = "mine"\n')
    name, results = f"{tmp_path}/mine.py:Mine", tmp_path / "results.json"
    done = fanwise("conformance", "--adapter", name, "--only=constants", "--output", str(results))
    assert done.returncode == 0, done.stderr
    (run,) = json.loads(results.read_text())["runs"]
    assert (run["adapter"], run["entry"]) == ("mine", name)
    apart = fanwise("conformance", "--adapter", f"A=1 {name}", "--only=constants", "--json")
    assert json.loads(apart.stdout)["runs"][0]["entry"] == name
