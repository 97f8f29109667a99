"""Progress: nothing for what is quick, and on the standard error alone."""

import time

import pytest

from fanwise.commands import progress as module
from fanwise.commands.progress import progress


@pytest.fixture
def hasty(monkeypatch):
    """Seconds are hundredths of them."""
    monkeypatch.setattr(module, "_PATIENCE", 0.02)
    monkeypatch.setattr(module, "_PAUSE", 0.1)


def test_what_is_quick_tells_nothing(capsys):
    with progress("work") as tick:
        tick(1, 2, "half")
    assert capsys.readouterr() == ("", "")


def test_what_takes_long_is_told_now_and_then(hasty, capsys):
    with progress("work") as tick:
        tick(1, 4, "a \x1b[2J step")
        time.sleep(0.6)
    output = capsys.readouterr()
    assert output.out == ""
    lines = output.err.splitlines()
    # At 0.02 s, 0.12, 0.22 and so on; a busy machine is late.
    assert 2 <= len(lines) <= 6
    assert lines[-1].startswith("work: 1/4 (")
    assert lines[-1].endswith(r"a \x1b[2J step")


def test_work_that_does_not_say_how_far_it_is_shows_its_time(hasty, capsys):
    with progress("work"):
        time.sleep(0.3)
    assert capsys.readouterr().err.splitlines()[0] == "work: (0 s)"


def test_an_error_of_the_work_ends_the_progress(hasty, capsys):
    with pytest.raises(ValueError, match="broken"), progress("work"):
        raise ValueError("broken")
    capsys.readouterr()
    time.sleep(0.2)
    assert capsys.readouterr().err == ""
