"""Weights that are made as a whole, against what their recipe makes: formulas, tables, steps."""

import numpy as np
import pytest
from common.judged import planned, row_of, rows_of

import fanwise
from fanwise.conformance.audits import formula_ranks
from fanwise.conformance.audits.bits import audit_bits
from fanwise.conformance.audits.formula_ranks import FormulaRange
from fanwise.conformance.vectors.examples import example_of, examples
from fanwise.core.elementary import FUNCTIONS

A_LOG = fanwise.scheme("mamba_a_log")
DT_BIAS = fanwise.scheme("mamba_dt_bias")
MADE = [example for example in examples() if example.entry.structured]


def path_of(scheme, number=0):
    return "/".join((f"blocks/{number}", *scheme.entry.members[:1], "weight"))


def started(scheme, shape, axes, *, seed=3, number=0, dtype="float32"):
    path = path_of(scheme, number)
    values = fanwise.sample(scheme, shape, seed=seed, axes=axes, dtype=dtype, path=path)
    return planned(values, scheme, axes, path=path)


@pytest.mark.parametrize("scheme", MADE, ids=lambda scheme: scheme.name)
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_what_the_sampler_makes_does_not_fail(scheme, dtype):
    draw = example_of(scheme)
    shape = (3, 3, 8, 16) if scheme.family in ("dirac", "delta_orthogonal") else draw.shape
    rows = rows_of(started(scheme, shape, draw.axes, dtype=dtype))
    assert [row for row in rows if row.outcome == "fail"] == []
    assert rows


@pytest.mark.parametrize("scheme", MADE, ids=lambda scheme: scheme.name)
def test_its_bits_are_told_by_the_seed(scheme):
    draw = example_of(scheme)
    shape = (3, 3, 8, 16) if scheme.family in ("dirac", "delta_orthogonal") else draw.shape
    plan = started(scheme, shape, draw.axes)
    (row,) = audit_bits([plan], 3)
    assert row.outcome == "pass"
    if plan[1].resolved.law.random:
        (row,) = audit_bits([plan], 4)
        assert row.outcome == "fail"


def test_one_element_of_a_table_that_is_off_is_seen():
    stored, _ = started(A_LOG, (32, 16), "* out")
    values = stored.values().copy()
    values[3, 5] *= 1.01
    row = row_of("values", planned(values, A_LOG, "* out"))
    assert (row.outcome, row.observed) == ("fail", "1 elements differ")
    assert "[3, 5]" in row.note
    turned = np.ascontiguousarray(stored.values().reshape(16, 32).T)
    assert row_of("values", planned(turned, A_LOG, "* out")).outcome == "fail"


def test_a_table_worked_out_in_float32_is_not_called_wrong():
    """Step by step, as libraries do it, the sines of far positions are some thousandths off."""
    place = np.arange(5000, dtype=np.float32)[:, None]
    rates = np.exp(np.arange(0, 64, 2, dtype=np.float32) * np.float32(-np.log(10000.0) / 64))
    table = np.zeros((5000, 64), np.float32)
    table[:, 0::2], table[:, 1::2] = np.sin(place * rates), np.cos(place * rates)
    row = row_of("values", planned(table, fanwise.scheme("sinusoidal"), "* in out"))
    assert row.outcome == "undecided"
    assert "in float32" in row.note
    row = row_of("values", planned(table[::-1].copy(), fanwise.scheme("sinusoidal"), "* in out"))
    assert row.outcome == "fail"


def biases(count=24, size=1536, scheme=DT_BIAS):
    return [started(scheme, (size,), "* out", number=number) for number in range(count)]


def test_random_formulas_are_judged_together_where_each_is_too_small():
    rows = rows_of(*biases())
    assert not [row for row in rows if row.outcome == "fail"]
    together = [row for row in rows if "weights together" in row.note]
    assert {row.claim: row.outcome for row in together}["distribution"] == "pass"


def test_another_range_of_a_random_formula_is_seen():
    other = DT_BIAS.replace(dt_max=0.2)
    plans = [
        planned(stored.values(), DT_BIAS, "* out", path=path_of(DT_BIAS, number))
        for number, (stored, _) in enumerate(biases(scheme=other))
    ]
    failed = {row.claim for row in rows_of(*plans) if row.outcome == "fail"}
    assert {"distribution", "mean", "support"} <= failed
    # By one weight too, of which elements lie beyond the range.
    assert row_of("support", plans[0]).outcome == "fail"


def test_the_inverse_of_the_log_of_a_uniform_is_told_from_that_of_a_uniform():
    """What PyTorch code does wrong: dt itself as the bias."""
    values = np.exp(np.random.default_rng(0).uniform(np.log(1e-3), np.log(0.1), (40, 1536)))
    plans = [planned(row.astype("float32"), DT_BIAS, "* out") for row in values]
    assert any(row.outcome == "fail" for row in rows_of(*plans))
    right = [
        planned((v + np.log(-np.expm1(-v))).astype("float32"), DT_BIAS, "* out") for v in values
    ]
    assert not any(row.outcome == "fail" for row in rows_of(*right))


def test_coarse_dtypes_and_formulas_that_turn_are_undecided():
    half = started(DT_BIAS, (1536,), "* out", dtype="float16")
    (row,) = rows_of(half)
    assert (row.outcome, row.claim) == ("undecided", "law")
    assert "too coarse" in row.note


def test_a_column_of_another_norm_is_seen():
    scheme = fanwise.scheme("normc")
    stored, _ = started(scheme, (64, 32), "in out")
    values = stored.values().copy()
    values[:, 3] *= 1.001
    row = row_of("norms", planned(values, scheme, "in out"))
    assert row.outcome == "fail"
    assert row_of("norms", started(scheme, (64, 32), "in out")).outcome == "pass"


def test_what_nothing_is_claimed_of_says_so():
    row = row_of("law", started(fanwise.scheme("icnr"), (3, 3, 8, 16), "kernel"))
    assert row.outcome == "undecided"
    assert "seed=" in row.note


def test_ranks_come_back():
    law = fanwise.scheme("lru_ring").law((64,), "* out")
    found = FormulaRange(law)
    ranks = np.random.default_rng(1).uniform(0.01, 0.99, (1, 1, 64))
    np.testing.assert_allclose(found.ranks(found.at(ranks)), ranks, atol=1e-9)
    assert found.is_monotone


def test_numpy_has_every_function_that_the_core_has():
    known = formula_ranks._FUNCTIONS.named
    assert {name: count for name, (_, count) in known.items()} == {
        name: count for name, (_, count) in FUNCTIONS.items()
    }
    point = np.array([0.3])
    for name, (function, count) in FUNCTIONS.items():
        arguments = [point] * (count or 2)
        np.testing.assert_allclose(function(*arguments), known[name][0](*arguments), rtol=1e-12)
