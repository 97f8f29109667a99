"""The frame of a plot: pixels, and ticks at round numbers."""

import pytest

from fanwise.conformance.report.frames import LEFT, TOP, Frame


def frame(low=-4.0, high=4.0, top=0.5):
    return Frame(width=400, height=100, low=low, high=high, top=top, across="value", up="density")


def test_the_corners_of_the_plane_are_those_of_the_frame():
    assert (frame().x(-4.0), frame().x(4.0)) == (LEFT, LEFT + 400)
    assert (frame().y(0.0), frame().y(0.5)) == (TOP + 100, TOP)


def test_what_lies_beyond_is_at_the_end():
    assert frame().x(1e9) == LEFT + 400
    assert frame().y(7.0) == TOP


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (-4.0, 4.0, ["\u22124", "\u22122", "0", "2", "4"]),
        (-0.32, 0.32, ["\u22120.2", "0.0", "0.2"]),
        (-1.0, 0.1, ["\u22121.00", "\u22120.75", "\u22120.50", "\u22120.25", "0.00"]),
        (0.0, 1200.0, ["0", "250", "500", "750", "1000"]),
    ],
)
def test_ticks_are_round_numbers_within_the_axis(low, high, texts):
    ticks = frame(low, high).ticks_across
    assert [tick.text for tick in ticks] == texts
    assert all(LEFT <= tick.at <= LEFT + 400 for tick in ticks)


def test_steps_begin_and_end_on_the_axis():
    path = frame().steps([-4.0, 0.0, 4.0], [0.25, 0.5])
    assert path == f"M{LEFT} {TOP + 100}V{TOP + 50}H{LEFT + 200}V{TOP}H{LEFT + 400}V{TOP + 100}"


def test_a_line_goes_through_its_points():
    assert frame().line([(-4.0, 0.0), (4.0, 0.5)]) == f"M{LEFT} {TOP + 100}L{LEFT + 400} {TOP}"


def test_a_polygon_has_its_corners_in_pixels():
    assert frame().points([(-4.0, 0.0), (0.1, 0.5)]) == f"{LEFT},{TOP + 100} {LEFT + 205},{TOP}"
