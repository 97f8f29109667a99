"""Known answers of schemes whose elements are a formula each: equations, read by us, in 50 digits.

An equation gives one element of a weight: of its index as stored, the shape, the parameters, and
its number between 0 and 1 where it is random. Beside what equations give stands what the code of
those who wrote them gave when it was run: numbers alone, in ``ran/``.
"""

import json
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import mpmath

RAN = Path(__file__).parent / "ran"
#: The numbers that random formulas are worked out for: in float64 without rounding.
UNIFORM = [0.0625, 0.5, 0.96875]


def element(equation, index, shape, params, u=None):
    """Work one element out, in 50 digits."""
    with mpmath.workdps(50):
        given = {name: _exact(value) for name, value in params.items()}
        return float(equation(index, shape, SimpleNamespace(**given), u and mpmath.mpf(u)))


def values(equation, shape, params):
    """Work a whole weight out, as nested lists."""
    flat = [element(equation, index, shape, params) for index in product(*map(range, shape))]
    return _nested(flat, shape)


def first_rows(equation, shape, params):
    """Work the first row of a random weight out, for each of the numbers."""
    start = (0,) * (len(shape) - 1)
    return [
        [element(equation, (*start, last), shape, params, u) for last in range(shape[-1])]
        for u in UNIFORM
    ]


def answer(scheme, equation, source, shape, params=None, *, defaults=(), axes="", random=False):
    """Make a known answer of an equation.

    Args:
        scheme: the catalogue's name.
        equation: of an element.
        source: whose it is, and its place there, with a semicolon between.
        shape: as stored.
        params: what the scheme is told.
        defaults: what the scheme says itself where it is not told.
        axes: the pattern of the shape; none is the scheme's own.
        random: whether elements have a number between 0 and 1.
    """
    whose, _, where = source.partition("; ")
    told = {**dict(defaults), **(params or {})}
    if random:
        expect = {"at": {"u": UNIFORM, "values": first_rows(equation, shape, told)}}
    else:
        expect = {"values": values(equation, shape, told)}
    return {
        "scheme": scheme,
        "params": params or {},
        "shape": shape,
        "axes": axes,
        "source": whose,
        "obtained": f"{where}, in 50-digit arithmetic",
        "departs": "",
        "expect": {**expect, "rtol": 1e-12, "atol": 1e-14},
    }


def ran(family):
    """Return what other people's code gave, for the schemes of a family."""
    return json.loads((RAN / f"{family}.json").read_text("utf-8"))


def _exact(value):
    """Take a number for what it is in decimals: 0.001 is one thousandth."""
    if isinstance(value, list):
        return [_exact(inner) for inner in value]
    return mpmath.mpf(repr(value)) if isinstance(value, float) else value


def _nested(flat, shape):
    for size in reversed(shape[1:]):
        flat = [flat[start : start + size] for start in range(0, len(flat), size)]
    return flat
