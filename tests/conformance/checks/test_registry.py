"""The suite finds its checks by itself."""

import sys
from dataclasses import replace
from types import ModuleType

import pytest

from fanwise.conformance import checks as package
from fanwise.conformance.checks import registry
from fanwise.conformance.checks.check import Check, Step, rows_step
from fanwise.conformance.checks.laws import MEAN
from fanwise.conformance.results.claims import Claim, Group


@pytest.fixture
def fresh():
    """The registry without what it remembers, before and after."""
    for remembered in (registry.checks, registry.claims):
        remembered.cache_clear()
    yield registry
    for remembered in (registry.checks, registry.claims):
        remembered.cache_clear()


def add(monkeypatch, tmp_path, check):
    """Add a module to the folder of checks, as whoever adds a claim does."""
    (tmp_path / "added_check.py").touch()
    module = ModuleType("fanwise.conformance.checks.added_check")
    module.CHECK = check
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])


ADDED = Claim(name="added", group=Group.SHAPE, null="something holds")


def test_a_claim_is_added_by_one_module(fresh, monkeypatch, tmp_path):
    before = set(fresh.claims())
    fresh.checks.cache_clear()
    fresh.claims.cache_clear()
    add(monkeypatch, tmp_path, Check(claims=(ADDED,)))
    assert set(fresh.claims()) - before == {"added"}
    groups = [claim.group for claim in fresh.claims().values()]
    assert groups == sorted(groups, key=list(Group).index)


def test_two_claims_of_one_name_are_refused(fresh, monkeypatch, tmp_path):
    add(monkeypatch, tmp_path, Check(claims=(replace(MEAN, null="another"),)))
    with pytest.raises(ValueError, match="one claim of each name"):
        fresh.claims()


def test_faults_and_calibrated_tests_are_of_listed_claims():
    listed = set(registry.claims())
    assert {fault.claim.name for fault in registry.faults()} <= listed
    assert set(registry.calibration()) <= listed


def test_a_step_titles_its_rows(sound):
    step = rows_step("again", lambda rows: rows, sound.rows[:2])
    assert isinstance(step, Step)
    assert step.work().rows == sound.rows[:2]
    assert {row.step for row in step.titled(step.work().rows)} == {"again"}
