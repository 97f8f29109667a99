"""The numbers of a law, read off a weight of known words."""

import math
from dataclasses import replace

import numpy as np
import pytest

import fanwise
from fanwise.adapters.protocol import Draw
from fanwise.conformance.checks.drawn_laws import drawn_numbers
from fanwise.conformance.checks.faults import right

SCHEMES = (
    fanwise.scheme("uniform", low=-0.25, high=1.0),
    fanwise.scheme("normal", mean=0.3, std=0.1),
    fanwise.scheme("truncated_normal", mean=0.5, std=0.1, low=-1.0, high=3.0),
    fanwise.scheme("constant", value=0.25),
)


def draw_of(scheme, axes="torch"):
    return Draw(scheme, (40, 30), 7, path="layer/kernel", axes=axes, dtype="float64")


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
def test_they_are_those_of_the_law(scheme):
    draw = draw_of(scheme)
    numbers, law = drawn_numbers(right(draw), draw), scheme.law(draw.shape)
    assert numbers["kind"] == scheme.name
    assert numbers["mean"] == pytest.approx(law.mean, rel=1e-12)
    assert numbers["std"] == pytest.approx(law.std, rel=1e-12)
    if hasattr(law, "sigma"):
        assert numbers["sigma"] == pytest.approx(law.sigma, rel=1e-12)
    if scheme.name == "uniform":
        ends = (numbers["low"], numbers["high"])
        assert ends == pytest.approx((-0.25, 1.0), rel=1e-12)
    if scheme.name == "truncated_normal":
        reach = (numbers["high"] - numbers["low"]) / law.sigma
        assert reach == pytest.approx(4.0, rel=1e-12)


@pytest.mark.parametrize("scheme", SCHEMES[:3], ids=lambda scheme: scheme.name)
def test_of_other_words_and_of_another_order_there_are_none(scheme):
    draw = draw_of(scheme)
    others = (right(replace(draw, seed=8)), np.ascontiguousarray(right(draw).T.reshape(40, 30)))
    for other in others:
        assert math.isnan(drawn_numbers(other, draw)["std"])


def test_one_element_tells_no_slope_and_a_matrix_made_as_a_whole_has_none():
    for scheme, shape in (("normal", (1, 1)), ("orthogonal", (4, 4))):
        draw = replace(draw_of(fanwise.scheme(scheme)), shape=shape)
        with pytest.raises(fanwise.FanwiseError, match="known answer"):
            drawn_numbers(right(draw), draw)
