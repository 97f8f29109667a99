"""The errors of pairs are within the bounds that their modules derive, and leave little doubt."""

import math

import mpmath
import numpy as np
import pytest
from reference import elementary as reference

from fanwise.core.elementary import circular, exponentials, logarithms, pairs, powers

MODULES = {
    "exp": exponentials,
    "expm1": exponentials,
    "tanh": exponentials,
    "log": logarithms,
    "log2": logarithms,
    "log1p": logarithms,
    "logit": logarithms,
    "softplus_inverse": logarithms,
    "sin": circular,
    "cos": circular,
}
RNG = np.random.default_rng(16)
SIZE = 300
SIGN = RNG.choice([-1.0, 1.0], SIZE)


def close(place, first=6, last=30):
    return place * (1 + SIGN * 2.0 ** -RNG.uniform(first, last, SIZE))


#: Arguments where little or much cancels, and where tables end.
HARD = [
    *(("exp", RNG.uniform(-1, 1, SIZE)), ("exp", RNG.uniform(-700, 700, SIZE))),
    *(("expm1", RNG.uniform(-0.003, 0.003, SIZE)), ("expm1", RNG.uniform(-1, 1, SIZE))),
    ("expm1", SIGN * 2.0 ** -RNG.uniform(10, 53, SIZE)),
    *(("log", close(1.0, 6, 14)), ("log", RNG.uniform(0.99, 1.01, SIZE)), ("log", close(0.6875))),
    *(("log2", RNG.uniform(0.6, 1.4, SIZE)), ("log1p", SIGN * 2.0 ** -RNG.uniform(6, 14, SIZE))),
    *(("logit", close(0.5, 6, 52)), ("logit", RNG.uniform(0.499, 0.501, SIZE))),
    *(("logit", RNG.random(SIZE)), ("softplus_inverse", close(math.log(2), 6, 52))),
    ("softplus_inverse", RNG.uniform(0.691, 0.696, SIZE)),
    *(("softplus_inverse", RNG.random(SIZE) / 256), ("softplus_inverse", RNG.uniform(0, 30, SIZE))),
    *(("tanh", RNG.uniform(0, 0.5, SIZE)), ("tanh", 2.0 ** -RNG.uniform(6, 14, SIZE))),
    *(("sin", RNG.uniform(-0.007, 0.007, SIZE)), ("sin", close(math.pi, 6, 52))),
    *(("sin", RNG.uniform(-9, 9, SIZE)), ("cos", close(math.pi / 2, 6, 52))),
    ("sin", close(math.pi, 6, 52) * RNG.integers(1, 2**17, SIZE)),
]


@pytest.mark.parametrize(("name", "x"), HARD)
def test_errors_are_within_bounds(monkeypatch, name, x):
    found = {}

    def nearest(pair, bound):
        found.update(pair=pair, bound=bound)
        return pairs.nearest(pair, bound)

    monkeypatch.setattr(MODULES[name], "nearest", nearest)
    with np.errstate(all="ignore"):
        getattr(MODULES[name], name)(x)
    worst = max(map(error_of, *found["pair"], [reference.exact(name, each) for each in x]))
    assert worst < found["bound"]
    # The bounds are derived, and not far from what occurs.
    assert worst > found["bound"] / 2**16


def error_of(high, low, value):
    """Return the relative error of a pair, which stands for its value times a power of two."""
    with mpmath.workprec(300):
        ratio = abs((mpmath.mpf(float(high)) + mpmath.mpf(float(low))) / value)
        return abs(ratio / mpmath.mpf(2) ** mpmath.nint(mpmath.log(ratio, 2)) - 1)


@pytest.mark.parametrize(
    ("kernel", "arguments", "doubtful"),
    [
        (exponentials.exp, [RNG.uniform(-9, 9, 100_000)], 1e-4),
        (logarithms.log, [RNG.random(100_000)], 1e-4),
        (logarithms.logit, [RNG.random(100_000)], 1e-4),
        (logarithms.softplus_inverse, [RNG.random(100_000)], 1e-3),
        (circular.sin, [RNG.uniform(-1000, 1000, 100_000)], 1e-3),
        (powers.power, [RNG.random(100_000), RNG.uniform(-9, 9, 100_000)], 1e-3),
    ],
)
def test_few_values_are_in_doubt(kernel, arguments, doubtful):
    with np.errstate(all="ignore"):
        assert kernel(*arguments)[1].mean() < doubtful


def test_doubtful_values_are_rounded_by_the_function_of_numbers():
    """In the middle of two floats a pair cannot tell, and rounds half of them wrongly."""
    odd = np.arange(94_906_267, 2**27, 2**16, np.float64)  # whose squares have 54 bits
    values, doubtful = powers.power(odd, np.array(2.0))
    assert doubtful.all()
    assert (values != odd * odd).any()


def test_products_and_quotients_of_pairs():
    high = RNG.uniform(1, 2, (2, SIZE))
    a, b = ((each, each * 2.0**-54 * RNG.uniform(-1, 1, SIZE)) for each in high)
    for operation, exact in ((pairs.product, mpmath.fmul), (pairs.quotient, mpmath.fdiv)):
        results = operation(a, b)
        with mpmath.workprec(300):
            for i in range(SIZE):
                x, y, z = (sum(mpmath.mpf(float(part[i])) for part in p) for p in (a, b, results))
                assert abs(z / exact(x, y, prec=300) - 1) < mpmath.mpf(2) ** -100
