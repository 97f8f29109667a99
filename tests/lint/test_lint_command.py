"""The command `fanwise lint`: what it writes, and how it ends."""

import json
import os
import subprocess
import sys

import pytest

UNCUT = "from torch import nn\nnn.init.trunc_normal_(w, std=0.02)\n"


def run_lint(*arguments, cwd, text=None):
    return subprocess.run(
        [sys.executable, "-m", "fanwise", "lint", *map(str, arguments)],
        capture_output=True,
        input=text,
        cwd=cwd,
        check=False,
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "model.py").write_text(UNCUT)
    (tmp_path / "fine.py").write_text("x = 1\n")
    return tmp_path


def test_findings_are_told_with_what_to_write_instead(folder):
    done = run_lint(".", cwd=folder)
    assert done.returncode == 1
    place, fix, count = done.stdout.decode().splitlines()
    assert place.startswith("model.py:2:1: FW101 The bounds of trunc_normal_ are absolute")
    assert "a=-2 * std" in fix
    assert count == "1 finding."


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["fine.py"], 0),
        (["model.py"], 1),
        (["model.py", "--exit-zero"], 0),
        (["model.py", "--ignore=FW101"], 0),
        (["model.py", "--select=FW2,FW3"], 0),
        (["model.py", "--select=FW2", "--select=FW1"], 1),
        ([".", "--exclude=[mpb]*.py"], 0),
        (["nothing.py"], 2),
        (["fine.py", "--select=E5"], 2),
        (["fine.py", "--format=xml"], 2),
        ([], 2),
        (["pipe.py"], 2),
        (["pipe.py", "--exit-zero"], 2),
        (["broken.py"], 1),
    ],
)
def test_the_exit_status_says_what_was_found(folder, arguments, status):
    os.mkfifo(folder / "pipe.py")
    (folder / "broken.py").write_text("def f(:\n")
    done = run_lint(*arguments, cwd=folder)
    assert done.returncode == status, done.stderr
    assert b"Traceback" not in done.stderr


def test_the_standard_input_is_read(folder):
    done = run_lint("-", "--stdin-filename=there.py", cwd=folder, text=UNCUT.encode())
    assert done.returncode == 1
    assert done.stdout.startswith(b"there.py:2:1: FW101")


def test_codes_are_chosen_on_the_standard_input_too(folder):
    assert run_lint("-", "--ignore=FW1", cwd=folder, text=UNCUT.encode()).returncode == 0


def test_json_has_every_field(folder):
    done = run_lint(".", "--format=json", cwd=folder)
    (row,) = json.loads(done.stdout)
    assert row["path"] == "model.py"
    assert (row["line"], row["column"], row["end_line"], row["end_column"]) == (2, 1, 2, 35)
    assert row["code"] == "FW101"
    assert row["name"] == "bounds-beyond-truncation"
    assert row["message"]
    assert row["fix"]


def test_nothing_found_is_an_empty_list(folder):
    assert json.loads(run_lint("fine.py", "--format=json", cwd=folder).stdout) == []


def test_sarif_names_rules_and_places(folder):
    odd = folder / "a b%é.py"
    odd.write_text(UNCUT)
    done = run_lint(odd, "model.py", "--format=sarif", "--output=out.sarif", cwd=folder)
    assert done.returncode == 1
    assert done.stdout == b""
    log = json.loads((folder / "out.sarif").read_text())
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    addresses = []
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "FW101"
        (location,) = result["locations"]
        addresses.append(location["physicalLocation"]["artifactLocation"])
        region = location["physicalLocation"]["region"]
        assert region == {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 35}
    assert addresses == [
        {"uri": "a%20b%25%C3%A9.py", "uriBaseId": "%SRCROOT%"},
        {"uri": "model.py", "uriBaseId": "%SRCROOT%"},
    ]


def test_what_lies_elsewhere_has_a_whole_address(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "m.py"
    elsewhere.write_text(UNCUT)
    log = json.loads(run_lint(elsewhere, "--format=sarif", cwd=folder).stdout)
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": elsewhere.as_uri()}


def test_no_escape_reaches_the_terminal(folder):
    (folder / "a\x1b[2J\nb.py").write_text(UNCUT)
    (folder / os.fsdecode(b"\xff.py")).write_text(UNCUT)
    done = run_lint(".", cwd=folder)
    assert b"\x1b" not in done.stdout
    assert rb"a\x1b[2J\nb.py:2:1: FW101" in done.stdout
    assert b"Traceback" not in done.stderr
    for form in ("json", "sarif"):
        assert json.loads(run_lint(".", f"--format={form}", cwd=folder).stdout)


def test_a_file_that_cannot_be_written_is_told_first(folder):
    done = run_lint("model.py", "--output=/proc/x/y.json", cwd=folder)
    assert done.returncode == 2
    assert done.stdout == b""
