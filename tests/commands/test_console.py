"""How wide a page is, when it is coloured, and JSON that every reader can read."""

import io
import json
import os
import pty
import subprocess
import sys
import termios

import pytest

from fanwise.commands import console as module
from fanwise.commands.console import console, facts_table, page_width, print_json, table


def on_terminal(*arguments, columns=60, **environment):
    """Run a command whose streams are a terminal, and return its status and what it shows."""
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (24, columns))
    left_out = ("COLUMNS", "NO_COLOR", "FORCE_COLOR")
    variables = {key: value for key, value in os.environ.items() if key not in left_out}
    process = subprocess.Popen(
        [sys.executable, "-m", "fanwise", *arguments],
        stdin=follower, stdout=follower, stderr=follower, close_fds=True,
        env={**variables, "TERM": "xterm", **environment},
    )  # fmt: skip
    os.close(follower)
    shown = b""
    try:
        while part := os.read(leader, 4096):
            shown += part
    except OSError:  # the end of a terminal that nobody has open
        pass
    os.close(leader)
    return process.wait(), shown.decode()


@pytest.mark.parametrize(
    ("columns", "width"),
    [(None, 80), ("60", 60), ("200", 200), ("", 80), ("0", 80), ("-5", 80), ("wide", 80),
     ("1e3", 80), ("9" * 5000, 80), ("3", 80), (" 70 ", 70)],
)  # fmt: skip
def test_a_pipe_is_as_wide_as_columns_says_if_that_is_sane(monkeypatch, columns, width):
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    assert page_width(io.StringIO()) == width


def test_a_closed_stream_has_a_width_too(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    stream = io.StringIO()
    stream.close()
    assert page_width(stream) == 80


def test_a_terminal_has_its_own_width_and_colours():
    status, shown = on_terminal("show", "he_normal", "--shape", "8,4", columns=50)
    assert status == 0
    assert "\x1b[" in shown
    lines = shown.replace("\x1b[0m", "").replace("\x1b[36m", "").replace("\x1b[1m", "").splitlines()
    assert max(len(line) for line in lines if "fanwise." not in line and "\x1b" not in line) <= 50
    assert on_terminal("schemes", columns=50, COLUMNS="200") == on_terminal("schemes", columns=50)


@pytest.mark.parametrize("setting", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_shows_no_colours_where_it_is_told_so(setting):
    for arguments in (["schemes", "he_*"], ["schemes", "-h"]):
        status, shown = on_terminal(*arguments, **setting)
        assert status == 0
        assert "\x1b" not in shown


def test_a_wrong_call_on_a_terminal_is_one_line():
    status, shown = on_terminal("shwo", columns=300)
    assert status == 2
    assert shown.startswith("fanwise: Expected a command.")
    assert len(shown.splitlines()) == 1


@pytest.mark.parametrize(
    ("settings", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "0"}, False),
     ({"FORCE_COLOR": ""}, False), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
     ({"FORCE_COLOR": "1", "NO_COLOR": ""}, True), ({"FORCE_COLOR": "1", "TERM": "dumb"}, True)],
)  # fmt: skip
def test_a_pipe_has_colours_where_they_are_asked_for(run, settings, coloured):
    done = run("show", "he_normal", "--shape", "8,4", **settings)
    assert ("\x1b[" in done.stdout) == coloured


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_table_breaks_what_is_too_wide_and_cuts_nothing(monkeypatch, capsys, width):
    monkeypatch.setenv("COLUMNS", str(width))
    words = ["a" * 70, "b" * 90, "[red]markup[/]"]
    lined = table("one", "two", "three")
    facts = facts_table()
    lined.add_row(*[word.replace("[", r"\[") for word in words])
    facts.add_row("label", "c" * 100)
    console().print(lined, facts)
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= width
    for letter, count in (("a", 70), ("b", 90), ("c", 100)):
        assert shown.count(letter) >= count
    assert "".join(shown.split()).count("…") == 0


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii"])
def test_json_is_read_back_whatever_the_encoding(monkeypatch, encoding):
    value = {"a": "σ ✓ é", "b": "\x1b[2J\u202e\x9b", "c": "\udcff", "d": [1.5, None, True]}
    stream = io.TextIOWrapper(io.BytesIO(), encoding, errors="strict")
    monkeypatch.setattr(sys, "stdout", stream)
    print_json(value)
    stream.flush()
    text = stream.buffer.getvalue().decode(encoding)
    assert json.loads(text) == {"format": 1, **value}
    assert all(line.isprintable() for line in text.splitlines())


def test_json_is_readable_where_it_can_be(capsys):
    print_json({"a": "σ"})
    assert '"σ"' in capsys.readouterr().out


def test_json_knows_no_numbers_that_are_none():
    with pytest.raises(ValueError, match="JSON"):
        print_json({"a": float("nan")})


def test_data_with_a_format_of_its_own_keep_it(capsys):
    print_json({"format": 3})
    assert json.loads(capsys.readouterr().out) == {"format": 3}


def test_a_terminal_without_a_size_is_as_wide_as_columns_says(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

        def fileno(self):
            return 0

    monkeypatch.setenv("COLUMNS", "66")
    monkeypatch.setattr(module.os, "get_terminal_size", lambda _: os.terminal_size((0, 0)))
    assert page_width(Terminal()) == 66
