"""docs/lint.md says what the lint does, and its figures are those of the verdicts."""

import re
from pathlib import Path

import pytest
from common.lint_sources import codes_of
from lint_libraries.verdicts import readings

from fanwise.adapters.lint import CODES

PAGE = (Path(__file__).parents[2] / "docs" / "lint.md").read_text("utf-8")
IMPORTS = """
import math
import torch
from torch import nn
from transformers import PreTrainedModel
"""
EXAMPLES = re.findall(
    r'### (FW\d+) [a-z-]+\n.*?title="wrong.py"\n(.*?)```.*?title="right.py"\n(.*?)```',
    PAGE,
    re.DOTALL,
)


def test_every_code_has_a_row():
    rows = re.findall(r"^\| (FW\d+) \| ([a-z-]+) \| (.*) \|$", PAGE, re.MULTILINE)
    assert rows == [(code, entry.name, entry.summary) for code, entry in CODES.items()]


def test_every_code_of_a_weight_has_examples():
    assert [code for code, *_ in EXAMPLES] == [code for code in CODES if code < "FW9"]


@pytest.mark.parametrize(("code", "wrong", "right"), EXAMPLES, ids=[code for code, *_ in EXAMPLES])
def test_what_is_shown_as_wrong_is_found_and_what_is_shown_instead_is_not(code, wrong, right):
    assert codes_of(wrong, IMPORTS) == [code]
    assert codes_of(right, IMPORTS) == []


def test_the_figures_are_those_of_the_verdicts():
    rows = re.findall(r"^\| (\w+) ([\d.]+) \| \d+ \| (\d+) \| (\d+) \|", PAGE, re.MULTILINE)
    assert rows == [
        (
            reading.library,
            reading.version,
            str(reading.count()),
            str(reading.count(right_only=True)),
        )
        for reading in readings().values()
    ]


def test_nine_findings_in_ten_are_right():
    kept = readings().values()
    right = sum(reading.count(right_only=True) for reading in kept)
    count = sum(reading.count() for reading in kept)
    assert right >= 0.9 * count
    assert f"| {count} | {right} | {right / count:.2f} |" in PAGE


@pytest.mark.parametrize("library", ["timm", "torchvision", "transformers"])
def test_nine_in_ten_are_right_in_each_of_the_large_libraries(library):
    assert readings()[library].precision >= 0.9


def test_every_finding_was_read_once_with_a_reason():
    for reading in readings().values():
        places = [(v.code, place) for v in reading.verdicts for place in v.places]
        assert len(places) == len(set(places))
        assert all(v.reason for v in reading.verdicts)
