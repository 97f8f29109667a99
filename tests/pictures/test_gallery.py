"""The lines of the gallery give the same weights in every framework."""

import re
import sys
import warnings
from pathlib import Path

import jax
import numpy as np
import pytest
import torch

import fanwise
import fanwise.jax
import fanwise.keras
import fanwise.torch
from fanwise.spec.catalogue import catalogue

FOLDER = Path(__file__).parents[2] / "docs/gallery"
PAGES = {file.stem: file.read_text("utf-8") for file in sorted(FOLDER.glob("*.md"))}
SECTIONS = {
    name: text
    for page in PAGES.values()
    for name, text in re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
}
sys.path.append(str(Path(__file__).parents[2] / "docs"))
import gallery_pages  # noqa: E402 (a script's module)
import scheme_lines  # noqa: E402
import scheme_tables  # noqa: E402

NAMES = {"fanwise": fanwise, "torch": torch, "jax": jax}
TAB = re.compile(r'^=== "(\w+)"\n\n    ```python\n(.*?)^    ```$', re.DOTALL | re.MULTILINE)


def statements(section):
    """The statement of each door, by the name of its tab."""
    return {
        door: "\n".join(line[4:] for line in text.splitlines())
        for door, text in TAB.findall(section)
    }


def drawn(name, found):
    """The weights of the four statements; that of torch in the order of the others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fanwise.RepeatedStreamWarning)
        weights = {door: eval(text, NAMES) for door, text in found.items()}
    of_torch = weights.pop("PyTorch")
    if catalogue().entries[name].axes is None and of_torch.ndim > 1:
        of_torch = of_torch.permute((*range(2, of_torch.ndim), 1, 0))
    return [np.asarray(weight) for weight in (*weights.values(), of_torch)]


def test_every_scheme_has_a_section_on_the_page_of_its_family():
    assert {*SECTIONS} == {*fanwise.schemes()}
    for name, entry in catalogue().entries.items():
        assert f"\n## {name}\n" in PAGES[entry.family]


@pytest.mark.parametrize("name", SECTIONS)
def test_the_lines_of_a_scheme_give_the_same_weights(name):
    found = statements(SECTIONS[name])
    assert tuple(found) == scheme_lines.DOORS
    weights = drawn(name, found)
    assert len({weight.tobytes() for weight in weights}) == 1
    assert {weight.shape for weight in weights} == {weights[0].shape}


def test_a_line_of_another_scheme_would_be_seen():
    right = statements(SECTIONS["normal"])
    wrong = {**right, "JAX": right["JAX"].replace("0.02", "0.03")}
    assert wrong != right
    assert len({weight.tobytes() for weight in drawn("normal", wrong)}) == 2


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_says_what_a_scheme_is_for_and_where_it_is_from(name):
    said = re.findall(r"^- \*\*([^*]+):\*\* (.+)", SECTIONS[name], re.MULTILINE)
    labels = [label for label, _ in said]
    assert {"Used for", "When", "When not", "Source"} <= {*labels}
    assert f"/gallery/{name}.svg)" in SECTIONS[name]


def test_every_arxiv_number_and_every_repository_is_a_link():
    made = gallery_pages._linked("He et al. 2015, arXiv:1502.01852, equation 10.")
    assert (
        made == "He et al. 2015, [arXiv:1502.01852](https://arxiv.org/abs/1502.01852), equation 10."
    )
    code = gallery_pages._with_repositories("a/b, c/d.py, e; torch, f/g.py; h.i/j-k, l.py")
    assert code == (
        "[a/b](https://github.com/a/b), c/d.py, e; torch, f/g.py; "
        "[h.i/j-k](https://github.com/h.i/j-k), l.py"
    )


def test_schemes_are_links_where_a_text_names_them():
    entry = catalogue().entries["he_normal"]
    text = gallery_pages._with_schemes("he_normal, glorot_normal, lora_a and fan_in.", entry)
    near, far = "[`glorot_normal`](#glorot_normal)", "[`lora_a`](adapters.md#lora_a)"
    assert text == f"`he_normal`, {near}, {far} and fan_in."


def test_the_index_has_a_row_for_each_scheme_and_a_card_for_each_family():
    rows = re.findall(r"^\| \[`(\w+)`\]", "\n".join(scheme_tables.index()), re.MULTILINE)
    assert sorted(rows) == sorted(fanwise.schemes())
    assert scheme_tables.cards().count("-   **[") == len(PAGES)
