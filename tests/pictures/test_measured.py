"""Pictures of speed are of the results that are kept, and change with them."""

import json
from pathlib import Path

import pytest
from common.scripts import importer

HERE = Path(__file__).parents[2] / "docs" / "pictures"


@pytest.fixture
def module(monkeypatch):
    """Import a picture, or the script that draws them, for this test alone."""
    yield from importer(HERE, monkeypatch)


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
