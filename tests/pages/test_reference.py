"""Every public name is described, with its signature and an example."""

import re
from functools import cache

import pytest

from pages.places import ROOT, site_module

names = site_module("public_names")
reference = site_module("reference_texts")
PUBLIC = [(door, name) for door in names.DOORS for name in names.public(door)]


def is_described(door, name):
    """Whether a name is Fanwise's, and called: no warning, no number, no old name of torch's."""
    value = names.value_of(door, name)
    is_warning = isinstance(value, type) and issubclass(value, Warning)
    is_old = names.heading(door, name) == names.DEPRECATED
    return names.is_ours(value) and not (isinstance(value, str) or is_warning or is_old)


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
    [
        (door, name)
        for door, name in PUBLIC
        if is_described(door, name) and names.main_names(door)[name] == name
    ],
)
def test_a_public_name_shows_its_signature_and_its_example(door, name):
    text = description(page_of(door, name), f"{door}.{name}")
    assert "doc-signature" in text
    assert "&gt;&gt;&gt;" in text


@pytest.mark.parametrize("page", reference.TYPES)
def test_what_functions_return_is_described(page):
    for path in reference.TYPES[page][2]:
        assert description(f"{page}.html", path)


def test_parameters_that_share_a_line_have_rows_of_their_own():
    text = description("fanwise.keras.html", "fanwise.keras.HeNormal")
    rows = re.findall(r"<tr.*?</tr>", text, re.DOTALL)
    (row,) = (row for row in rows if "<code>path</code>" in row)
    assert "required" not in row
    assert "<code>str | None</code>" in re.sub(r"</?(span|a)[^>]*>", "", row)


def test_every_command_has_its_help():
    from typer.main import get_command

    from fanwise.__main__ import app

    for name in get_command(app).commands:
        text = description("command_line.html", f"fanwise-{name}")
        assert "--help" in text
        calls = text.split("For example")[1].split("</pre>")[0]
        assert f"$ fanwise {name}" in re.sub(r"<[^>]*>", "", calls)
