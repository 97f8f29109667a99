"""Rows of known answers of elements that are drawn one by one, in 50-digit arithmetic.

A row may name what the reference code handed to its own sampler when it was run on the same
shape. The equation must give that number too, or no row comes of it.
"""

from __future__ import annotations

import math

import mpmath

DIGITS = 50
#: How far a number of the reference code, in float64, may be from the equation's.
_ROUNDING = 4e-15


def root(value):
    """Take the square root of a number in full precision."""
    return mpmath.sqrt(mpmath.mpf(value))


def power(base, exponent):
    """Raise a number to a power in full precision."""
    return mpmath.power(mpmath.mpf(base), mpmath.mpf(exponent))


def xavier(fan_in, fan_out):
    """Work the standard deviation of Xavier's law out."""
    return root(mpmath.mpf(2) / (fan_in + fan_out))


def cut_std(bound):
    """Work out the standard deviation of a standard normal that is cut at ±bound."""
    bound = mpmath.mpf(bound)
    mass = 2 * mpmath.ncdf(bound) - 1
    return mpmath.sqrt(1 - 2 * bound * mpmath.npdf(bound) / mass)


def normal(scheme, shape, std, source, obtained, *, ran=None, mean=0, **more):
    """Make a row of a normal; ``ran`` is the standard deviation that the code drew with."""
    _agree(scheme, std, ran)
    law = {"kind": "normal", "mean": float(mean), "std": float(std)}
    # A mean of hundreds of standard deviations is read off elements that hardly differ.
    near = {"rtol": 1e-9 if mean else 1e-12, "atol": 1e-15}
    return _row(scheme, shape, source, _words(obtained, ran), {"law": law, **near}, more)


def uniform(scheme, shape, limit, source, obtained, *, ran=None, **more):
    """Make a row of a uniform on ±limit; ``ran`` is the limit that the code drew with."""
    _agree(scheme, limit, ran)
    law = {"kind": "uniform", "mean": 0.0, "std": float(limit / root(3))}
    law |= {"low": float(-limit), "high": float(limit)}
    near = {"rtol": 1e-12, "atol": 1e-15}
    return _row(scheme, shape, source, _words(obtained, ran), {"law": law, **near}, more)


def cut(scheme, shape, sigma, bound, source, obtained, *, ran=None, **more):
    """Make a row of a normal that is cut at ±bound·sigma, where sigma is that of the whole one."""
    _agree(scheme, sigma, ran)
    law = {"kind": "truncated_normal", "mean": 0.0, "std": float(sigma * cut_std(bound))}
    law |= {"sigma": float(sigma), "low": float(-bound * sigma), "high": float(bound * sigma)}
    near = {"rtol": 1e-12, "atol": 1e-15}
    return _row(scheme, shape, source, _words(obtained, ran), {"law": law, **near}, more)


def constant(scheme, shape, value, source, obtained, **more):
    """Make a row of one value."""
    law = {"kind": "constant", "mean": float(value), "low": float(value), "high": float(value)}
    return _row(scheme, shape, source, obtained, {"law": law, "rtol": 1e-15}, more)


def properties(scheme, shape, expected, source, obtained, **more):
    """Make a row of what is said of a whole weight."""
    return _row(scheme, shape, source, obtained, {"properties": expected}, more)


def _row(scheme, shape, source, obtained, expect, more):
    row = {"scheme": scheme, "params": {}, "shape": shape, "axes": "kernel", "source": source}
    return row | {"obtained": obtained, "departs": ""} | more | {"expect": expect}


def _words(obtained, ran):
    if ran is None:
        return f"{obtained}, in {DIGITS}-digit arithmetic"
    return f"ran the reference code, float64; {obtained}, in {DIGITS}-digit arithmetic"


def _agree(scheme, worked_out, ran):
    if ran is not None and not math.isclose(float(worked_out), ran, rel_tol=_ROUNDING):
        raise ValueError(f"{scheme}: the equation gives {float(worked_out)!r}, the code {ran!r}")
