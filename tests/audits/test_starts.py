"""The page about the starts of public models is what was found of them, and is found again."""

import subprocess
import sys
from pathlib import Path

import pytest

from audits.starts.judge import FOLDER, judged, kept
from audits.starts.models import STARTS

ROOT = Path(__file__).parents[2]
KEPT = [name for name in STARTS if (FOLDER / f"{name}.json").exists()]
#: Of libraries that are small, and installed with the tests; what is known of each.
AGAIN = {
    "lora-peft": set(),
    "llama-transformers": set(),
    "gpt2-transformers": {"positions/embedding"},
}


def test_the_page_is_what_is_kept():
    command = [sys.executable, "docs/make_audits.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr


def test_every_model_was_audited_and_some_are_right_and_some_are_not():
    assert list(STARTS) == KEPT
    differing = [kept(name)["differing"] for name in KEPT]
    assert min(sum(n == 0 for n in differing), sum(n > 0 for n in differing)) >= 5


# What the libraries call of each other.
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("name", AGAIN)
def test_finds_again_what_is_kept(name):
    facts = judged(STARTS[name])
    assert {fault["pattern"] for fault in facts["faults"]} == AGAIN[name]
    assert {fault["pattern"] for fault in kept(name)["faults"]} == AGAIN[name]
    assert facts["weights"] == kept(name)["weights"]
