"""Layers and models of Megatron's hold parts of whole weights, whatever the number of ranks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize(("size", "etp", "ep"), [(1, 1, 1), (2, 2, 1), (4, 4, 1), (4, 2, 2)])
@pytest.mark.parametrize(("script", "fewest"), [("ranks", 32), ("models", 30)])
def test_every_rank_has_its_part(tmp_path, size, etp, ep, script, fewest):
    command = [sys.executable, str(HERE / f"megatron_{script}.py"), str(tmp_path / "store")]
    ranks = [
        subprocess.Popen(
            [*command, str(rank), str(size), str(etp), str(ep)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(size)
    ]
    try:
        for rank in ranks:
            out, errors = rank.communicate(timeout=300)
            assert rank.returncode == 0, errors
            rows = json.loads(out.splitlines()[-1])
            assert len(rows) >= fewest
            assert not [what for what, right in rows if not right]
    finally:
        # The others wait for one that failed.
        for rank in ranks:
            rank.kill()
            rank.communicate()
