"""What a dtype cannot hold is refused; what it can, to the last value, is drawn."""

import ml_dtypes
import numpy as np
import pytest

import fanwise
from fanwise.core import fill
from fanwise.core.dtypes import format_of
from fanwise.core.magnitudes import LARGEST, check_fits, largest_magnitude
from fanwise.core.philox import Words
from fanwise.core.values import write_values
from fanwise.spec.resolved import resolve

#: For float16 the largest scale that is drawn, and what it is a parameter of.
FITTING = [
    ("constant", {"value": 65504.0}),
    ("constant", {"value": -65504.0}),
    ("uniform", {"low": -65504.0, "high": 65504.0}),
    ("normal", {"std": 10335.0}),
    ("normal", {"mean": 60000.0, "std": 868.0}),
    ("truncated_normal", {"mean": 1.0, "std": 28805.0}),
    ("identity", {"gain": 65504.0}),
    ("orthogonal", {"gain": 65504.0}),
    ("sparse", {"sparsity": 0.1, "std": 10335.0}),
]


def test_the_largest_numbers_are_those_of_the_dtypes() -> None:
    assert LARGEST["float16"] == np.finfo(np.float16).max
    assert LARGEST["bfloat16"] == float(ml_dtypes.finfo(ml_dtypes.bfloat16).max)


@pytest.mark.parametrize(("name", "params"), FITTING)
def test_what_fits_is_drawn_and_nothing_more(name: str, params: dict) -> None:
    scheme = fanwise.scheme(name, **params)
    drawn = fanwise.sample(scheme, (64, 64), seed=0, dtype="float16")
    assert np.isfinite(drawn).all()
    more = {key: value * 1.001 for key, value in params.items() if key != "sparsity"}
    with pytest.raises(fanwise.FanwiseError, match="without overflow"):
        fanwise.sample(scheme.replace(**more), (64, 64), seed=0, dtype="float16")
    fanwise.sample(scheme.replace(**more), (64, 64), seed=0, dtype="bfloat16")


EXTREMES: Words = np.array([0, 1, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1], np.uint32)


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("uniform", {"low": -3.0, "high": 1.0}),
        ("normal", {"mean": -2.0, "std": 3.0}),
        ("truncated_normal", {"mean": 1.0, "std": 2.0, "low": -1.0, "high": 3.0}),
        ("truncated_normal", {"std": 2.0, "low": -20.0, "high": 20.0}),
    ],
)
def test_the_largest_magnitude_is_reached_and_not_passed(name: str, params: dict) -> None:
    law = fanwise.scheme(name, **params).law((4, 4))
    values = np.empty(EXTREMES.shape)
    write_values(EXTREMES, law, format_of("float64"), values)
    drawn = float(np.abs(values).max())
    assert drawn == pytest.approx(largest_magnitude(law), rel=1e-6)
    assert drawn <= largest_magnitude(law) * (1 + 1e-12)


def test_of_several_weights_none_is_written_where_one_does_not_fit() -> None:
    outs, fillings = [np.full(4, 7, np.float16) for _ in range(3)], []
    for out, value in zip(outs, (1.0, 2.0, 1e9), strict=True):
        resolved = resolve(fanwise.scheme("constant", value=value), (4,))
        form = fill.Form(resolved, None, format_of("float16"), out.strides, out.size)
        fillings.append(fill.Filling(form, None, out.ctypes.data, lambda out=out: out))
    with pytest.raises(fanwise.FanwiseError):
        fill.fill_all(fillings, seed=0)
    assert all((out == 7).all() for out in outs)


def test_float32_and_float64_hold_every_law() -> None:
    law = fanwise.scheme("constant", value=3.4e38).law((4,))
    check_fits(law, "float32")
    check_fits(law, "float64")
    with pytest.raises(fanwise.FanwiseError):
        check_fits(law, "bfloat16")
