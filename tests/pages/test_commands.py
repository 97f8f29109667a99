"""Commands that pages name, and do not run, are commands that there are."""

import re

import pytest
from typer.main import get_command

from fanwise.__main__ import app
from pages.places import PAGES, ROOT

TEXTS = {page: (ROOT / page).read_text("utf-8") for page in PAGES}
#: What defines sessions.
NOXFILE = "".join(file.read_text("utf-8") for file in sorted(ROOT.glob("*.py")))


def commands(text):
    return re.findall(r"`fanwise ((?!-)[^`]+)`", text)


def sessions(text):
    calls = re.findall(r"\bnox -s ([^`\n#]+)", text)
    return [word.strip('",.') for call in calls for word in call.split(" -- ")[0].split()]


def unknown_words(call):
    name, *_ = call.split()
    command = get_command(app).commands.get(name)
    if command is None:
        return {name}
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    return set(re.findall(r"(?<= )-{1,2}[a-z][a-z-]*", call)) - known


def is_session(name):
    return re.search(rf"^def {name.split('(')[0]}\(session", NOXFILE, re.MULTILINE) is not None


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_on_a_page_are_some_and_have_their_options(page):
    for call in commands(TEXTS[page]):
        assert not unknown_words(call), call


@pytest.mark.parametrize("page", PAGES)
def test_the_sessions_on_a_page_are_those_of_the_noxfile(page):
    for session in sessions(TEXTS[page]):
        assert is_session(session), session


def test_a_command_without_its_option_is_told():
    assert commands("| `fanwise audit a.pt --json b --jsn c` |") == ["audit a.pt --json b --jsn c"]
    assert unknown_words("audit a.pt --json b --jsn c") == {"--jsn"}
    assert unknown_words("adit a.pt") == {"adit"}


def test_a_session_that_is_none_is_told():
    assert sessions('pip install nox && nox -s tests "lowest(jax)" -- --quick') == [
        "tests",
        "lowest(jax)",
    ]
    assert is_session("lowest(jax)")
    assert not is_session("test")
