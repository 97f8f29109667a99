"""Each quickstart is a script of its own, whichever of them a reader copies."""

import re

import pytest

from pages.places import DOCS
from pages.runs import faults

PAGE = (DOCS / "quickstarts.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
#: It leads on.
NOT_ALONE = {"Next"}


@pytest.mark.parametrize("title", sorted({*SECTIONS} - NOT_ALONE))
def test_a_quickstart_needs_no_other(title, tmp_path):
    assert not faults(SECTIONS[title], tmp_path)


def test_there_is_one_for_every_framework():
    titles = {"PyTorch", "Keras", "Flax linen", "Flax nnx", "Equinox", "NumPy", "The same bits?"}
    assert {*SECTIONS} - NOT_ALONE == titles
