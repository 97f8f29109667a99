"""Pictures of speed are of the results that are kept, and change with them."""

import importlib
import json
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2] / "docs" / "pictures"


@pytest.fixture
def module(monkeypatch):
    """Import a picture, or the script that draws them, for this test alone."""
    names = {file.stem for file in HERE.glob("*.py")}
    kept = {name: sys.modules.pop(name) for name in names & {*sys.modules}}
    monkeypatch.syspath_prepend(HERE)
    yield importlib.import_module
    for name in names & {*sys.modules}:
        del sys.modules[name]
    sys.modules.update(kept)


@pytest.mark.parametrize("name", ["speed", "scale"])
def test_a_picture_is_of_what_was_measured(module, name, tmp_path, monkeypatch):
    draw, picture = module("draw"), module(name)
    assert draw.main([name, "--check"]) == 0
    other = json.loads(picture.KEPT.read_text("utf-8"))
    for case in other["cases"]:
        case["ours"] = [2 * ns for ns in case["ours"]]
    for point in other["scale"]["draws"]:
        point["ns"] *= 2
    (tmp_path / "measured.json").write_text(json.dumps(other))
    monkeypatch.setattr(picture, "KEPT", tmp_path / "measured.json")
    assert draw.main([name, "--check"]) == 1
