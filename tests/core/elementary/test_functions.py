"""Functions of arrays have the bits of those of numbers, which tests/spec proves by mpmath."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.elementary import HARDEST

from fanwise.core.elementary import FUNCTIONS, blocks, power
from fanwise.spec.elementary import FUNCTIONS as OF_NUMBERS
from fanwise.spec.powers import power as power_of_numbers

SAME = {name: (FUNCTIONS[name], OF_NUMBERS[name][0]) for name in FUNCTIONS}
SAME = {name: (function, numbers) for name, ((function, _), numbers) in SAME.items()}
SAME["power"] = (power, power_of_numbers)
ARGUMENTS = {"mod": 2, "power": 2, "min": 3, "max": 3}
#: More numbers than are worked out one by one.
MANY = 2 * blocks._FEW
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def by_number(function, *arrays):
    """Ask the function of numbers; what it has no value for is NaN, what is too large infinite."""

    def one(*numbers):
        try:
            return function(*numbers)
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return math.nan

    return np.array([one(*numbers) for numbers in zip(*(a.tolist() for a in arrays), strict=True)])


def check(name, *arrays):
    of_arrays, of_numbers = SAME[name]
    found, wanted = of_arrays(*arrays), by_number(of_numbers, *arrays)
    finite = np.isfinite(wanted)
    np.testing.assert_array_equal(found.view(np.int64)[finite], wanted.view(np.int64)[finite])
    np.testing.assert_array_equal(np.isnan(found), np.isnan(wanted))
    np.testing.assert_array_equal(np.abs(found[~finite]), wanted[~finite])


def all_kinds(rng, size):
    """Numbers of every size, and close to the places where functions cancel."""
    sign = rng.choice([-1.0, 1.0], size)
    close = 1 + sign * 2.0 ** -rng.uniform(1, 53, size)
    words = rng.integers(0, 2**64, size, dtype=np.uint64).view(np.float64)
    kinds = [
        np.where(np.isfinite(words), words, 0.0),
        *(close, close / 2, close * math.log(2), close * math.log(2) / 512),
        close * rng.integers(-3000, 3000, size) * (math.pi / 512),
        sign * 2.0 ** rng.uniform(-60, 10, size),
        *(rng.uniform(-746, 711, size), rng.uniform(-42, 42, size)),
        rng.integers(-100, 100, size) / 4,
        *(rng.random(size), rng.standard_normal(size)),
    ]
    return np.array(kinds)[rng.integers(0, len(kinds), size), np.arange(size)]


@pytest.mark.parametrize("name", SAME)
@pytest.mark.filterwarnings("error")
def test_the_same_bits_as_for_numbers(name):
    rng = np.random.default_rng(sorted(SAME).index(name))
    with np.errstate(all="raise", under="ignore"):
        arrays = [all_kinds(rng, 20_000) for _ in range(ARGUMENTS.get(name, 1))]
    with np.errstate(all="raise"):  # the functions see to it themselves
        check(name, *arrays)


@pytest.mark.parametrize("name", SAME)
@given(data=st.data())
def test_any_numbers(name, data):
    count = ARGUMENTS.get(name, 1)
    numbers = [data.draw(FLOATS | st.floats(0, 1) | st.floats(-9, 9)) for _ in range(count)]
    check(name, *(np.full(MANY, number) for number in numbers))
    check(name, *(np.full(1, number) for number in numbers))


@pytest.mark.parametrize(("name", "text", "_"), HARDEST)
def test_what_is_hardest_to_round(name, text, _):
    check(name, np.full(MANY, float.fromhex(text)))


@pytest.mark.parametrize("name", ["exp", "power"])
def test_subnormal_results(name):
    x = np.concatenate([np.linspace(-1080, -1020, 500), np.linspace(-1075.1, -1074.9, 500)])
    check(name, *([x * math.log(2)] if name == "exp" else [np.full(1000, 2.0), x]))
    check(name, *([x * math.log(2)] if name == "exp" else [np.full(1000, 3.0), x / 1.58]))


def test_powers_in_the_middle_of_two_floats():
    odd = np.arange(2**26 + 1, 2**27, 2**20, np.float64)
    check("power", np.concatenate([odd, -odd]), np.full(2 * odd.size, 2.0))
    np.testing.assert_array_equal(power(odd, 2.0), odd * odd)
    check("power", np.full(MANY, 3.0), np.arange(28.0, 28 + MANY))


def test_powers_that_ieee_754_rounds():
    x = 2.0 ** np.random.default_rng(0).uniform(-500, 500, 50_000)
    np.testing.assert_array_equal(power(x, 0.5), np.sqrt(x))
    np.testing.assert_array_equal(power(x, 2.0), x * x)
    np.testing.assert_array_equal(power(x, -1.0), 1 / x)
    np.testing.assert_array_equal(power(x, 1.0), x)


@pytest.mark.parametrize(
    ("name", "given", "wanted"),
    [
        ("exp", [-np.inf, np.inf, np.nan, 0.0], [0.0, np.inf, np.nan, 1.0]),
        ("expm1", [-np.inf, np.inf, np.nan, -0.0], [-1.0, np.inf, np.nan, -0.0]),
        ("log", [-np.inf, np.inf, np.nan, 0.0, 1.0], [np.nan, np.inf, np.nan, np.nan, 0.0]),
        ("log2", [-np.inf, np.inf, np.nan, 0.0, 1.0], [np.nan, np.inf, np.nan, np.nan, 0.0]),
        ("log1p", [-np.inf, np.inf, np.nan, -1.0, -0.0], [np.nan, np.inf, np.nan, np.nan, -0.0]),
        ("logit", [-np.inf, np.inf, np.nan, 1.0, 0.0, 0.5], [*[np.nan] * 5, 0.0]),
        ("softplus_inverse", [-np.inf, np.inf, np.nan, 0.0], [np.nan, np.inf, np.nan, np.nan]),
        ("tanh", [-np.inf, np.inf, np.nan, -0.0], [-1.0, 1.0, np.nan, -0.0]),
        ("sin", [-np.inf, np.inf, np.nan, -0.0], [np.nan, np.nan, np.nan, -0.0]),
        ("cos", [-np.inf, np.inf, np.nan, -0.0], [np.nan, np.nan, np.nan, 1.0]),
    ],
)
def test_infinities_and_zeros(name, given, wanted):
    found = FUNCTIONS[name][0](np.tile(given, MANY))
    np.testing.assert_array_equal(found, np.tile(wanted, MANY))
    zeros = found == 0
    np.testing.assert_array_equal(
        np.signbit(found)[zeros], np.signbit(np.tile(wanted, MANY))[zeros]
    )


@pytest.mark.parametrize("function", [FUNCTIONS["min"][0], FUNCTIONS["max"][0], power])
@pytest.mark.parametrize("count", [1, MANY])
def test_nan_spreads(function, count):
    assert np.isnan(function([1.0, np.nan] * count, [np.nan, 0.0] * count)).all()


def test_the_first_of_equal_zeros_is_taken():
    for name in ("min", "max"):
        function = FUNCTIONS[name][0]
        np.testing.assert_array_equal(np.signbit(function([0.0, -0.0], [-0.0, 0.0])), [False, True])


def test_arrays_are_broadcast():
    rows, columns = np.arange(1.0, 60.0)[:, None], np.linspace(-1, 1, 300)
    found = power(rows, columns)
    assert found.shape == (59, 300)
    assert found.flags.c_contiguous
    check("power", *(a.ravel() for a in np.broadcast_arrays(rows, columns)))
    np.testing.assert_array_equal(
        found.ravel(), power(*map(np.ravel, np.broadcast_arrays(rows, columns)))
    )
    assert power(2.0, 3.0) == 8
    assert FUNCTIONS["log"][0](np.ones((0, 3))).shape == (0, 3)
    turned = np.asfortranarray(np.random.default_rng(1).random((70, 80)))
    np.testing.assert_array_equal(
        FUNCTIONS["log"][0](turned), FUNCTIONS["log"][0](turned.copy("C"))
    )


def test_arguments_are_left_as_they_were():
    x = np.linspace(0.1, 0.9, 10_000)
    before = x.copy()
    for name in FUNCTIONS:
        FUNCTIONS[name][0](*[x] * ARGUMENTS.get(name, 1))
    np.testing.assert_array_equal(x, before)
