"""Elementary functions of numbers, by another library and by what IEEE 754 rounds itself."""

import math
from fractions import Fraction

import mpmath
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from reference import elementary as reference

from fanwise.spec import nearest as rounding
from fanwise.spec.elementary import FUNCTIONS
from fanwise.spec.powers import power

FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def near(*places):
    """Numbers that come as close to a place as floats do."""
    sizes = st.floats(-53, -1).map(lambda exponent: 2.0**exponent)
    around = st.builds(
        lambda place, size, sign: place * (1 + sign * size),
        st.sampled_from(places),
        sizes,
        st.sampled_from((-1, 1)),
    )
    # Where a function begins to be its argument, and where it has come to a limit.
    small = st.floats(2.0**-30, 2.0**-22) | st.floats(2.0**-56, 2.0**-48)
    large = st.floats(-42, -32) | st.floats(15, 42)
    return FLOATS | st.floats(0, 1) | st.floats(-9, 9) | around | small | large


def moderate(x, low=-1000.0, high=1000.0):
    return low < x < high and (x == 0 or abs(x) > 1e-100)


def check(name, x):
    assert FUNCTIONS[name][0](x) == reference.rounded(reference.exact(name, x))


@pytest.mark.parametrize("name", ["exp", "expm1"])
@given(x=near(1.0, math.log(2)) | st.floats(-746, 709.7))
@example(x=-745.1332191019411)
@example(x=-745.1332191019412)
@example(x=-744.4400719213812)
@example(x=709.782712893384)
@example(x=-708.3964185322641)
@example(x=5e-324)
@example(x=-(2.0**-54))
@example(x=-36.5)
def test_exponentials(name, x):
    assume(x < 709.78271289338403)
    if not moderate(x):
        assert FUNCTIONS[name][0](x) == (math.exp(x) if name == "exp" else math.expm1(x))
    else:
        check(name, x)


@pytest.mark.parametrize("name", ["log", "log2"])
@given(x=near(1.0, 2.0, 0.6875))
def test_logarithms(name, x):
    assume(x > 0)
    check(name, x)


@given(x=near(1.0, -1.0))
def test_log1p(x):
    assume(x > -1)
    if abs(x) < 1e-100:
        assert FUNCTIONS["log1p"][0](x) == x
    else:
        check("log1p", x)


@given(p=near(0.5, 1.0))
def test_logit(p):
    assume(0 < p < 1)
    check("logit", p)


@given(x=near(math.log(2)))
@example(x=36.0)
@example(x=5e-324)
def test_softplus_inverse(x):
    assume(x > 0)
    if x < 1000:
        check("softplus_inverse", x)
    else:
        assert FUNCTIONS["softplus_inverse"][0](x) == x


@given(x=near(1.0))
@example(x=-18.5)
def test_tanh(x):
    if moderate(x):
        check("tanh", x)
    else:
        assert FUNCTIONS["tanh"][0](x) == (x if abs(x) < 1 else math.copysign(1, x))


@pytest.mark.parametrize("name", ["sin", "cos"])
@given(x=near(*(k * math.pi / 2 for k in range(-8, 9))) | st.floats(1e200, 1e308))
@example(x=6381956970095103 * 2.0**797)  # the closest to a multiple of π/2 (Muller)
@example(x=1e300)
def test_circular_functions(name, x):
    if 0 < abs(x) < 1e-100:
        assert FUNCTIONS[name][0](x) == (x if name == "sin" else 1)
    else:
        check(name, x)


@given(
    x=FLOATS | near(1.0) | st.integers(1, 100).map(float),
    y=FLOATS | st.floats(-50, 50) | st.integers(-640, 640).map(lambda n: n / 16),
)
@example(x=9.0, y=0.5)
@example(x=3.0, y=34.0)
@example(x=134217727.0, y=2.0)
@example(x=134217729.0, y=2.0)
@example(x=2.0, y=-1074.0)
@example(x=2.0, y=-1075.0)
@example(x=4.0, y=-537.5)
@example(x=3.0**32, y=1 / 32)
@example(x=2.0**-1074, y=0.5)
@example(x=0.25, y=600.0)
@example(x=-3.0, y=35.0)
@example(x=6.0, y=-417.0)
@example(x=3.0, y=646.0625)
@example(x=3.0, y=-676.9375)
@example(x=3.0, y=-677.9375)
def test_powers(x, y):
    assume(x > 0 or (y == math.floor(y) and x < 0))
    scale = y * math.log2(abs(x))
    assume(abs(scale) < 1023.99 or scale < 0)
    if scale < -1080:
        assert power(x, y) == 0
        return
    sign = -1 if x < 0 and y % 2 else 1
    with mpmath.workprec(2200):
        wanted = mpmath.power(mpmath.mpf(abs(x)), mpmath.mpf(y))
    if y == int(y) and abs(y) < 64:
        assert power(x, y) == float(Fraction(x) ** int(y))
    else:
        assert power(x, y) == sign * reference.rounded(wanted)


