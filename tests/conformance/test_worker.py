"""The process that judges one adapter: what it writes, and where."""

import json
import subprocess
import sys

from fanwise.conformance import worker
from fanwise.conformance.results.runs import read_runs


def work(*arguments):
    command = [sys.executable, "-m", worker.__name__, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_lines_tell_how_far_it_is_and_the_file_has_the_run(tmp_path):
    done = work("numpy", tmp_path / "r.json", "constants")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["title"] for line in lines] == ["constants", "done"]
    (run,) = read_runs(tmp_path / "r.json")
    assert (run.adapter, run.quick, done.returncode) == ("numpy", False, 0)


def test_what_is_refused_is_said_in_a_line(tmp_path):
    done = work("nump", tmp_path / "r.json", "*")
    (line,) = map(json.loads, done.stdout.splitlines())
    assert line["error"][:2] == ["a registered adapter", "'nump'"]
    assert done.returncode == worker._REFUSED
    assert not (tmp_path / "r.json").exists()


def test_what_is_printed_meanwhile_is_no_line_of_results(tmp_path):
    code = f"""
import sys
from fanwise.conformance import run, worker
judge = worker.run_named
def loud(*arguments, **how):
    print("a framework says hello")
    return judge(*arguments, **how)
worker.run_named = loud
sys.argv = ["worker", "numpy", {str(tmp_path / "r.json")!r}, "constants"]
worker.main()
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert all(json.loads(line) for line in done.stdout.splitlines())
    assert "a framework says hello" in done.stderr
