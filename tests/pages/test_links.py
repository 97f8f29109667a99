"""Links lead somewhere, and the site loads nothing from the network."""

import pytest

from pages.links import heading_anchors, is_well_formed, markdown_faults, site_faults
from pages.places import PAGES, ROOT

SITE = ROOT / "results" / "site"


@pytest.mark.parametrize("page", PAGES)
def test_the_links_of_a_page_lead_somewhere_on_github(page):
    assert list(markdown_faults(ROOT, page)) == []


def test_the_site_links_to_what_it_has_and_loads_nothing_else():
    assert (SITE / "index.html").is_file(), "Build it first: mkdocs build"
    assert list(site_faults(SITE, "/fanwise/")) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a](other.md)", None),
        ("[a](other.md#a-heading-of-it)", None),
        ("[a](#here)\n\n## Here", None),
        ("`[a](none.md)`", None),
        ("```\n[a](none.md)\n```", None),
        ("[a](https://example.org/a_(b))", None),
        ("[a](none.md)", "a.md: none.md is not there"),
        ("![a](none.svg)", "a.md: none.svg is not there"),
        ("[`a`](none.md), `b`", "a.md: none.md is not there"),
        ("[a](other.md#heading)", "a.md: other.md#heading: no such heading"),
        ("[a](#there)\n\n## Here", "a.md: #there: no such heading"),
        ("[a](http://example.org)", "a.md: http://example.org is no address of https"),
        ("[a](https://example)", "a.md: https://example is no address of https"),
    ],
)
def test_a_link_that_leads_nowhere_is_told(text, said, tmp_path):
    (tmp_path / "a.md").write_text(text)
    (tmp_path / "other.md").write_text("# Other\n\n## A `heading`, of it\n")
    assert list(markdown_faults(tmp_path, "a.md")) == ([said] if said else [])


def test_headings_of_one_name_are_counted():
    text = '# A b-c\n\n## A b-c\n\n<a id="set"></a>\n'
    assert heading_anchors(text) == {"a-b-c", "a-b-c-1", "set"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<a href="b/c.html#x">', None),
        ('<a href="b">', None),
        ('<a href="https://example.org">', None),
        ('<a href="/base/b/c.html">', None),
        ('<link rel="canonical" href="https://example.org/a.html">', None),
        ('<img src="data:image/png;base64,AA==">', None),
        ('<a href="b/d.html">', "a.html: b/d.html is not there"),
        ('<a href="b/c.html#y">', "a.html: b/c.html#y: no such place on the page"),
        ('<a href="#y">', "a.html: #y: no such place on the page"),
        ('<img src="b.svg">', "a.html: b.svg is not there"),
        ('<a href="http://example.org">', "a.html: http://example.org is no address of https"),
        ('<script src="https://example.org/a.js">', "a.html loads https://example.org/a.js"),
        ('<img src="//example.org/a.png">', "a.html loads //example.org/a.png"),
        ('<link rel="icon" href="https://example.org/i">', "a.html loads https://example.org/i"),
        ("<style>@import 'x.css';</style>", "a.html loads @import 'x.css'"),
        ('<p style="background: url(https://example.org/i)">', "url(https://example.org/i"),
        ('<p data-md-component="source">', 'a.html has data-md-component="source"'),
    ],
)
def test_what_a_site_lacks_or_loads_is_told(body, said, tmp_path):
    (tmp_path / "a.html").write_text(body)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c.html").write_text('<p id="x">')
    (tmp_path / "b" / "index.html").write_text("")
    faults = list(site_faults(tmp_path, "/base/"))
    assert said in "\n".join(faults) if said else not faults


def test_a_style_that_loads_is_told(tmp_path):
    (tmp_path / "a.css").write_text("a { background: url('https://example.org/a.png') }")
    (fault,) = site_faults(tmp_path)
    assert fault.startswith("a.css loads url('https://example.org/a.png'")


def test_addresses_are_of_https_and_have_a_host():
    assert is_well_formed("https://example.org/a?b=c#d")
    for url in ("http://example.org", "https://", "https://example", "https://example.org/a b"):
        assert not is_well_formed(url)
