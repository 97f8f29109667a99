"""The command line, as a user runs it."""

import json
import os
import subprocess
import sys

import pytest

import fanwise as package


def fanwise(*arguments):
    command = [sys.executable, "-m", "fanwise", *arguments]
    # The suite's mutants of the core are of the NumPy path.
    variables = {**os.environ, "FANWISE_FAST": "0"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=variables)


def test_schemes_lists_the_catalogue():
    done = fanwise("schemes")
    assert done.returncode == 0
    assert "kaiming_normal" in done.stdout


def test_the_version_is_told_with_that_of_the_specification():
    done = fanwise("--version")
    assert done.returncode == 0
    expected = f"fanwise {package.__version__}, specification {package.SPEC_VERSION}\n"
    assert done.stdout == expected


def test_an_unknown_adapter_is_one_clear_line(tmp_path):
    done = fanwise("conformance", "--adapter=trch", f"--output={tmp_path / 'x.json'}")
    assert done.returncode != 0
    assert "Did you mean 'torch'?" in done.stderr
    assert "Traceback" not in done.stderr


def assert_told_in_one_line(done, words):
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("fanwise: ")
    assert line.isprintable()


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
def test_what_are_no_results_is_told_in_one_line(tmp_path, name):
    content, words = ODD_FILES[name]
    file = tmp_path / "results.json"
    if content is not None:
        file.write_bytes(content)
    assert_told_in_one_line(fanwise("verdict", str(file)), words)


def test_an_output_that_cannot_be_written_is_found_before_the_work(tmp_path):
    done = fanwise("conformance", "--adapter=numpy", f"--output={tmp_path}")
    assert_told_in_one_line(done, "a file that can be written")
    assert done.stdout == ""
    for option in ("--json", "--html"):
        done = fanwise("verdict", str(tmp_path / "none.json"), f"{option}={tmp_path}")
        assert_told_in_one_line(done, "a file that can be written")


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
    words = f"This command needs {missing}: pip install 'fanwise[conformance]'."
    assert_told_in_one_line(done, words)


def test_a_pipe_that_nobody_reads_leaves_no_traceback():
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "fanwise", "schemes"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


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
def test_what_cannot_be_judged_apart_is_told_in_one_line(wrong, words):
    assert_told_in_one_line(fanwise("conformance", *wrong), words)


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


def test_runs_without_rows_fail(results, tmp_path):
    data = json.loads(results.read_text())
    for run in data["runs"]:
        run["rows"] = []
    empty = tmp_path / "empty.json"
    empty.write_text(json.dumps(data))
    done = fanwise("verdict", str(empty))
    assert done.returncode == 1
    assert "FAIL" in done.stdout
    assert "observed nothing, expected rows" in done.stdout


def test_names_in_results_are_shown_as_they_are_written(results, tmp_path):
    data = json.loads(results.read_text())
    name = "\x1b[2J[red]numpy[/]\u202e"
    data["runs"][0]["adapter"] = name
    for row in data["runs"][0]["rows"]:
        row["adapter"] = name
    data["runs"][0]["rows"][0] |= {"outcome": "fail", "scheme": f"a\n{name}", "note": name}
    odd = tmp_path / "odd.json"
    odd.write_text(json.dumps(data))
    done = fanwise("verdict", str(odd))
    assert done.returncode == 1
    assert r"\x1b[2J[red]numpy[/]\u202e" in done.stdout
    assert all(line.isprintable() for line in done.stdout.splitlines())
