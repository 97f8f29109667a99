"""Weights against their laws: each claim catches its fault, and what is right raises no alarm."""

import numpy as np
import pytest
from common.judged import (
    DTYPES,
    SCHEMES,
    SHAPES,
    drawn,
    planned,
    right,
    rounded,
    row_of,
    rows_of,
)

import fanwise
from fanwise.conformance.audits import visibility
from fanwise.conformance.statistics import tails

pytestmark = pytest.mark.slow

CLAIMS = (
    "finite", "mean", "deviation", "distribution", "tails", "support", "repeats",
    "rows and columns", "neighbours",
)  # fmt: skip
#: A size at which every claim is decided.
LARGE = (256, 512)


def test_a_weight_that_is_large_and_right_passes_every_claim():
    rows = rows_of(right("cut normal", LARGE))
    assert [(row.claim, row.outcome) for row in rows] == [(claim, "pass") for claim in CLAIMS]
    assert all(row.n > 0 and row.path.endswith("/kernel") for row in rows)


@pytest.mark.parametrize("dtype", DTYPES)
def test_weights_that_are_right_raise_no_alarm(dtype):
    """Of every law and shape, eighteen times: 1,134 weights, and a tenth of the runs at a rate
    that can be counted."""
    plans = [
        right(name, shape, dtype, seed)
        for name in SCHEMES
        for shape in SHAPES
        for seed in range(18)
    ]
    assert [row for row in rows_of(*plans) if row.outcome == "fail"] == []
    some = plans[::10]
    failing = sum(any(r.outcome == "fail" for r in rows_of(p, alpha=0.2)) for p in some)
    assert failing <= tails.count_bounds(len(some), 0.1, 1e-6)[1]


def test_an_alarm_at_a_rate_that_can_be_counted_does_come():
    plans = [right("normal", (64, 128), seed=seed) for seed in range(100)]
    assert sum(any(r.outcome == "fail" for r in rows_of(p, alpha=2.0)) for p in plans) > 10


def _shift(values, std, generator):
    return values + 0.1 * std


def _scale(values, std, generator):
    return values * 1.05


def _uniform(values, std, generator):
    return generator.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, values.shape)


def _cut(values, std, generator):
    return np.where(np.abs(values) > 2.5 * std, 0.5 * values, values)


def _outliers(values, std, generator):
    values.flat[[7, 9]] = 30 * std
    return values


def _zeros(values, std, generator):
    values[generator.random(values.shape) < 0.01] = 0
    return values


def _dead_row(values, std, generator):
    values[17] = 0
    return values


def _loud_column(values, std, generator):
    values[:, 3] *= 1.8
    return values


def _one_head(values, std, generator):
    values[64:128] *= 1.1
    return values


def _lifted_row(values, std, generator):
    values[5] += 0.6 * std
    return values


def _smooth(values, std, generator):
    values[:, 1:] = 0.8 * values[:, 1:] + 0.6 * values[:, :-1]
    return values


def _not_a_number(values, std, generator):
    values[3, 4] = np.nan
    return values


def _even_rows(values, std, generator):
    q, _ = np.linalg.qr(generator.normal(size=values.shape[::-1]))
    return q.T * std * np.sqrt(values.shape[1])


FAULTS = {
    _shift: "mean", _scale: "deviation", _uniform: "distribution", _cut: "tails",
    _outliers: "tails", _zeros: "repeats", _dead_row: "rows and columns",
    _loud_column: "rows and columns", _one_head: "rows and columns",
    _lifted_row: "rows and columns", _smooth: "neighbours", _not_a_number: "finite",
    _even_rows: "rows and columns",
}  # fmt: skip


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_planted_fault_breaks_its_claim(plant, dtype):
    generator = np.random.default_rng(1)
    values = plant(generator.normal(0, 0.02, LARGE), 0.02, generator)
    weight = planned(rounded(values, dtype), SCHEMES["normal"], dtype=dtype)
    row = row_of(FAULTS[plant], weight)
    assert row.outcome == "fail", row


def test_what_lies_beyond_the_bounds_breaks_the_support():
    for name in ("uniform", "cut normal", "one-sided cut"):
        stored, plan = right(name, LARGE)
        values = stored.values().copy()
        values[9, 9] = plan.resolved.law.mean + 6 * plan.resolved.law.std
        row = row_of("support", planned(values, SCHEMES[name]))
        assert (row.outcome, row.observed[:17]) == ("fail", "1 elements beyond")


def test_rounding_to_a_coarse_dtype_is_not_beyond_the_bounds():
    bound = np.float32(0.1)
    values = np.random.default_rng(0).uniform(-bound, bound, LARGE)
    values[0, :9] = bound
    for dtype in ("bfloat16", "float8_e4m3fn"):
        weight = planned(rounded(values, dtype), SCHEMES["uniform"], dtype=dtype)
        assert row_of("support", weight).outcome == "pass"


