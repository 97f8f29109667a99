"""Every word that a report writes has a definition."""

import re
from importlib import resources
from typing import get_args

import pytest

from fanwise.adapters.engines import Engine
from fanwise.conformance.audits.results import AuditOutcome
from fanwise.conformance.report.table import MARKS
from fanwise.conformance.report.words import word_sections
from fanwise.conformance.results.claims import Group
from fanwise.conformance.results.rows import Origin, Outcome

#: Columns that say of what a row is, and need no definition.
PLAIN = {"outcome", "claim", "claims", "engine", "scheme", "weights", "fault", ""}


def defined(report=None):
    return {word.word: word for section in word_sections(report) for word in section.words}


def headings(package, page, title):
    """The heads of the last table of a page: every claim, row by row."""
    text = resources.files(package).joinpath("templates", page).read_text("utf-8")
    head = re.findall(r"<thead><tr>(.*?)</tr>", text[text.index(title) :])[0]
    return {*re.findall(r"<th>([^<{]*)</th>", head)}


@pytest.mark.parametrize("names", [Outcome, Engine, Origin, Group])
def test_every_outcome_engine_origin_and_column_of_the_conformance_is_defined(names):
    assert {str(name) for name in names} <= {*defined("conformance")}


def test_every_outcome_of_an_audit_is_defined():
    assert {*get_args(AuditOutcome)} <= {*defined("audit")}


def test_marks_are_those_of_the_table():
    assert {word.word: word.mark for word in defined("conformance").values() if word.mark} == {
        str(outcome): mark for outcome, mark in MARKS.items()
    }


@pytest.mark.parametrize(
    ("report", "package", "page"),
    [
        ("conformance", "fanwise.conformance.report", "report.html"),
        ("audit", "fanwise.conformance.audits", "audit.html"),
    ],
)
def test_every_column_of_a_row_is_defined(report, package, page):
    columns = headings(package, page, "Every claim, row by row")
    assert len(columns) > 5
    assert columns - PLAIN <= {*defined(report)}


def test_no_word_is_defined_twice_and_each_is_a_sentence():
    words = [word for section in word_sections() for word in section.words]
    assert len({word.word for word in words}) == len(words)
    assert all(word.means.endswith(".") and word.reports for word in words)


def test_a_report_has_its_own_words_alone():
    assert "undecided" not in defined("conformance")
    assert "mutant" not in defined("audit")
    assert {*defined()} == {*defined("conformance"), *defined("audit")}
