"""The plots: one for each scheme, with every framework's native draw over the law's density."""

import re
from dataclasses import replace

import pytest

from fanwise.conformance.report.frames import LEFT
from fanwise.conformance.report.plots import FRAME, STRIP, plots
from fanwise.spec.errors import FanwiseError


def numbers(path, letter):
    return [float(number) for number in re.findall(rf"{letter}(-?[\d.]+)", path)]


def test_every_scheme_that_was_drawn_has_a_plot_of_all_frameworks(sound, other):
    drawn = plots([sound, other])
    assert [plot.scheme for plot in drawn] == [h.scheme for h in sound.histograms]
    for plot in drawn:
        assert [(curve.adapter, curve.number) for curve in plot.curves] == [
            ("numpy", 0),
            ("other", 1),
        ]
        assert {"mean", "variance", "support"} <= set(plot.claims)
        assert {row.scheme for curve in plot.curves for row in curve.rows.values()} == {plot.scheme}


def test_a_plot_lies_within_its_frame(sound):
    width, height = FRAME.size
    for plot in plots([sound]):
        (curve,) = plot.curves
        corners = [tuple(map(float, corner.split(","))) for corner in curve.points.split()]
        assert len(corners) > 30
        assert all(LEFT <= x <= width and 0 <= y <= height for x, y in corners)
        assert all(0 <= y <= STRIP for y in numbers(curve.strip, "V"))
        # Its cells are of one width, and fill the frame.
        assert sum(numbers(curve.strip, "h")) == pytest.approx(FRAME.width)


def test_cells_with_too_many_elements_stand_out(sound):
    first = sound.histograms[0]
    counts = (*(2 * count for count in first.counts[:4]), *first.counts[4:])
    moved = replace(sound, histograms=(replace(first, counts=counts),))
    places = []
    for run in (replace(sound, histograms=(first,)), moved):
        (plot,) = plots([run])
        places.append(numbers(plot.curves[0].strip, "V")[0])
    assert places[1] == 0 < places[0]


def test_results_of_another_number_of_cells_are_drawn_as_they_are(sound):
    first = replace(sound.histograms[0], counts=(3, 5, 4))
    (plot,) = plots([replace(sound, histograms=(first,))])
    assert len(numbers(plot.curves[0].strip, "V")) == 3
    assert plot.curves[0].n == 12


def test_a_histogram_of_what_has_no_density_is_refused(sound):
    changed = replace(sound.histograms[0], source={"name": "zeros", "params": {}})
    with pytest.raises(FanwiseError, match="a scheme with a density"):
        plots([replace(sound, histograms=(changed,))])
