"""Sharded tensors hold the weight of one process, on any number of ranks."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

# The worlds of all ranks are made once, which takes long.
pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("ranks.py")
CHECKS = (
    "weights",
    "views",
    "seeds",
    "other_seeds",
    "refusals",
    "marked",
    "outside",
    "models",
    "recipes",
    "memory",
    "mutants",
    "ties",
    "gathered",
    "offloaded",
    "copies",
    "stages",
)


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """What all ranks of all worlds found: (world, check, what, found, wanted)."""
    folder = tmp_path_factory.mktemp("ranks")
    command = [sys.executable, str(SCRIPT), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return [row for rank in range(4) for row in json.loads((folder / f"{rank}.json").read_text())]


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("world", [1, 2, 3, 4])
def test_every_rank_finds_what_is_wanted(rows, world, check):
    mine = [row[2:] for row in rows if row[:2] == [world, check]]
    assert mine
    wrong = [(what, found, wanted) for what, found, wanted in mine if found != wanted]
    assert not wrong


def test_all_ranks_made_all_checks(rows):
    made = Counter((world, check) for world, check, what, *_ in rows if "one rank" not in what)
    for check in set(CHECKS) - {"outside"}:
        per_rank = {made[world, check] / world for world in (1, 2, 3, 4)}
        assert all(count == int(count) > 0 for count in per_rank), check