@pytest.mark.parametrize(("name", "text", "distance"), reference.HARDEST)
def test_what_is_hardest_to_round(name, text, distance):
    x = float.fromhex(text)
    value = reference.exact(name, x, bits=400)
    half = reference.distance_to_a_half(value)
    assert min(half, 0.5 - half) < mpmath.mpf(2) ** distance
    assert FUNCTIONS[name][0](x) == reference.rounded(value)


@given(x=st.floats(0, exclude_min=True, allow_infinity=False, allow_subnormal=False))
def test_powers_that_ieee_754_rounds(x):
    assert power(x, 0.5) == math.sqrt(x)
    assert power(x, -1.0) == (1 / x if x > 1e-308 else power(x, -1.0))
    assert power(x, 1.0) == x
    if 1e-150 < x < 1e150:
        assert power(x, 2.0) == x * x


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("exp", (0.0,), 1.0),
        ("exp", (-1e300,), 0.0),
        ("log", (1.0,), 0.0),
        ("log2", (2.0**-1074,), -1074.0),
        ("log2", (8.0,), 3.0),
        ("logit", (0.5,), 0.0),
        ("tanh", (-1e300,), -1.0),
        ("sin", (-0.0,), -0.0),
        ("expm1", (-0.0,), -0.0),
        ("tanh", (-0.0,), -0.0),
        ("cos", (0.0,), 1.0),
        ("mod", (-1.0, 3.0), 2.0),
        ("mod", (5.5, -2.0), -0.5),
        ("floor", (-0.5,), -1.0),
        ("floor", (-0.0,), -0.0),
        ("ceil", (-0.5,), -0.0),
        ("abs", (-2.5,), 2.5),
        ("min", (2.0, 1.0, 3.0), 1.0),
        ("max", (2.0,), 2.0),
    ],
)
def test_exact_values(name, arguments, value):
    function, count = FUNCTIONS[name]
    assert count in (None, len(arguments))
    found = function(*arguments)
    assert (found, math.copysign(1, found)) == (value, math.copysign(1, value))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("sqrt", (-1.0,)),
        ("log", (0.0,)),
        ("log", (-1.0,)),
        ("log", (math.nan,)),
        ("log2", (-0.0,)),
        ("log1p", (-1.0,)),
        ("logit", (0.0,)),
        ("logit", (1.0,)),
        ("softplus_inverse", (0.0,)),
        ("exp", (math.nan,)),
        ("sin", (math.nan,)),
    ],
)
def test_where_there_is_no_value(name, arguments):
    with pytest.raises(ValueError, match=r"."):
        FUNCTIONS[name][0](*arguments)


@pytest.mark.parametrize(("x", "y"), [(-2.0, 0.5), (0.0, -1.0), (math.nan, 0.0), (1.0, math.nan)])
def test_where_there_is_no_power(x, y):
    with pytest.raises(ValueError, match=r"."):
        power(x, y)


@pytest.mark.parametrize(
    "too_large",
    [
        lambda: FUNCTIONS["exp"][0](709.7827128933841),
        lambda: FUNCTIONS["expm1"][0](1e300),
        lambda: power(2.0, 1024.0),
        lambda: power(-3.0, 1001.0),
        lambda: power(1e300, 1e300),
        lambda: FUNCTIONS["mod"][0](1.0, 0.0),
    ],
)
def test_what_is_too_large(too_large):
    with pytest.raises(ArithmeticError):
        too_large()


def test_more_bits_are_asked_for_until_the_rounding_is_certain(monkeypatch):
    monkeypatch.setattr(rounding, "_FIRST", 54)
    asked = []

    def little_above_a_half(bits):
        asked.append(bits)
        return (1 << bits) + (1 << bits >> 53) + (1 << bits >> 150), -bits, 1

    assert rounding.nearest(little_above_a_half) == 1 + 2.0**-52
    assert asked == [54, 108, 216]
