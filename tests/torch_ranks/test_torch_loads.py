"""A start that was written as a distributed checkpoint is loaded into models of FSDP2."""

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import fanwise.torch

SCRIPT = Path(__file__).with_name("loads.py")


# Real processes, which import torch.
@pytest.mark.slow
@pytest.mark.parametrize("world", [1, 3])
def test_every_rank_loads_what_initialize_sets(tmp_path, world):
    loads = runpy.run_path(str(SCRIPT))
    with torch.device("meta"):
        model = loads["model"]()
    fanwise.torch.write(model, loads["RULES"], seed=9, to=tmp_path / "start", format="dcp")
    command = [sys.executable, str(SCRIPT), str(tmp_path / "start"), str(world), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    for rank in range(world):
        found = json.loads((tmp_path / f"{rank}.json").read_text())
        assert found["loaded"] == found["set"]
        assert len(found["set"]) == 6
