"""Known answers of ramps."""

import mpmath

from reference.equations import answer, ran


def linspace(index, shape, p, _u):
    return p.low + (p.high - p.low) * mpmath.mpf(index[-1]) / (shape[-1] - 1)


def arange(index, _shape, p, _u):
    return p.start + index[-1] * p.step


def geomspace(index, shape, p, _u):
    t = mpmath.mpf(index[-1]) / (shape[-1] - 1)
    return mpmath.exp((1 - t) * mpmath.log(p.low) + t * mpmath.log(p.high))


def powers(index, _shape, p, _u):
    return mpmath.power(p.base, p.start + index[-1] * p.step)


def log_uniform(_index, _shape, p, u):
    return mpmath.exp(mpmath.log(p.low) + u * (mpmath.log(p.high) - mpmath.log(p.low)))


EQUATIONS = {
    "linspace": linspace,
    "arange": arange,
    "geomspace": geomspace,
    "powers": powers,
    "log_uniform": log_uniform,
}


def answers():
    """Return the known answers, as the file holds them."""
    usage = "common usage; even steps"
    return [
        answer("linspace", linspace, usage, [2, 5], {"low": 6.0, "high": 3.0}),
        answer("arange", arange, usage, [4], {"start": -1.0, "step": 0.1}),
        answer("geomspace", geomspace, "common usage; even steps of the logarithm", [5],
               {"low": 4.0, "high": 0.25}),
        answer("powers", powers, "common usage; base^(start + i step)", [4],
               {"base": 10.0, "start": -2.0, "step": 0.5}),
        answer("log_uniform", log_uniform, "common usage; the logarithm is uniform", [2],
               {"low": 0.001, "high": 0.1}, random=True),
        *ran("general"),
    ]  # fmt: skip
