"""Constants and structured schemes: what they must keep, and what breaks it."""

import numpy as np
import pytest

import fanwise
from fanwise.conformance.checks.faults import Broken, Healthy, right
from fanwise.conformance.checks.structures import (
    constants,
    distance_from_orthonormal,
    structured,
)
from fanwise.conformance.results.rows import Outcome


def failing(rows):
    return {(row.claim, row.family) for row in rows if row.outcome == Outcome.FAIL}


def changed(family, change):
    """The reference with the weights of one scheme changed."""

    def draw_changed(draw):
        values = right(draw).copy()
        return change(values) if draw.scheme.family == family else values

    return Broken(draw_changed)


def test_the_reference_keeps_all_of_it():
    rows = [*constants(Healthy()), *structured(Healthy())]
    assert {row.outcome for row in rows} == {Outcome.PASS}
    assert {row.claim for row in rows} == {"values", "zeros", "orthogonality", "haar"}


@pytest.mark.parametrize("family", ["zeros", "ones", "constant"])
def test_a_constant_with_one_wrong_element_is_seen(family):
    def wrong(values):
        values.flat[3] += np.float32(1e-6)
        return values

    assert failing(constants(changed(family, wrong))) == {("values", family)}


def negative_diagonal(values):
    return -values


def first_column_doubled(values):
    values[..., 0] *= 2
    return values


def one_zero_more(values):
    values[0, np.flatnonzero(values[0])[0]] = 0
    return values


@pytest.mark.parametrize(
    ("family", "change", "claim"),
    [
        ("identity", negative_diagonal, "values"),
        ("dirac", negative_diagonal, "values"),
        ("orthogonal", first_column_doubled, "orthogonality"),
        ("orthogonal", np.abs, "haar"),
        ("delta_orthogonal", first_column_doubled, "orthogonality"),
        ("sparse", one_zero_more, "zeros"),
    ],
)
def test_what_a_structured_scheme_must_keep_is_seen_to_be_lost(family, change, claim):
    assert (claim, family) in failing(structured(changed(family, change), family))
    assert not failing(structured(Healthy(), family))


class Unstructured(Healthy):
    def native(self, draw):
        raise fanwise.FanwiseError("a sampler", draw.scheme, "Use engine='portable'.")


def test_a_framework_without_structured_initializers_is_not_failed():
    rows = list(structured(Unstructured()))
    assert {(row.claim, row.outcome) for row in rows} == {("offered", Outcome.NONE)}
    assert all("a sampler" in row.note for row in rows)


def test_the_distance_from_orthonormal_counts_the_worst_of_several_and_the_gain():
    eye = np.eye(4)
    assert distance_from_orthonormal(np.stack([eye, eye]) * 2, gain=2).passed
    finding = distance_from_orthonormal(np.stack([eye, eye * 1.01]), gain=1)
    assert finding.observed == pytest.approx(1.01**2 - 1)
    assert not finding.passed
    # Of a wide matrix, the rows.
    assert distance_from_orthonormal(eye[:2], gain=1).passed
