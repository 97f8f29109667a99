"""What all pages share."""

import sys

import pytest
from jinja2 import UndefinedError

from fanwise.conformance.report import pages
from fanwise.conformance.report.pages import page, shown_text


def test_a_word_that_the_legend_lacks_is_an_error():
    from fanwise.conformance.report.pages import _legend

    link = _legend("audit")["word"]
    assert str(link("n")).startswith('<a class="word" href="#w')
    assert str(link("claim", "claims <b>")).endswith(">claims &lt;b&gt;</a>")
    with pytest.raises(KeyError, match="mutant"):
        link("mutant")


def test_a_value_that_a_template_lacks_is_an_error():
    with pytest.raises(UndefinedError):
        page("fanwise.conformance.report", "report.html", "conformance")


def test_what_turns_a_line_around_is_written_as_its_escape():
    assert shown_text("a\u202eb\x00") == "a\\u202eb\\x00"
    assert shown_text(ValueError("\x1b[2J")) == "\\x1b[2J"
    assert shown_text(3) == "3"


@pytest.mark.parametrize("name", ["style.css", "plots.css", "filter.js"])
def test_a_part_of_a_page_ends_no_element_and_loads_nothing(name):
    part = pages._part(name)
    assert "</" not in part.text
    assert not any(word in part.text for word in ("url(", "@import", "http", "fetch("))


def test_jinja_that_is_missing_is_named_with_what_brings_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "fanwise\[conformance\]"'):
        page("fanwise.conformance.report", "report.html", "conformance")
