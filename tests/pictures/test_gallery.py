"""The lines of the gallery give the same weights in every framework."""

import ast
import re
import sys
from pathlib import Path

import jax
import numpy as np
import pytest
import torch

import fanwise
import fanwise.jax
import fanwise.keras
import fanwise.torch

PAGE = (Path(__file__).parents[2] / "docs/gallery.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^### (\w+)\n.*?^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE))
sys.path.append(str(Path(__file__).parents[2] / "docs"))
import scheme_tables  # noqa: E402 (a script's module)

NAMES = {"fanwise": fanwise, "torch": torch, "jax": jax}


def drawn(lines):
    """The weights of the four statements; that of torch in the order of the others."""
    statements = (ast.unparse(statement) for statement in ast.parse(lines).body)
    ours, of_torch, of_keras, of_jax = (eval(statement, NAMES) for statement in statements)
    places = (*range(2, of_torch.ndim), 1, 0)
    return [np.asarray(weight) for weight in (ours, of_torch.permute(places), of_keras, of_jax)]


def test_every_scheme_has_a_section():
    assert {*SECTIONS} == {*fanwise.schemes()}


@pytest.mark.parametrize("name", SECTIONS)
def test_the_lines_of_a_scheme_give_the_same_weights(name):
    weights = drawn(SECTIONS[name])
    assert len({weight.tobytes() for weight in weights}) == 1
    assert {weight.shape for weight in weights} == {weights[0].shape}


def test_a_line_of_another_scheme_would_be_seen():
    wrong = SECTIONS["normal"].replace("std=0.02, seed", "std=0.03, seed", 1)
    assert wrong != SECTIONS["normal"]
    assert len({weight.tobytes() for weight in drawn(wrong)}) == 2


@pytest.mark.parametrize("members", [("zeros",), ("zeros", "ones", "constant", "he_normal")])
def test_a_scheme_of_no_family_or_of_two_is_told(monkeypatch, members):
    families = {**scheme_tables.FAMILIES, "Constants": ("For biases.", members)}
    monkeypatch.setattr(scheme_tables, "FAMILIES", families)
    with pytest.raises(ValueError, match="each scheme in one family"):
        list(scheme_tables.sections())
