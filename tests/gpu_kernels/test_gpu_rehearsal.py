"""What a GPU will run has run before: all of it, on the CPU, the kernels interpreted."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_rehearsal(tmp_path):
    output = tmp_path / "times.json"
    command = (sys.executable, "tests/gpu/run.py", "--rehearse", f"--output={output}")
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
    found = json.loads(output.read_text())
    assert not found["failed"]
    parts = {row["part"].partition(",")[0] for row in found["rows"]}
    assert parts == {"torch", "jax", "keras", "tiles"}


def test_without_a_device_it_says_so_at_once():
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    command = (sys.executable, "tests/gpu/run.py")
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=100
    )
    assert run.returncode == 2
    assert "error: no CUDA device; --rehearse" in run.stderr.splitlines()[-1]
    assert not run.stdout
