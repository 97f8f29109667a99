"""What a command writes never takes the place of what it reads, nor of another of its files."""

import errno
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from fanwise.conformance.results.files import write_text

SIGNS = "no other of the command's files"


@pytest.mark.parametrize("option", ["--html", "--json"])
def test_a_verdict_is_not_written_over_its_results(told, tmp_path, option):
    results = tmp_path / "results.json"
    results.write_text("{}")
    (tmp_path / "link.json").symlink_to(results)
    for name in ("results.json", "./results.json", "link.json"):
        assert SIGNS in told("verdict", "results.json", option, name)
    assert results.read_text() == "{}"


def test_an_audit_is_not_written_over_its_weights(told, tmp_path):
    np.savez(tmp_path / "w.npz", **{"0.weight": np.ones((4, 4))})
    before = (tmp_path / "w.npz").read_bytes()
    assert SIGNS in told("audit", "w.npz", "--html", "w.npz")
    assert (tmp_path / "w.npz").read_bytes() == before


def test_findings_are_not_written_over_the_code(told, tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    assert SIGNS in told("lint", "a.py", "--output", "a.py")
    assert (tmp_path / "a.py").read_text() == "x = 1\n"


def test_two_outputs_are_two_files(told, tmp_path):
    (tmp_path / "results.json").write_text("{}")
    assert SIGNS in told("verdict", "results.json", "--html", "z.out", "--json", "./z.out")
    assert [file.name for file in tmp_path.iterdir()] == ["results.json"]


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_a_plot_that_breaks_off_leaves_the_one_before(run, tmp_path, monkeypatch, suffix):
    (tmp_path / f"p{suffix}").write_text("mine")

    def breaks(*_arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pathlib.Path.replace", breaks)
    done = run("plot", "normal", "--shape", "8", "-o", f"p{suffix}", "--force")
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert (tmp_path / f"p{suffix}").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_leaves_the_file_before(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("mine")
    plain = type(path).open

    def full(self, mode="r", *arguments, **options):
        if mode == "xb":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return plain(self, mode, *arguments, **options)

    monkeypatch.setattr("pathlib.Path.open", full)
    with pytest.raises(ValueError, match="No space left on device"):
        write_text(path, "new")
    monkeypatch.undo()
    assert path.read_text() == "mine"


def in_shell(command, folder):
    line = command.replace("fanwise", f"{sys.executable} -m fanwise", 1)
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("fanwise schemes >&-", 0),
        ("fanwise sample normal --shape 4 >&-", 0),
        ("fanwise show nope --shape 4,4 2>&-", 2),
        ("fanwise show nope --shape 4,4 2>/dev/full", 2),
        ("fanwise lint - <&-", 2),
        ("LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 fanwise schemes", 0),
    ],
)
def test_a_stream_that_is_closed_or_full_leaves_no_traceback(tmp_path, command, status):
    done = in_shell(command, tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (status, False), done.stderr


FACTORIES = """
import os
import sys


def noisy():
    from torch import nn

    os.system("echo CHILD")
    os.write(1, b"RAW\\n")
    sys.__stdout__.write("BELOW\\n")
    return nn.Linear(3, 2)


class Ended(BaseException):
    pass


def ended():
    raise Ended("early")
"""


def test_json_comes_alone_whatever_writes_below_python(tmp_path):
    (tmp_path / "factories_of_noise.py").write_text(FACTORIES)
    done = in_shell("fanwise paths factories_of_noise.py:noisy --json", tmp_path)
    assert done.stdout.startswith("{"), done.stdout
    assert {"CHILD", "RAW", "BELOW"} <= set(done.stderr.split())


def test_a_function_that_ends_by_what_is_no_exception_is_told_in_one_line(told, tmp_path):
    (tmp_path / "factories_of_noise.py").write_text(FACTORIES)
    assert "Received: Ended: early." in told("paths", "factories_of_noise.py:ended")


@pytest.fixture
def read(tmp_path):
    """Files that commands read, by their names."""
    np.savez(tmp_path / "weights.npz", **{"up.weight": np.ones((8, 4), np.float32)})
    (tmp_path / "results.json").write_text(json.dumps({"format": 3, "runs": []}))
    (tmp_path / "source.py").write_text("import torch\n")
    os.link(tmp_path / "weights.npz", tmp_path / "other.npz")
    (tmp_path / "link.npz").symlink_to("weights.npz")
    return {path.name: path.read_bytes() for path in tmp_path.iterdir()}


@pytest.mark.parametrize(
    "call",
    [
        "audit weights.npz --html weights.npz",
        "audit weights.npz --json ./weights.npz",
        "audit link.npz --json weights.npz",
        "audit weights.npz --json other.npz",
        "audit weights.npz --html audit.html --json audit.html",
        "verdict results.json --html results.json",
        "verdict results.json --json results.json",
        "verdict results.json --html report.html --json report.html",
        "lint source.py --output source.py",
        "lint . --output source.py",
        "conformance --adapter numpy --output weights.npz",
    ],
)
def test_what_is_read_or_is_no_report_stays(told, read, tmp_path, call):
    assert "another file" in told(*call.split()).lower()
    assert {name: (tmp_path / name).read_bytes() for name in read} == read


def test_a_report_of_before_is_written_over(run, read, tmp_path):
    for _ in range(2):
        done = run("audit", "weights.npz", "--html", "audit.html", "--json", "audit.json")
        assert done.returncode in (0, 1), done.stderr
    assert json.loads((tmp_path / "audit.json").read_text())["rows"]
