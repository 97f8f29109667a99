"""Every word that a report writes has a definition."""

import ast
import pkgutil
import re
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

from fanwise.adapters.engines import Engine
from fanwise.conformance import audits
from fanwise.conformance.audits.results import AuditOutcome
from fanwise.conformance.checks.registry import claims
from fanwise.conformance.report.table import MARKS
from fanwise.conformance.report.words import claim_sentences, word_sections
from fanwise.conformance.results.claims import Group
from fanwise.conformance.results.rows import Origin, Outcome

#: What makes a row of an audit, and which of its arguments is the claim.
ROWS = {"AuditRow": 2, "row": 0}


def audit_claims():
    """The names that rows of an audit are made with, read from the modules that make them."""
    for module in pkgutil.walk_packages(audits.__path__, f"{audits.__name__}."):
        tree = ast.parse(Path(import_module(module.name).__file__).read_text("utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            place = ROWS.get(getattr(call.func, "id", getattr(call.func, "attr", "")))
            if place is not None and len(call.args) > place:
                name = call.args[place]
                if isinstance(name, ast.Constant):
                    yield name.value
                elif isinstance(name, ast.Name) and name.id.isupper():
                    yield getattr(import_module(module.name), name.id)


def defined(report=None):
    return {word.word: word for section in word_sections(report) for word in section.words}


@pytest.mark.parametrize("names", [Outcome, Engine, Origin, Group])
def test_every_outcome_engine_origin_and_column_of_the_conformance_is_defined(names):
    assert {str(name) for name in names} <= {*defined("conformance")}


def test_every_outcome_of_an_audit_is_defined():
    assert {*get_args(AuditOutcome)} <= {*defined("audit")}


def test_marks_are_those_of_the_table():
    assert {word.word: word.mark for word in defined("conformance").values() if word.mark} == {
        str(outcome): mark for outcome, mark in MARKS.items()
    }


def test_every_claim_of_the_suite_has_a_sentence_and_nothing_else_has():
    assert {*claim_sentences("conformance")} == {*claims()}


def test_every_claim_of_an_audit_has_a_sentence_and_nothing_else_has():
    assert {*claim_sentences("audit")} == {*audit_claims()}


@pytest.mark.parametrize("report", ["conformance", "audit"])
def test_what_a_claim_says_is_a_sentence(report):
    for name, sentence in claim_sentences(report).items():
        assert re.fullmatch(r"[A-Z].*\.", sentence), name


def test_no_word_is_defined_twice_and_each_is_a_sentence():
    words = [word for section in word_sections() for word in section.words]
    assert len({word.word for word in words}) == len(words)
    assert all(word.means.endswith(".") and word.reports for word in words)


def test_a_report_has_its_own_words_alone():
    assert "undecided" not in defined("conformance")
    assert "mutant" not in defined("audit")
    assert {*defined()} == {*defined("conformance"), *defined("audit")}
