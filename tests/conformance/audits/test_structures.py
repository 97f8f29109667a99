"""Constants, orthogonal weights, identities, diracs and sparse ones against what they must be."""

import numpy as np
import pytest
from common.judged import planned, row_of, rows_of

import fanwise

ORTHOGONAL = fanwise.scheme("orthogonal", gain=1.5)
KERNELS = {
    "orthogonal": ((96, 96), "torch"),
    "orthogonal, tall": ((200, 60), "torch"),
    "orthogonal, of a convolution": ((3, 3, 16, 64), "kernel"),
    "orthogonal, of gates": ((192, 48), "(4 out) in"),
    "delta_orthogonal": ((3, 3, 32, 64), "kernel"),
    "identity": ((48, 64), "torch"),
    "dirac": ((32, 16, 3, 3), "torch"),
    "sparse": ((200, 80), "torch"),
}


def scheme_of(name):
    options = {"sparsity": 0.4} if name == "sparse" else {}
    return fanwise.scheme(name.split(",")[0], **options)


def started(name, dtype="float32", seed=0):
    shape, axes = KERNELS[name]
    return fanwise.sample(scheme_of(name), shape, seed=seed, axes=axes, dtype=dtype)


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("dtype", ["float32", "float16", "float64"])
def test_what_the_sampler_makes_passes(name, dtype):
    for seed in range(5):
        rows = rows_of(planned(started(name, dtype, seed), scheme_of(name), KERNELS[name][1]))
        assert [row for row in rows if row.outcome == "fail"] == []
        assert any(row.outcome == "pass" for row in rows)


def test_a_matrix_that_is_not_orthogonal_is_seen():
    values = started("orthogonal")
    values[3] *= 1.01
    row = row_of("orthogonality", planned(values, scheme_of("orthogonal")))
    assert (row.outcome, row.fault) == ("fail", "not orthogonal")
    assert row_of("orthogonality", planned(started("orthogonal"), ORTHOGONAL)).outcome == "fail"
    normal = np.random.default_rng(0).normal(0, 96**-0.5, (96, 96)).astype("float32")
    assert row_of("orthogonality", planned(normal, scheme_of("orthogonal"))).outcome == "fail"


def test_an_orthogonal_matrix_of_another_gain_is_called_that():
    for name in ("orthogonal", "orthogonal, of a convolution"):
        values = started(name) * np.float32(1.1)
        row = row_of("orthogonality", planned(values, scheme_of(name), KERNELS[name][1]))
        assert row.fault == "another gain, 1.1 in the place of 1"


def test_one_constant_in_the_place_of_another_is_told():
    held = np.full(64, 2, "float32")
    row = row_of("constant", planned(held, fanwise.scheme("ones"), "out"))
    assert row.fault == "all 2 in the place of 1"
    held[3] = 1
    row = row_of("constant", planned(held, fanwise.scheme("ones"), "out"))
    assert (row.outcome, row.fault) == ("fail", "")


def test_a_large_matrix_is_probed_and_its_fault_is_seen(monkeypatch):
    from fanwise.conformance.audits import structure_claims

    monkeypatch.setattr(structure_claims, "_MOST_PRODUCTS", 1)
    values = started("orthogonal")
    assert row_of("orthogonality", planned(values, scheme_of("orthogonal"))).outcome == "pass"
    values[3] *= 1.01
    assert row_of("orthogonality", planned(values, scheme_of("orthogonal"))).outcome == "fail"


def test_one_larger_than_is_held_is_undecided(monkeypatch):
    from fanwise.conformance.audits import structure_claims

    monkeypatch.setattr(structure_claims, "_MOST_ELEMENTS", 100)
    (row,) = rows_of(planned(started("orthogonal"), scheme_of("orthogonal")))
    assert (row.outcome, row.claim) == ("undecided", "orthogonal")


def test_the_signs_that_a_factorization_leaves_are_seen():
    values = np.linalg.qr(np.random.default_rng(0).normal(size=(128, 128)))[0]
    values *= -np.sign(values[:1])
    row = row_of("haar", planned(values.astype("float32"), scheme_of("orthogonal")))
    assert (row.outcome, row.fault) == ("fail", "signs of the factorization")
    values = np.linalg.qr(np.random.default_rng(0).normal(size=(256, 256)))[0].astype("float32")
    assert row_of("haar", planned(values, scheme_of("orthogonal"))).outcome == "fail"


def test_an_identity_is_no_random_orthogonal_matrix():
    row = row_of("haar", planned(np.eye(128, dtype="float32"), scheme_of("orthogonal")))
    assert row.outcome == "fail"


def test_a_small_orthogonal_matrix_is_undecided():
    values = fanwise.sample("orthogonal", (6, 6), seed=0)
    row = row_of("haar", planned(values, scheme_of("orthogonal")))
    assert row.outcome == "undecided"


def test_other_places_of_a_delta_are_seen():
    values = started("delta_orthogonal")
    values[0, 0, 0, 0] = 1.0
    row = row_of("orthogonality", planned(values, scheme_of("delta_orthogonal"), "kernel"))
    assert row.outcome == "fail"


@pytest.mark.parametrize("name", ["identity", "dirac"])
def test_an_element_that_differs_is_seen_and_told(name):
    values = started(name)
    values[(2, 5, *(0,) * (values.ndim - 2))] = 0.5
    row = row_of("values", planned(values, scheme_of(name), KERNELS[name][1]))
    assert (row.outcome, row.observed) == ("fail", "1 elements differ")
    assert "[2, 5" in row.note


def test_a_zero_too_few_is_seen():
    values = started("sparse")
    place = np.argwhere(values == 0)[0]
    values[tuple(place)] = 0.01
    assert row_of("zeros", planned(values, scheme_of("sparse"))).outcome == "fail"


def test_the_law_of_what_is_not_zero_is_judged():
    values = started("sparse") * np.float32(1.2)
    row = row_of("deviation", planned(values, scheme_of("sparse")))
    assert (row.outcome, row.note) == ("fail", "Of what is not zero.")


def test_what_is_not_finite_is_seen():
    values = started("orthogonal")
    values[3, 3] = np.inf
    (row,) = rows_of(planned(values, scheme_of("orthogonal")))
    assert (row.claim, row.outcome) == ("finite", "fail")


def test_constants_are_compared_to_the_last_bit():
    ones = np.ones((4, 5), np.float32)
    assert row_of("constant", planned(ones, fanwise.scheme("ones"))).outcome == "pass"
    ones[2, 3] = np.nextafter(np.float32(1), 2)
    row = row_of("constant", planned(ones, fanwise.scheme("ones")))
    assert (row.outcome, row.observed) == ("fail", "1 elements differ")
    assert row.note == "The first, at [2, 3], is 1.00000012."
    ones[2, 3] = np.nan
    assert row_of("constant", planned(ones, fanwise.scheme("ones"))).outcome == "fail"


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_a_constant_is_rounded_to_its_dtype(dtype):
    tenth = fanwise.scheme("constant", value=0.1)
    values = np.full((3, 3), 0.1, dtype)
    assert row_of("constant", planned(values, tenth)).outcome == "pass"
    assert row_of("constant", planned(values * 1.01, tenth)).outcome == "fail"


def test_a_law_without_width_is_a_constant():
    still = fanwise.scheme("normal", std=0.0, mean=1.0)
    assert row_of("constant", planned(np.ones((2, 2)), still)).outcome == "pass"
