"""Splines through noise, coefficient by coefficient."""

import math

import numpy as np
import pytest
from reference import stream
from scipy.interpolate import BSpline

from fanwise import FanwiseError, sample, scheme
from fanwise.spec.splines import spline_fit


@pytest.mark.parametrize(
    ("coefficients", "order", "gain"), [(8, 3, 1.0), (3, 1, 2.0), (12, 5, 1.0)]
)
def test_sums_in_order(coefficients: int, order: int, gain: float) -> None:
    inputs, outputs, grid = 3, 4, coefficients - order
    key, fit = stream.key(9, "kan/spline"), spline_fit(grid, order)
    asked = scheme("kan_spline", spline_order=order, noise_scale=0.3, gain=gain)
    got = sample(
        asked,
        (outputs, inputs, coefficients),
        seed=9,
        path="kan/spline",
        axes="out in *",
        dtype="float64",
    )
    for i in range(inputs):
        for o in range(outputs):
            noise = []
            for point in range(grid + 1):
                word = stream.word(key, (point * inputs + i) * outputs + o)
                uniform = (stream.uniform_integer(word) + 2**24) / 2**25
                noise.append((uniform - 0.5) * 0.3 / grid)
            for b in range(coefficients):
                total = 0.0
                for weight, value in zip(fit[b], noise, strict=True):
                    total += weight * value
                assert got[o, i, b] == total * gain


def test_the_curve_takes_the_noise() -> None:
    got = sample(scheme("kan_spline"), (5, 4, 8), seed=0, axes="out in *", dtype="float64")
    curve = BSpline(np.arange(-3, 9.0), np.moveaxis(got, -1, 0), 3)(np.arange(6.0))
    assert np.abs(curve).max() < 0.1 / 2 / 5
    assert curve.std() == pytest.approx(0.1 / 5 / math.sqrt(12), rel=0.2)


def test_pykan_has_other_axes() -> None:
    ours = sample(scheme("kan_spline"), (5, 4, 8), seed=0, axes="out in *")
    assert np.array_equal(
        sample(scheme("kan_spline"), (4, 5, 8), seed=0, axes="in out *"), ours.swapaxes(0, 1)
    )


def test_errors() -> None:
    with pytest.raises(FanwiseError, match="more than 3 coefficients"):
        sample(scheme("kan_spline"), (5, 4, 3), seed=0, axes="out in *")
    with pytest.raises(FanwiseError, match="in and out"):
        sample(scheme("kan_spline"), (5,), seed=0, axes="*")
