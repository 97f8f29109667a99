"""The forms of an audit, and what cannot get out of them."""

import json
import math
import re
from functools import partial
from html.parser import HTMLParser
from importlib import resources

import jsonschema
import pytest
from common.audit_rows import HOSTILE, audits, large_audit
from hypothesis import given, settings

import fanwise
from fanwise.conformance.audits.digests import shown
from fanwise.conformance.audits.results import AuditRow
from fanwise.conformance.audits.verdicts import Audit
from fanwise.conformance.report.words import word_sections

SCHEMA = json.loads(
    resources.files("fanwise.conformance.audits").joinpath("audit.schema.json").read_text("utf-8")
)
FAILING = AuditRow("a/kernel", "fail", "deviation", 0.5, 0.25, "± 0.01", 4096, "depth scale")


def one_row(**fields):
    given_fields = {"path": "a/kernel", "outcome": "fail", "claim": "mean", **fields}
    return Audit("a model", (AuditRow(**given_fields),), 1e-9)


class Tags(HTMLParser):
    """The tags of a page with their attributes, and its texts."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.texts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def test_an_audit_passes_where_a_claim_holds_and_none_fails():
    holds = AuditRow("a", "pass", "mean")
    open_row = AuditRow("a", "undecided", "tails")
    assert Audit("m", (holds, open_row), 0.0).passed
    assert not Audit("m", (holds, FAILING), 0.0).passed
    assert not Audit("m", (open_row,), 0.0).passed
    assert not Audit("m", (), 0.0).passed


def test_a_large_model_is_told_in_short_and_in_full_if_asked():
    audit = large_audit()
    text = str(audit)
    lines = text.splitlines()
    assert len(lines) < 15
    assert lines[0] == "FAIL: a model"
    assert lines[1].startswith("150 claims fail, 450 hold, 300 undecided")
    # Failures come first, those alike but for a number in the path once.
    fails, undecided, holds = (
        lines.index(f"What {word}") for word in ("fails", "is undecided", "holds")
    )
    assert fails < undecided < holds
    assert "(and 74 more like it)" in lines[fails + 1]
    assert "this is: depth scale on another matrix" in lines[fails + 2]
    # The smallest weight says what it is that its size lets it see.
    assert "blocks/74/attention/query/kernel (n 65,462)" in lines[undecided + 1]
    assert "one outlier of 5 std" in lines[undecided + 1]
    assert lines[holds + 1] == "  ✓ mean 300, deviation 150"
    full = audit.to_text(full=True)
    assert all(f"blocks/{i}/attention/key/kernel  mean" in full for i in range(75))


def test_the_claims_of_one_weight_that_fail_by_one_fault_are_told_together():
    rows = [
        AuditRow(f"{i}/kernel", "fail", claim, 2.0, 1.0, fault="no depth scale")
        for i in range(3)
        for claim in ("deviation", "tails", "distribution")
    ]
    audit = Audit("m", tuple(rows), 1e-9)
    lines = str(audit).splitlines()
    assert lines[1].startswith("9 claims fail")
    assert lines[3:] == [
        "  ✗ 0/kernel  deviation: observed 2, expected 1 (and 2 more like it)",
        "      this is: no depth scale",
        "      also: tails, distribution",
    ]
    assert "deviation, tails, distribution</td>" in audit.to_html()


def test_no_fault_that_shows_is_said_in_words():
    rows = (AuditRow("a", "undecided", "tails", n=3, visible="none"),)
    assert "(n 3): no fault shows in so few elements" in str(Audit("m", rows, 1e-9))


def test_what_is_undecided_for_another_reason_than_its_size_is_not_called_too_small():
    rows = (AuditRow("a", "undecided", "padding", n=4096, note="Pass model=."),)
    page = Audit("m", rows, 1e-9).to_html()
    assert "too few elements to settle them, or what is missing stands in the last column" in page
    assert "Pass model=." in page


def test_nothing_decided_is_said():
    audit = Audit("m", (AuditRow("a", "undecided", "tails", visible="a factor of 9"),), 1e-9)
    assert "nothing judged is nothing passed" in str(audit)
    assert "nothing judged is nothing passed" in audit.to_html()


@settings(max_examples=150, deadline=None)
@given(audits())
def test_what_is_read_again_is_the_same(audit):
    text = audit.to_json()
    assert text.isascii()
    assert not {"<", ">", "&", "\x7f", "\x1b"} & set(text)
    data = json.loads(text)
    assert data == audit.to_dict()
    jsonschema.validate(data, SCHEMA)
    again = Audit.from_dict(data)
    # Numbers of more digits than a float has are the only thing that may differ.
    assert [row.path for row in again.rows] == [row.path for row in audit.rows]
    assert again.to_dict() == data
    assert again.passed == audit.passed


@settings(max_examples=150, deadline=None)
@given(audits())
def test_no_text_leaves_the_lines_that_it_is_shown_in(audit):
    for full in (False, True):
        text = audit.to_text(full=full)
        assert all(line.isprintable() for line in text.split("\n"))
    # One line for each fact: a name makes no further one.
    harmless = Audit(
        "s", tuple(AuditRow(**{**vars(row), "path": "p"}) for row in audit.rows), 0.0
    ).to_text(full=True)
    assert audit.to_text(full=True).count("\n") == harmless.count("\n")


@settings(max_examples=60, deadline=None)
@given(audits())
def test_no_text_makes_a_tag_of_a_page(audit):
    page = Tags(audit.to_html())
    allowed = {
        *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "ul", "li", "b"),
        *("div", "table", "thead", "tbody", "tr", "th", "td", "br", "code", "span", "details"),
        *("summary", "a", "nav", "header", "main", "section", "h3", "dl", "dt", "dd", "script"),
        *("form", "label", "select", "option", "input", "button", "output"),
    }
    assert {tag for tag, _ in page.tags} <= allowed
    assert {name for _, attrs in page.tags for name, _ in attrs} <= {
        *("lang", "charset", "name", "content", "http-equiv", "class", "id", "href", "hidden"),
        *("role", "tabindex", "aria-label", "aria-live", "scope", "type", "value", "autocomplete"),
        "spellcheck",
    }
    # One script, which is the page's own: see the tests of what all pages share.
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert all(dict(attrs)["href"].startswith("#") for tag, attrs in page.tags if tag == "a")
    assert all(
        letter.isprintable() for text in page.texts for letter in text.strip() if letter != "\n"
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_shown_as_it_is_written(name):
    audit = one_row(path=name, fault=name, note=name)
    assert shown(name) in str(audit)
    assert shown(name) in "".join(Tags(audit.to_html()).texts)
    assert Audit.from_dict(json.loads(audit.to_json())) == audit


def test_a_name_of_ten_million_letters_is_cut():
    audit = one_row(path="x" * 10_000_000, note="y" * 10_000_000)
    for write in (str, partial(Audit.to_text, full=True), Audit.to_html, Audit.to_json):
        text, short = write(audit), write(one_row(path="x", note="y"))
        # A thousand letters of each, as often as a page shows it.
        assert len(text) - len(short) < 3_000
        assert "letters]" in text
    again = Audit.from_dict(json.loads(audit.to_json()))
    assert again.rows[0].path.startswith("x" * 500 + "…[9,999,000 letters]")


def test_every_link_of_a_page_has_its_target_and_every_column_is_defined():
    page = Tags(large_audit().to_html())
    ids = [dict(attrs)["id"] for _, attrs in page.tags if "id" in dict(attrs)]
    links = {dict(attrs)["href"] for tag, attrs in page.tags if tag == "a"}
    assert len(set(ids)) == len(ids)
    assert {"#rows", "#legend", "#fails", "#undecided", "#holds"} <= links
    assert links <= {f"#{name}" for name in ids}


def test_every_word_of_the_legend_is_one_of_the_page():
    # But for the definitions themselves.
    page = re.sub(r"<(style|script|dl)>.*?</\1>", "", large_audit().to_html(), flags=re.DOTALL)
    words = [word for section in word_sections("audit") for word in section.words]
    assert len(words) > 10
    assert not [word.word for word in words if (word.mark or word.word) not in page]


def test_a_claim_of_another_version_is_shown_without_a_link():
    assert "<td>✗ of tomorrow</td>" in one_row(claim="of tomorrow").to_html()


def test_many_rows_make_a_page_that_a_browser_can_hold():
    rows = tuple(AuditRow(f"{i}/kernel", "pass", "mean") for i in range(20_005))
    page = Audit("m", rows, 1e-9).to_html()
    assert page.count("<tr>") < 20_010
    assert "5 rows more are in the JSON form alone." in page


def test_numbers_that_json_lacks_are_read_again():
    data = json.loads(one_row(observed=math.inf, expected=-math.inf, bound=math.nan).to_json())
    assert data["rows"][0]["observed"] == "Infinity"
    (row,) = Audit.from_dict(data).rows
    assert (row.observed, row.expected) == (math.inf, -math.inf)
    assert isinstance(row.bound, float)
    assert math.isnan(row.bound)


def test_numbers_of_numpy_are_plain_in_json():
    import numpy as np

    row = one_row(observed=np.float32(0.5), expected=np.int64(3), n=np.int64(7)).to_dict()["rows"][
        0
    ]
    assert [type(row[name]) for name in ("observed", "expected", "n")] == [float, int, int]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 9}, "pip install -U fanwise"),
        ({"format": 0}, "Audit again"),
        ({"rows": 3}, "a list"),
        ({"rows": [{"path": "a", "claim": "mean"}]}, "outcome"),
        ({"rows": [{"path": "a", "claim": "mean", "outcome": "well"}]}, "'fail'"),
        ({"other": 1}, "other"),
    ],
)
def test_data_of_another_form_is_refused(change, words):
    data = one_row().to_dict() | change
    with pytest.raises(fanwise.FanwiseError, match=words):
        Audit.from_dict(data)


def test_the_forms_are_written_to_files(tmp_path):
    audit = one_row()
    assert audit.to_json(tmp_path / "new" / "a.json") == (tmp_path / "new" / "a.json").read_text()
    assert audit.to_html(str(tmp_path / "a.html")) == (tmp_path / "a.html").read_text("utf-8")
    with pytest.raises(fanwise.FanwiseError, match="a file that can be written"):
        audit.to_json(tmp_path)


def test_a_page_without_jinja_names_what_brings_it(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "fanwise\[conformance\]"'):
        one_row().to_html()
