"""Every public name is described, with its signature and an example."""

import inspect
import re
from functools import cache

import pytest

from pages.places import ROOT, site_module

names = site_module("public_names")
reference = site_module("reference_texts")
#: What a description of a function begins with.
VERBS = {
    *("Count", "Draw", "Fill", "Find", "Get", "Judge", "List", "Look", "Make", "Read", "Return"),
    *("Run", "Sample", "Say", "Set", "Start"),
}
PUBLIC = [(door, name) for door in names.DOORS for name in names.public(door)]
OURS = [
    (door, name)
    for door, name in PUBLIC
    if names.is_ours(value := names.value_of(door, name)) and not isinstance(value, str)
]
#: What a program makes itself, of those that are described: not what Fanwise warns of.
CALLED = [
    (door, name)
    for door, name in OURS
    if not isinstance(value := names.value_of(door, name), type) or not issubclass(value, Warning)
]


@cache
def html(page):
    return (ROOT / "results/site/reference" / page).read_text("utf-8")


def description(page, anchor):
    """The HTML from a heading, or a name in the text, to the next heading."""
    _before, *others = re.split(rf'id="{re.escape(anchor)}"', html(page))
    assert len(others) == 1, f"{anchor} is on {page} {len(others)} times"
    return re.split(r"<h[23] ", others[0])[0]


def page_of(door, name):
    return "errors.html" if names.is_raised(names.value_of(door, name)) else f"{door}.html"


def test_the_doors_are_those_of_the_design_and_say_their_names():
    assert set(names.DOORS) == {"fanwise", "fanwise.torch", "fanwise.keras", "fanwise.jax"}
    for door in ("fanwise.torch", "fanwise.keras", "fanwise.jax"):
        module = names.importlib.import_module(door)
        assert set(names.public(door)) == {name for name in module.__all__ if name[0] != "_"}


@pytest.mark.parametrize(("door", "name"), PUBLIC)
def test_a_public_name_is_on_a_page_once(door, name):
    assert description(page_of(door, name), f"{door}.{name}")


@pytest.mark.parametrize(
    ("door", "name"),
    [(door, name) for door, name in CALLED if names.main_names(door)[name] == name],
)
def test_a_public_name_shows_its_signature_and_its_example(door, name):
    text = description(page_of(door, name), f"{door}.{name}")
    assert "doc-signature" in text
    assert "&gt;&gt;&gt;" in text


@pytest.mark.parametrize(("door", "name"), OURS)
def test_a_docstring_begins_with_what_the_function_does(door, name):
    value = names.value_of(door, name)
    docstring = inspect.getdoc(value)
    assert docstring
    if not isinstance(value, type):
        assert docstring.split()[0].rstrip(",.") in VERBS, docstring.partition("\n")[0]


@pytest.mark.parametrize("page", reference.TYPES)
def test_what_functions_return_is_described(page):
    for path in reference.TYPES[page][2]:
        assert description(f"{page}.html", path)


@pytest.mark.parametrize(("door", "name"), CALLED)
def test_the_arguments_that_a_docstring_names_are_those_of_the_signature(door, name):
    value = names.value_of(door, name)
    docstring = inspect.getdoc(value)
    section = re.search(r"^Args:\n((?:    .*\n|\n)+)", docstring + "\n", re.MULTILINE)
    if section is None:
        return
    told = re.findall(r"^    (?! )([*\w, ]+):", section[1], re.MULTILINE)
    taken = set(inspect.signature(value).parameters)
    assert {word.strip(" *") for words in told for word in words.split(",")} <= taken


def test_every_command_has_its_help():
    from typer.main import get_command

    from fanwise.__main__ import app

    for name in get_command(app).commands:
        text = description("command_line.html", f"fanwise-{name}")
        assert "--help" in text
