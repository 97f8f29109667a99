"""What the tests of the page share: a page as a browser reads it, and runs that fill it."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from fanwise.adapters.engines import Engine
from fanwise.conformance.results.densities import densities_of
from fanwise.conformance.results.rows import Origin, Outcome
from fanwise.conformance.verdict import verdict
from fanwise.core import sample
from fanwise.spec.registry import scheme

VOID = {"meta", "br", "input", "path", "polygon", "rect", "use", "hr", "link"}
#: Whose ends may be left out.
OPTIONAL = {"tr", "td", "th", "tbody", "thead", "tfoot", "option", "li", "p", "dt", "dd"}


class ParsedPage(HTMLParser):
    """The tags, the links and the text of a page; an element that is not closed is an error."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self._open = [], [], []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), (tag, attrs)
        if tag not in VOID | OPTIONAL:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID | OPTIONAL:
            assert self._open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def ids(self):
        return [attrs["id"] for _, attrs in self.tags if "id" in attrs]

    @property
    def links(self):
        return [attrs["href"] for tag, attrs in self.tags if tag == "a"]

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="session")
def parse():
    return ParsedPage


def own_densities(kernel, stored, name):
    values = sample(name, kernel, seed=1)
    (density,) = densities_of(
        values.reshape(stored),
        scheme(name),
        engine=Origin.OWN,
        call=f"library.{name}_",
        kind="dense",
        kernel=kernel,
    )
    return density


@pytest.fixture(scope="session")
def other(sound):
    """A second framework: it stores its weights the other way round, and deviates."""
    rows = list(sound.rows)
    number = next(i for i, row in enumerate(rows) if row.claim == "variance")
    rows[number] = rows[number].marked(Outcome.DEVIATION, "so it is (https://example.org/why)")
    own = (
        own_densities((256, 512), (512, 256), "kaiming_normal"),
        own_densities((64, 2000), (2000, 64), "he_normal"),
    )
    native = replace(own_densities((512, 256), (256, 512), "he_normal"), engine=Engine.NATIVE)
    renamed = tuple(replace(row, adapter="other") for row in rows)
    return replace(sound, adapter="other", rows=renamed, densities=(*own, native))


@pytest.fixture(scope="session")
def judged(sound, other, suite):
    return verdict([sound, other, suite])
