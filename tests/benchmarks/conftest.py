"""What tests of the benchmarks share: their modules, and results that one of them measured."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from common.scripts import importer

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
#: A case that is soon measured.
ONE = "numpy uniform 4096 × 4096 float32 NumPy 1"


@pytest.fixture
def module(monkeypatch):
    """Import a script of benchmarks/ by its name, for this test alone."""
    yield from importer(BENCHMARKS, monkeypatch)


@pytest.fixture(scope="session")
def measured(tmp_path_factory):
    """Results of one case, as the benchmark writes them."""
    path = tmp_path_factory.mktemp("results") / "bench.json"
    how = ("numpy", "--repeats=3", f"--only={ONE}", f"--output={path}")
    subprocess.run([sys.executable, str(BENCHMARKS / "run.py"), *how], check=True)
    return json.loads(path.read_text("utf-8"))
