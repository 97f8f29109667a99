"""The plots: one for each native draw, with its counts over the law's density."""

from dataclasses import replace

from fanwise.conformance.checks.laws import CELLS
from fanwise.conformance.report.plots import HEIGHT, STRIP, WIDTH, plots


def points(text):
    return [tuple(map(float, point.split(","))) for point in text.split()]


def test_every_draw_has_a_plot_within_its_frame(sound):
    drawn = plots([sound])
    assert set(drawn) == {histogram.scheme for histogram in sound.histograms}
    for scheme, (plot, *_) in drawn.items():
        assert plot.rows, scheme
        assert {row.scheme for row in plot.rows} == {scheme}
        assert all(0 <= y <= HEIGHT for _, y in points(plot.area) + points(plot.law))
        strip = points(plot.strip)
        assert len(strip) == CELLS
        assert all(0 <= x <= WIDTH and 0 <= y <= STRIP for x, y in strip)


def test_a_cell_with_too_many_elements_stands_out(sound):
    first = sound.histograms[0]
    counts = (first.counts[0] * 2, *first.counts[1:])
    moved = replace(sound, histograms=(replace(first, counts=counts),))
    heights = []
    for run in (replace(sound, histograms=(first,)), moved):
        ((plot,),) = plots([run]).values()
        heights.append(points(plot.strip)[0][1])
    assert heights[1] < heights[0]