def test_one_expert_and_one_gate_of_another_scale_are_seen():
    values = np.random.default_rng(0).normal(0, 0.02, (8, 64, 128)).astype("float32")
    values[3] *= 1.1
    row = row_of("rows and columns", planned(values, SCHEMES["normal"], "batch in out"))
    assert (row.outcome, row.observed.split(":")[0]) == ("fail", "batch 3")
    values = np.random.default_rng(0).normal(0, 0.02, (300, 128)).astype("float32")
    values[200:] *= 1.1
    row = row_of("rows and columns", planned(values, SCHEMES["normal"], "(3 out) in"))
    assert (row.outcome, row.observed.split(":")[0]) == ("fail", "outputs 200 to 299")


def test_a_dead_output_of_one_expert_is_seen():
    values = np.random.default_rng(0).normal(0, 0.02, (8, 64, 128)).astype("float32")
    values[3, :, 100] = 0
    row = row_of("rows and columns", planned(values, SCHEMES["normal"], "batch in out"))
    assert (row.outcome, row.fault) == ("fail", "dead lines")
    assert row.observed.split(":")[0] == "(3, 100)"


@pytest.mark.parametrize("block", [1 << 10, 1 << 14, 1 << 30])
def test_what_is_counted_does_not_depend_on_the_blocks(block, monkeypatch):
    from fanwise.conformance.audits import tallies

    values = np.random.default_rng(0).normal(0, 0.02, (24, 6, 5, 7)).astype("float32")
    stored, plan = planned(values, SCHEMES["normal"], "torch")
    monkeypatch.setattr(tallies, "PIECE", block)
    element = tallies.ElementLaw(*_law(plan))
    counted = tallies.tally(stored, plan.resolved.layout, element)
    scaled = values.astype(float) / 0.02
    assert counted.n == values.size
    assert counted.total == pytest.approx(scaled.sum())
    assert counted.squares == pytest.approx((scaled**2).sum())
    for lines in counted.lines:
        others = tuple(axis for axis in range(4) if axis not in lines.axes)
        assert np.allclose(lines.totals, scaled.sum(axis=others))
        assert np.allclose(lines.squares, (scaled**2).sum(axis=others))


def _law(plan):
    from fanwise.conformance.statistics.distributions import distribution_of
    from fanwise.conformance.statistics.grids import GRIDS

    return distribution_of(plan.resolved.law), GRIDS["float32"]


# What is visible.


def _visible(name, shape, dtype="float32"):
    rows = rows_of(right(name, shape, dtype))
    return {row.claim: row.visible for row in rows}


def _percent(text):
    return float(text.split("%")[0].split()[-1]) / 100


@pytest.mark.parametrize("name", ["normal", "uniform", "cut normal"])
@pytest.mark.parametrize("shape", [(300,), (64, 128)])
def test_a_scale_just_beyond_what_is_visible_is_seen_and_half_of_it_is_not(name, shape):
    """Missed once in a hundred, by chance a few times in 150."""
    seen = _percent(_visible(name, shape)["deviation"])
    law, runs = SCHEMES[name].law(()), 150
    found = {1.0: 0, 0.4: 0}
    for share in found:
        for seed in range(runs):
            values = drawn(law, shape, np.random.default_rng(seed)) * (1 + share * seen)
            row = row_of("deviation", planned(values.astype("float32"), SCHEMES[name]))
            found[share] += row.outcome == "fail"
    assert found[1.0] >= runs - tails.count_bounds(runs, visibility.MISS, 1e-6)[1]
    assert found[0.4] < runs / 20


@pytest.mark.parametrize("name", ["normal", "uniform"])
def test_a_mean_just_beyond_what_is_visible_is_seen_and_half_of_it_is_not(name):
    shape, runs = (64, 128), 150
    seen = float(_visible(name, shape)["mean"].split()[2])
    law = SCHEMES[name].law(())
    for share, caught in ((1.05, True), (0.5, False)):
        failing = 0
        for seed in range(runs):
            values = drawn(law, shape, np.random.default_rng(seed)) + share * seen * law.std
            row = row_of("mean", planned(values.astype("float32"), SCHEMES[name]))
            failing += row.outcome == "fail"
        assert (
            (failing >= runs - tails.count_bounds(runs, visibility.MISS, 1e-6)[1])
            if caught
            else (failing < runs / 20)
        )


