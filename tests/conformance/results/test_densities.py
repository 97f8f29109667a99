"""Where the elements of a draw lie."""

import json
from dataclasses import replace

import numpy as np
import pytest

from fanwise.conformance.results.densities import CELLS, densities_of
from fanwise.conformance.results.rows import Origin
from fanwise.conformance.results.runs import read_runs, write_runs
from fanwise.core import sample
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import scheme


def drawn(values, name="kaiming_normal", **fields):
    figures = {"engine": Origin.OWN, "call": "x", "kind": "dense", "kernel": values.shape, **fields}
    return densities_of(values, scheme(name), **figures)


def test_the_figures_are_those_of_the_draw():
    values = sample("kaiming_normal", (64, 500), seed=1)
    (density,) = drawn(values)
    assert density.n == 32_000
    assert len(density.counts) == CELLS
    assert sum(density.counts) == pytest.approx(32_000, abs=20)
    assert density.std == pytest.approx(float(values.std()), rel=1e-6)
    assert (density.least, density.most) == (float(values.min()), float(values.max()))
    assert density.low == -density.high == pytest.approx(-4 * density.std)


@pytest.mark.parametrize("value", [0.0, 1.5, np.nan, np.inf])
def test_a_draw_without_spread_or_that_is_not_finite_has_none(value):
    assert drawn(np.full((4, 4), value)) == ()
    spoilt = sample("kaiming_normal", (8, 8), seed=1)
    spoilt[0, 0] = value
    assert len(drawn(spoilt)) == bool(np.isfinite(value))


def test_groups_count_where_fans_do():
    (density,) = drawn(sample("he_normal", (8, 8), seed=1), "he_normal", groups=4)
    assert density.declared["groups"] == 4
    (density,) = drawn(sample("normal", (8, 8), seed=1), "normal", groups=4)
    assert density.declared == scheme("normal")


def test_densities_survive_json(sound, tmp_path):
    assert sound.densities
    write_runs(tmp_path / "r.json", [sound])
    assert read_runs(tmp_path / "r.json")[0].densities == sound.densities


def test_results_of_before_have_no_densities_no_date_and_no_machine(sound, tmp_path):
    write_runs(tmp_path / "r.json", [sound])
    data = json.loads((tmp_path / "r.json").read_text())
    for key in ("densities", "date", "machine"):
        del data["runs"][0][key]
    (tmp_path / "r.json").write_text(json.dumps(data))
    (run,) = read_runs(tmp_path / "r.json")
    assert (run.densities, run.date, run.machine) == ((), "", None)


@pytest.mark.parametrize(
    "change", [{"counts": (0, 0)}, {"n": 1}, {"high": -9.0}], ids=["empty", "fewer", "reversed"]
)
def test_a_density_of_nothing_is_refused(sound, tmp_path, change):
    changed = replace(sound.densities[0], **change)
    write_runs(tmp_path / "r.json", [replace(sound, densities=(changed,))])
    with pytest.raises(FanwiseError, match="a density of some elements"):
        read_runs(tmp_path / "r.json")
