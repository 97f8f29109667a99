"""Large weights and models are drawn part by part, in memory that does not grow."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import fanwise

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "scale.py"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    output = tmp_path_factory.mktemp("scale") / "scale.json"
    how = (f"--output={output}", "--largest=1000000", "--repeats=1")
    subprocess.run([sys.executable, str(SCRIPT), *how], check=True, stdout=subprocess.DEVNULL)
    return json.loads(output.read_text("utf-8"))


def test_every_law_is_drawn_on_one_core_and_on_all(found, module):
    points = found["scale"]["draws"]
    assert {(point["law"], point["cores"]) for point in points} == {
        (law, cores) for law in ("uniform", "normal") for cores in module("scale").threads()
    }
    assert all(point["ns"] > 0 and point["fill"] > 0 for point in points)
    # The buffer of four megabytes is within it.
    assert all(point["peak"] > 3 for point in points)


def test_a_part_is_drawn_into_a_buffer_that_is_used_again(module, monkeypatch):
    scale = module("scale")
    monkeypatch.setattr(scale, "BLOCK", 1000)
    parts = []
    monkeypatch.setattr(fanwise, "sample", lambda *_, out, **how: parts.append((how, out)))
    scale._draw("normal", 2500, 1, 1)
    (_, first), *rest = parts
    assert [(how["index"].start, how["index"].stop) for how, _ in rest] == [
        (0, 1000),
        (1000, 2000),
        (2000, 2500),
    ]
    assert all(out.base is first or out is first for _, out in rest)


@pytest.fixture
def small(module):
    return module("models").Size(width=8, layers=5, vocabulary=30, inside=16, ups=2, context=4)


def test_a_model_has_the_weights_that_its_size_says(module, small):
    models = module("models")
    model = models.built(small)
    assert {weight.device.type for weight in model.parameters()} == {"meta"}
    for size in (small, *models.SIZES.values()):
        assert sum(w.numel() for w in models.built(size).parameters()) == size.elements


def test_all_parts_have_memory_once_and_no_more_at_a_time_than_the_buffer_holds(
    module, small, monkeypatch
):
    scale, models = module("scale"), module("models")
    monkeypatch.setattr(scale, "PART", 1500)
    model = models.built(small)
    groups = [*scale._groups(model)]
    sizes = [
        sum(w.numel() for name in names for w in model.get_submodule(name).parameters())
        for names in groups
    ]
    assert len(groups) > 2
    assert max(sizes) <= 1500


def test_a_model_is_started_whole(module, small, monkeypatch):
    import fanwise.torch

    scale, models = module("scale"), module("models")
    monkeypatch.setattr(scale, "PART", 1500)
    monkeypatch.setitem(models.SIZES, "small", small)
    paths = []
    initialize = fanwise.torch.initialize

    def noted(*given, **how):
        summary = initialize(*given, **how)
        paths.extend(row.path for row in summary.rows if how.get("only"))
        return summary

    monkeypatch.setattr(fanwise.torch, "initialize", noted)
    scale._start("small")
    whole = fanwise.torch.summary(models.built(small))
    assert sorted(paths) == sorted(row.path for row in whole.rows)
