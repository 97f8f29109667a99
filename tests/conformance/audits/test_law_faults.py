"""Faults of a law are called by their names, and by no others."""

import numpy as np
import pytest
from common.judged import SCHEMES, planned, rows_of
from reference.truncation import CORRECTION

import fanwise

SHAPE = (256, 384)
HE = fanwise.scheme("he_normal")
CUT = fanwise.scheme("truncated_normal", std=0.02)
NORMAL = SCHEMES["normal"]
UNIFORM = SCHEMES["uniform"]


def normal(std=0.02, shape=SHAPE, seed=0):
    return np.random.default_rng(seed).normal(0, std, shape)


def uniform(bound, shape=SHAPE, seed=0):
    return np.random.default_rng(seed).uniform(-bound, bound, shape)


def right_cut(std, shape=SHAPE):
    return fanwise.sample(fanwise.scheme("truncated_normal", std=std), shape, seed=0)


def faults(values, scheme, *others, path="blocks/0/up/kernel", **options):
    weight = planned(values.astype("float32"), scheme, path=path, **options)
    rows = rows_of(weight, *others)
    return {row.claim: row.fault for row in rows if row.outcome == "fail" and row.path == path}


def others():
    """A model of four layers beside it, whose second rule gives other scales."""
    for number in range(1, 4):
        yield planned(normal(0.005), fanwise.scheme("normal", std=0.005), rule=2,
                      path=f"blocks/{number}/down/kernel")  # fmt: skip


he_std = HE.std(SHAPE, "torch")
cut_std = CUT.std(())

CASES = {
    "fan_out in the place of fan_in": (right_cut(he_std * np.sqrt(384 / 256)), HE, "deviation"),
    "gain of relu missing": (right_cut(he_std / np.sqrt(2)), HE, "deviation"),
    "correction for the cut, or truncation, missing": (
        right_cut(he_std) * CORRECTION, HE, "deviation",
    ),
    "cut missing": (normal(cut_std), CUT, "support"),
    "clamped instead of cut": (np.clip(normal(), -0.04, 0.04), CUT, "distribution"),
    "uniform in the place of normal": (uniform(0.02 * np.sqrt(3)), NORMAL, "distribution"),
    "normal in the place of uniform": (normal(0.1 / np.sqrt(3)), UNIFORM, "support"),
    "cut, or truncated, where it should not be": (right_cut(0.02), NORMAL, "distribution"),
    "heavy tails": (
        np.random.default_rng(0).standard_t(4, SHAPE) * 0.02 / np.sqrt(2), NORMAL, "tails",
    ),
    "light tails": (
        np.random.default_rng(0).uniform(-1, 1, (3, *SHAPE)).sum(0) * 0.02,
        NORMAL, "distribution",
    ),
    "outliers": (
        normal() + np.eye(*SHAPE) * (np.arange(384) == 5), NORMAL, "rows and columns",
    ),
    "standard deviation taken for the variance": (normal(0.02**0.5), NORMAL, "deviation"),
    "gain of tanh in the place of relu's": (
        right_cut(he_std * 5 / 3 / np.sqrt(2)), HE, "deviation",
    ),
    "signs lost": (np.abs(normal()), NORMAL, "mean"),
    "never drawn: all 0": (np.zeros(SHAPE), NORMAL, "deviation"),
    "variance in the place of the standard deviation": (normal(0.0004), NORMAL, "deviation"),
    "limit of a uniform law taken for the standard deviation": (
        uniform(0.1 * np.sqrt(3)), UNIFORM, "deviation",
    ),
    "many zeros": (
        np.where(uniform(1.0) > 0.98, 0, normal()), NORMAL, "repeats",
    ),
    "coarse steps, as drawn in bfloat16": (
        np.round(uniform(0.1) * 640) / 640, UNIFORM, "repeats",
    ),
    "rows or columns of another scale": (
        normal() * np.where(np.arange(256) < 128, 1.2, 0.75)[:, None], NORMAL, "rows and columns",
    ),
}  # fmt: skip


def test_a_cut_at_one_deviation_is_not_taken_for_a_uniform_law():
    scheme = fanwise.scheme("truncated_normal", std=0.02, low=-1, high=1)
    found = faults(fanwise.sample(scheme, SHAPE, seed=0), NORMAL)
    assert found["distribution"] == "cut, or truncated, where it should not be"


@pytest.mark.parametrize("fault", CASES)
def test_a_fault_has_its_name(fault):
    values, scheme, claim = CASES[fault]
    assert faults(values, scheme)[claim] == fault


def test_a_receptive_field_left_out_has_its_name():
    shape = (64, 32, 3, 3)
    values = fanwise.sample(HE, shape, seed=0, axes="torch") * 3
    assert faults(values, HE)["deviation"] == "receptive field left out of the fan"


def test_the_scale_of_another_rule_and_of_depth_have_their_names():
    found = faults(normal(0.005), NORMAL, *others(), path="tokens/embedding", role="embedding")
    assert found["deviation"] == "scale of rule 2 in the place of rule 1's"
    missing = faults(normal(0.02 * np.sqrt(8)), NORMAL, *others())
    assert missing["deviation"] == "depth scale missing, 1/sqrt(8)"


def test_half_the_depth_has_its_name():
    scaled = fanwise.scheme("normal", std=0.02 / np.sqrt(8))
    plain = planned(normal(), NORMAL, rule=2, path="blocks/0/up/kernel")
    beside = [planned(normal(), NORMAL, rule=2, path=f"blocks/{n}/up/kernel") for n in (1, 2, 3)]
    found = faults(normal(0.02 / 2), scaled, plain, *beside, path="blocks/0/down/kernel")
    assert found["deviation"] == "depth scale 1/sqrt(4) in the place of 1/sqrt(8)"


def test_numbers_of_a_sequence_of_layers_are_no_depth():
    layers = [planned(normal(), NORMAL, path=f"{n}/kernel") for n in range(8)]
    found = faults(normal(0.02 * np.sqrt(8)), NORMAL, *layers, path="8/kernel")
    assert "depth" not in found["deviation"]


def test_a_scale_that_is_none_of_these_has_no_name():
    assert faults(normal(0.02 * 1.2345), NORMAL)["deviation"] == ""


def test_a_law_of_another_order_of_size_is_not_called_coarse():
    for factor in (1e5, 1e-5):
        assert not any("coarse" in fault for fault in faults(normal() * factor, NORMAL).values())


def test_a_scale_of_next_to_nothing_is_no_other_kind_of_law():
    assert faults(normal(1e-30), NORMAL)["deviation"] == ""


def test_two_elements_beyond_a_cut_are_no_fault_of_scale():
    values = fanwise.sample(CUT, SHAPE, seed=0)
    values[0, :2] = 3 * values.max()
    found = faults(values, CUT)
    assert found["support"] == "a few left beyond the cut, as after some tries"
    assert "deviation" not in found


def test_a_rule_without_a_gain_has_none_that_was_taken_for_another():
    named = faults(normal(0.02 * 1.19), fanwise.scheme("normal", std=0.02))
    assert named["deviation"] == ""
