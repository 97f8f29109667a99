"""Commands, run as a user runs them: in this process, with the streams of a pipe."""

import subprocess
import sys

import pytest

from fanwise.__main__ import main
from fanwise.commands import progress

#: What says in the environment how a page looks.
LOOKS = ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "TERM")


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Nothing tells how far it is, however slow the machine: what does is tested by itself."""
    monkeypatch.setattr(progress, "_PATIENCE", 600.0)


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a command in an empty folder, with nothing said of how its pages are to look."""

    def run(*arguments, **environment):
        with monkeypatch.context() as patch:
            for name in LOOKS:
                patch.delenv(name, raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", ["fanwise", *map(str, arguments)])
            patch.setattr(sys, "path", sys.path[:])
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
        output = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, ended.value.code, output.out, output.err)

    return run


@pytest.fixture
def told(run):
    """Runs a wrong call, and returns the one line that says what is wrong with it."""

    def told(*arguments, **environment):
        done = run(*arguments, **environment)
        assert done.returncode == 2, done.stdout + done.stderr
        assert done.stdout == ""
        (line,) = done.stderr.splitlines()
        assert line.startswith("fanwise: ")
        assert line.isprintable()
        return line

    return told
