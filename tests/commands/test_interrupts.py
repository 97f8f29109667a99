"""An interrupt ends any command with one line, and leaves no half of a file."""

import subprocess
import sys

import pytest

from fanwise.commands import audits
from fanwise.conformance.results.files import write_text

#: What sends a process the signal of Ctrl-C a while after all is imported.
STOP = """
import os, signal, sys, threading
from fanwise.__main__ import main

# Python leaves the signal alone where a shell runs it in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
threading.Timer({seconds}, os.kill, (os.getpid(), signal.{signal})).start()
sys.argv = ["fanwise", *{arguments!r}]
main()
"""
SLOW = """
import time

def build():
    time.sleep(600)
"""
LONG = {
    "calibration": ("calibration",),
    "mutants": ("mutants", "--first", "0"),
    "conformance": ("conformance", "--adapter", "numpy", "-o", "out.json"),
    "paths": ("paths", "slow.py:build"),
    "plan": ("plan", "slow.py:build", "torch_default"),
    "capture": ("capture", "slow.py:build", "-o", "out.toml"),
    "audit": ("audit", "none.npz", "--model", "slow.py:build", "--json", "out.json"),
}


@pytest.mark.parametrize("name", LONG)
def test_an_interrupt_ends_a_command_with_one_line(tmp_path, name):
    (tmp_path / "slow.py").write_text(SLOW)
    code = STOP.format(seconds=1, arguments=LONG[name], signal="SIGINT")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 130, done.stderr
    assert done.stderr.splitlines()[-1:] == ["fanwise: Stopped."]
    assert "Traceback" not in done.stderr
    assert {file.name for file in tmp_path.iterdir()} <= {"slow.py", "__pycache__"}


def test_a_request_to_end_leaves_no_half_of_a_weight(tmp_path):
    arguments = ("sample", "normal", "--shape", "65536,16384", "-o", "w.npy")
    code = STOP.format(seconds=1.5, arguments=arguments, signal="SIGTERM")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 143, done.stderr
    assert done.stderr.splitlines()[-1:] == ["fanwise: Stopped."]
    assert not list(tmp_path.iterdir())


def test_an_interrupt_while_a_file_is_written_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    path.write_text("old")

    def stopped(*_arguments):
        raise KeyboardInterrupt

    for name in ("replace", "chmod"):
        with monkeypatch.context() as patch:
            patch.setattr(f"pathlib.Path.{name}", stopped)
            patch.setattr("shutil.copymode", stopped)
            with pytest.raises(KeyboardInterrupt):
                write_text(path, "new")
        assert path.read_text() == "old"
        assert [file.name for file in tmp_path.iterdir()] == ["a.json"]
    write_text(path, "new")
    assert path.read_text() == "new"


def test_a_file_that_is_replaced_keeps_its_mode_and_a_link_stays_one(tmp_path):
    path, link = tmp_path / "a.json", tmp_path / "link.json"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    write_text(link, "new")
    assert link.is_symlink()
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_an_interrupt_ends_a_command_that_runs_in_this_process(run, tmp_path, monkeypatch):
    def stopped(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(audits, "factory_of", stopped)
    done = run("capture", "a:b", "-o", "new.toml")
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.strip() == "fanwise: Stopped."
    assert list(tmp_path.iterdir()) == []
