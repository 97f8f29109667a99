"""Arithmetic, and nothing else."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanwise import FanwiseError
from fanwise.spec.expressions import holds, names_in, resolved, value

NAMES = {"layers": 8.0, "x": -2.5}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.02 / sqrt(2 * layers)", 0.005),
        ("-x ^ 2", -6.25),
        ("2 ^ 3 ^ 2", 512.0),
        ("2 ** 3", 8.0),
        ("min(layers, 3, 5) + max(1)", 4.0),
        ("log(layers) / log(2)", 3.0),
        ("+1e-3", 0.001),
        (" (1 + 2) * 3 ", 9.0),
    ],
)
def test_values(text, expected):
    assert value(text, NAMES) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "1 +",
        "__import__('os').getcwd()",
        "().__class__",
        "layers.real",
        "layers[0]",
        "[1]",
        "'a' * 3",
        "True",
        "1j",
        "1 if 1 else 2",
        "lambda: 1",
        "x := 3",
        "1 < 2",
        "where(1, 2, 3)",
        "where(1 < 2, 3)",
        "where(1 < 2 < 3, 4, 5)",
        "where(1 is 2, 3, 4)",
        "where(1 < 2, 1 < 2, 3)",
        "where(1 < 2 and 2 < 3, 4, 5)",
        "where(not 1 < 2, 4, 5)",
        "1 // 2",
        "1 % 2",
        "exec('1')",
        "sqrt",
        "sqrt()",
        "sqrt(1, 2)",
        "max()",
        "max(*[1])",
        "sqrt(x=1)",
        "sqrt(-1)",
        "log(0)",
        "1 / 0",
        "1e999",
        "9 ^ 9 ^ 9",
        "(-1) ^ 0.5",
        "1" * 600,
        "(" * 300 + "1" + ")" * 300,
        "nobody",
        "nobody\0",
        "\ud800",
        "1or 2",
        "0x1",
        "1 # one",
        "9**9**9",
        "9^9^9^9^9^9^9",
        "1e99999999999",
        "(" * 10_000,
        "-" * 10_000 + "1",
        "1" * 100_000,
        5,
        ["1"],
    ],
)
def test_what_is_not_arithmetic(text):
    with pytest.raises(FanwiseError):
        value(text, NAMES)


def test_an_unknown_name_is_near_a_known_one():
    with pytest.raises(FanwiseError, match="Did you mean 'layers'"):
        value("1 / layer", NAMES)


def test_names_are_those_of_values_not_of_functions():
    assert names_in("sqrt(layers) * max(x, y)") == {"layers", "x", "y"}


def test_variables_may_name_each_other():
    assert resolved({"a": "b * 2", "b": "c + 1", "c": 3}) == {"a": 8.0, "b": 4.0, "c": 3.0}


@pytest.mark.parametrize("variables", [{"a": "a"}, {"a": "b", "b": "c", "c": "a + 1"}])
def test_circles_are_named(variables):
    with pytest.raises(FanwiseError, match="Break the circle"):
        resolved(variables)


def test_a_chain_of_variables_may_be_long():
    chain = {f"a{i}": f"a{i + 1} + 1" for i in range(5000)}
    assert resolved({**chain, "a5000": 0})["a0"] == 5000.0


@pytest.mark.parametrize("text", ["nobody\0", "\ud800", "(" * 10_000, "1or 2"])
def test_names_are_asked_of_arithmetic_alone(text):
    with pytest.raises(FanwiseError):
        names_in(text)
    with pytest.raises(FanwiseError):
        resolved({"a": text})


@pytest.mark.parametrize("number", [10**400, math.nan, math.inf, -math.inf])
def test_a_variable_is_a_number_that_floats_hold(number):
    with pytest.raises(FanwiseError, match="a finite number"):
        resolved({"a": number})


def test_an_unknown_variable():
    with pytest.raises(FanwiseError, match="known names"):
        resolved({"a": "b"})


@given(st.recursive(
    st.floats(-100, 100, allow_nan=False).map(repr),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
    ),
    max_leaves=6,
))  # fmt: skip
def test_arithmetic_is_that_of_floats(text):
    expected = eval(text, {"__builtins__": {}})
    if len(text) <= 200 and math.isfinite(expected):
        assert value(text, {}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("layers == 8", True),
        ("mod(layers, 3) == 0", False),
        ("layers != 8", False),
        ("x < layers", True),
        ("x >= layers / 2", False),
        ("1 + " * 120 + "x < layers" + " + 100", False),
    ],
)
def test_comparisons(text, expected):
    assert holds(text, NAMES) is expected


@pytest.mark.parametrize(
    "text", ["layers", "1 < x < 2", "x < 1, 1, 0) + min(1", "x == y", "1 / 0 < x", "not x", ""]
)
def test_what_is_no_comparison_is_an_error(text):
    with pytest.raises(FanwiseError):
        holds(text, NAMES)
