"""No report is written over what a command reads, nor over what is no report."""

import json
import os

import numpy as np
import pytest


@pytest.fixture
def read(tmp_path):
    """Files that commands read, by their names."""
    np.savez(tmp_path / "weights.npz", **{"up.weight": np.ones((8, 4), np.float32)})
    (tmp_path / "results.json").write_text(json.dumps({"format": 3, "runs": []}))
    (tmp_path / "source.py").write_text("import torch\n")
    os.link(tmp_path / "weights.npz", tmp_path / "other.npz")
    (tmp_path / "link.npz").symlink_to("weights.npz")
    return {path.name: path.read_bytes() for path in tmp_path.iterdir()}


@pytest.mark.parametrize(
    "call",
    [
        "audit weights.npz --html weights.npz",
        "audit weights.npz --json ./weights.npz",
        "audit link.npz --json weights.npz",
        "audit weights.npz --json other.npz",
        "audit weights.npz --html audit.html --json audit.html",
        "verdict results.json --html results.json",
        "verdict results.json --json results.json",
        "verdict results.json --html report.html --json report.html",
        "lint source.py --output source.py",
        "lint . --output source.py",
        "conformance --adapter numpy --output weights.npz",
    ],
)
def test_what_is_read_or_is_no_report_stays(told, read, tmp_path, call):
    assert "another file" in told(*call.split())
    assert {name: (tmp_path / name).read_bytes() for name in read} == read


def test_a_report_of_before_is_written_over(run, read, tmp_path):
    for _ in range(2):
        done = run("audit", "weights.npz", "--html", "audit.html", "--json", "audit.json")
        assert done.returncode in (0, 1), done.stderr
    assert json.loads((tmp_path / "audit.json").read_text())["rows"]
