"""What other people's code gave, when it was run, is what we read in their equations."""

from importlib import import_module
from math import prod

import pytest

from reference import equations

FAMILIES = ("general", "gates", "state_spaces", "positions")
DEFAULTS = {
    "forget_bias": {"value": 1.0},
    "xlstm_forget": {"low": 3.0, "high": 6.0},
    "mamba2_a_log": {"low": 1.0, "high": 16.0},
    "mamba_dt_bias": {"dt_min": 0.001, "dt_max": 0.1, "dt_floor": 1e-4},
    "s4_log_dt": {"dt_min": 0.001, "dt_max": 0.1},
    "rg_lru": {"radius_min": 0.9, "radius_max": 0.999},
    "rotary_yarn": {"base": 10000.0, "beta_fast": 32.0, "beta_slow": 1.0},
    "rotary_llama3": {
        "base": 500000.0,
        "factor": 8.0,
        "context": 8192,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
    },
}


def ran_rows():
    return [(family, row) for family in FAMILIES for row in equations.ran(family)]


def flat(nested):
    return [x for inner in nested for x in flat(inner)] if isinstance(nested, list) else [nested]


def distance(row, equation, params):
    """Return how far a row is from its equation, in units of what it may be off."""
    expect = row["expect"]
    if "at" in expect:
        known = flat(expect["at"]["values"])
        first = (0,) * (len(row["shape"]) - 1)
        places = [(*first, last) for last in range(row["shape"][-1])]
        given = [(place, u) for u in expect["at"]["u"] for place in places]
        read = [equations.element(equation, at, row["shape"], params, u) for at, u in given]
    else:
        known = flat(expect["values"])
        read = flat(equations.values(equation, row["shape"], params))
    assert len(known) == len(read) > 0
    allowed = [expect["rtol"] * abs(k) + expect.get("atol", 0.0) for k in known]
    return max(
        abs(k - r) / a if k != r else 0.0 for k, r, a in zip(known, read, allowed, strict=True)
    )


def told(row):
    return {"base": 10000.0, **DEFAULTS.get(row["scheme"], {}), **row["params"]}


@pytest.mark.parametrize(("family", "row"), ran_rows())
def test_code_gave_what_its_equation_says(family, row):
    if "law" in row["expect"]:
        return
    equation = import_module(f"reference.published.{family}").EQUATIONS[row["scheme"]]
    assert distance(row, equation, told(row)) <= 1.0


def test_another_equation_is_found_out():
    published = import_module("reference.published.positions").EQUATIONS
    (row,) = [r for r in equations.ran("positions") if r["scheme"] == "sinusoidal_2d"]
    assert distance(row, published["sinusoidal_2d"], told(row)) <= 1.0
    assert distance(row, published["sinusoidal_halves"], told(row)) > 1e6


def test_a_whole_weight_is_nested_as_it_is_stored():
    read = equations.values(lambda index, *_: prod(index), [2, 2, 3], {})
    assert read == [[[0, 0, 0], [0, 0, 0]], [[0, 0, 0], [0, 1, 2]]]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_equation_has_an_answer(family):
    module = import_module(f"reference.published.{family}")
    answered = {row["scheme"] for row in module.answers()}
    assert set(module.EQUATIONS) <= answered
