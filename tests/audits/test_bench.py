"""A share of the bench at every change, and what was kept of all of it."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from audits.architectures import ARCHITECTURES
from audits.checkpoints import started
from audits.faults import FAULTS
from audits.faults.copies import copy_of_modules
from audits.faults.planted_fault import SEED
from audits.right_checkpoints import FIRST_SEED, checkpoints, kinds
from audits.verdicts import judge_fault

KEPT = json.loads((Path(__file__).parent / "results.json").read_text("utf-8"))
BY_NAME = {fault.name: fault for fault in FAULTS}
#: One of each room, each way to hand a checkpoint over, each framework.
IN_GATE = (
    "truncated at a hundred deviations",
    "the depth scale on the wrong matrix",
    "a uniform law of 8 bits",
    "bfloat16 by truncation",
    "a seed cut to 32 bits",
    "every layer seeded alike, by itself",
    "two equal heads",
    "memory of any bits",
    "one NaN",
)


@pytest.mark.parametrize("name", IN_GATE)
def test_a_planted_fault_is_found_by_its_name_and_nothing_beside_it(name):
    verdict = judge_fault(BY_NAME[name])
    assert verdict.right, verdict.named
    assert verdict.strays == ()


@pytest.mark.parametrize("number", range(0, len(kinds()), 9))
def test_a_right_checkpoint_passes(number):
    verdict = kinds()[number].audit(FIRST_SEED + number)
    assert verdict.passed, str(verdict)


def test_a_fault_that_is_not_there_is_not_found():
    nothing = dataclasses.replace(BY_NAME["one NaN"], plant=copy_of_modules)
    assert not judge_fault(nothing).is_found


def test_a_fault_on_another_path_or_of_another_name_is_not_found():
    fault = BY_NAME["two layers swapped"]
    elsewhere = judge_fault(dataclasses.replace(fault, paths=("blocks/1/**",)))
    assert not elsewhere.is_found
    assert all(stray.startswith("blocks/2/") for stray in elsewhere.strays)
    renamed = judge_fault(dataclasses.replace(fault, named=("path ignored",)))
    assert not renamed.is_found
    assert renamed.named


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_planting_changes_what_it_says_and_nothing_else(fault):
    before = started(fault.model, fault.start, SEED)
    after = started(fault.model, fault.start, SEED)
    fault.plant(after, np.random.default_rng(0))
    assert list(before) == list(after)
    changed = [name for name in before if before[name].tobytes() != after[name].tobytes()]
    assert bool(changed) == (fault.plant is not copy_of_modules)
    assert all(before[name].shape == after[name].shape for name in before)


def test_names_are_one_fault_each():
    assert len(BY_NAME) == len(FAULTS) >= 60


def test_faults_are_planted_in_every_framework_and_handed_over_in_every_way():
    frameworks = {a.name: a.framework for a in ARCHITECTURES}
    assert {frameworks[fault.model] for fault in FAULTS} == {"torch", "keras", "flax"}
    assert {fault.via for fault in FAULTS} == {"model", "state", "file", "file alone"}
    assert {(fault.recipe, fault.seed) for fault in FAULTS} == {
        (True, True),
        (True, False),
        (False, False),
    }


def test_right_checkpoints_are_of_every_architecture():
    assert {kind.model for kind, _ in checkpoints(1000)} == {a.name for a in ARCHITECTURES}
    assert len({seed for _, seed in checkpoints(1000)}) == 1000


def test_every_fault_was_found_when_all_of_them_were_last_judged():
    assert [fault["name"] for fault in KEPT["faults"]] == [fault.name for fault in FAULTS]
    assert [fault["name"] for fault in KEPT["faults"] if not fault["found"]] == []


def test_no_right_checkpoint_failed():
    assert KEPT["right"]["audits"] >= 1000
    assert KEPT["right"]["alarms"] == 0