def test_a_line_just_beyond_what_is_visible_is_seen():
    shape, runs = (256, 64), 200
    factor = float(_visible("normal", shape)["rows and columns"].split()[3])
    missed = 0
    for seed in range(runs):
        values = np.random.default_rng(seed).normal(0, 0.02, shape)
        values[31] *= 1.03 * factor
        row = row_of("rows and columns", planned(values.astype("float32"), SCHEMES["normal"]))
        missed += row.outcome != "fail"
    assert missed <= tails.count_bounds(runs, visibility.MISS, 1e-6)[1]


@pytest.mark.parametrize("claim", ["mean", "deviation", "distribution", "tails"])
def test_a_weight_too_small_to_show_what_matters_is_undecided(claim):
    row = row_of(claim, right("normal", (40,)))
    assert (row.outcome, bool(row.visible)) == ("undecided", True)


def test_a_small_weight_that_is_far_off_fails_all_the_same():
    values = np.random.default_rng(0).normal(0, 0.2, 40).astype("float32")
    assert row_of("deviation", planned(values, SCHEMES["normal"])).outcome == "fail"


# Weights that are judged together.


def _biases(scale=1.0, count=24, rule=2):
    for number in range(count):
        std = 0.01 * (number + 1)
        values = np.random.default_rng(number).normal(0, std * scale, 128).astype("float32")
        scheme = fanwise.scheme("normal", std=std)
        yield planned(values, scheme, role="bias", rule=rule, path=f"blocks/{number}/bias")


def test_small_weights_of_one_rule_are_judged_together():
    rows = rows_of(*_biases())
    together = [row for row in rows if "weights together" in row.note]
    assert [row.claim for row in together] == ["mean", "deviation", "distribution", "tails"]
    assert {row.n for row in together} == {24 * 128}
    assert together[1].outcome == "pass"


def test_a_fault_of_a_family_of_small_weights_is_seen():
    rows = rows_of(*_biases(scale=1.2))
    failing = [row for row in rows if row.outcome == "fail"]
    assert failing
    assert all("24 weights together" in row.note and row.path == "blocks/0/bias" for row in failing)


def test_weights_of_two_rules_are_not_judged_together():
    rows = rows_of(*_biases(count=1, rule=1), *_biases(count=1, rule=2))
    assert not any("together" in row.note for row in rows)


def test_a_weight_that_fails_spoils_no_family():
    wrong = planned(np.full(128, 9.0, "float32"), fanwise.scheme("normal", std=0.01), rule=2)
    rows = [row for row in rows_of(*_biases(), wrong) if "together" in row.note]
    assert rows
    assert not any(row.outcome == "fail" for row in rows)


# Padding.


def test_the_row_of_padding_is_zero_and_in_no_sum():
    values = np.random.default_rng(0).normal(0, 0.02, (500, 64)).astype("float32")
    values[3] = 0
    scheme = SCHEMES["normal"]
    rows = rows_of(planned(values, scheme, role="embedding", axes="in out", row=3))
    assert not any(row.outcome == "fail" for row in rows)
    assert next(row for row in rows if row.claim == "mean").n == 499 * 64
    assert next(row for row in rows if row.claim == "padding").outcome == "pass"
    values[3, 5] = 0.01
    row = row_of("padding", planned(values, scheme, role="embedding", axes="in out", row=3))
    assert (row.outcome, row.observed) == ("fail", "1 elements are not zero")


def test_one_row_of_zeros_in_a_file_is_taken_for_padding_and_told():
    values = np.random.default_rng(0).normal(0, 0.02, (500, 64)).astype("float32")
    values[3] = 0
    weight = planned(values, SCHEMES["normal"], role="embedding", axes="in out")
    rows = rows_of(weight, has_layers=False)
    assert not any(row.outcome == "fail" for row in rows)
    assert rows[0].claim == "padding"
    assert (rows[0].outcome, rows[0].observed) == ("undecided", "row 3 is all zeros")
    assert row_of("rows and columns", weight).fault == "dead lines"
    values[9] = 0
    weight = planned(values, SCHEMES["normal"], role="embedding", axes="in out")
    assert row_of("rows and columns", weight, has_layers=False).outcome == "fail"


# What cannot be judged.


def test_what_has_no_numbers_to_judge_is_undecided_and_says_why():
    whole = planned(np.ones((4, 4), np.int8), fanwise.scheme("ones"))
    (row,) = rows_of(whole)
    assert (row.outcome, row.claim) == ("undecided", "law")
    assert "int8" in row.note
    (row,) = rows_of(planned(np.ones((0, 4), np.float32), SCHEMES["normal"]))
    assert (row.outcome, row.note) == ("undecided", "It has no elements.")


def test_a_weight_of_one_element_and_one_of_none_but_unfinite_ones_raise_nothing():
    for values in (np.zeros((), np.float32), np.full((3, 3), np.nan, np.float32)):
        rows = rows_of(planned(values, SCHEMES["normal"], "torch"))
        assert rows
