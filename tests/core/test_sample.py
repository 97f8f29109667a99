"""fanwise.sample against the independent scalar implementation, bit for bit."""

from types import SimpleNamespace

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from reference import stream
from reference.strategies import DTYPES, Axes, Case, cases

import fanwise
from fanwise.core import fill, philox, quantile, sampler
from fanwise.spec import axes as spec_axes
from fanwise.spec import resolved as spec_resolved


def bits(array: np.ndarray) -> np.ndarray:
    """The array as unsigned integers: -0.0 differs from 0.0."""
    return array.view(f"u{array.dtype.itemsize}")


def assert_equals_reference(case: Case) -> None:
    got = fanwise.sample(
        fanwise.scheme(case.scheme, **case.params),
        case.axes.shape,
        seed=case.seed,
        path=case.path,
        axes=case.axes.pattern,
        dtype=case.dtype,
    )
    expected = stream.tensor(case.axes.shape, case.axes.roles, **case.how)
    assert got.dtype.name == case.dtype
    assert got.shape == case.axes.shape
    np.testing.assert_array_equal(bits(got), bits(expected))


@settings(max_examples=400, deadline=None)
@given(case=cases())
def test_sample_equals_the_reference(case: Case) -> None:
    assert_equals_reference(case)


def fixed(scheme: str, law: stream.Law, dtype: str = "float32", **params: object) -> Case:
    """One case of 90 elements in which the canonical order is not the storage order."""
    axes = Axes((6, 5, 3), "(2 out) in *", ((2, "out"), "in", "*"))
    return Case(axes, scheme, params, law, seed=2**40 + 9, path="e\u0301", dtype=dtype)


FIXED = {
    "uniform": fixed("uniform", ("uniform", -0.5, 0.5), low=-0.5, high=0.5),
    "asymmetric": fixed("uniform", ("uniform", 1.0, 4.0), low=1.0, high=4.0),
    "normal": fixed("normal", ("normal", 0.0, 0.02), std=0.02),
    "mean": fixed("normal", ("normal", 3.0, 0.02), mean=3.0, std=0.02),
    "cut": fixed(
        "truncated_normal",
        ("truncated_normal", 0.0, 1.0, -2.0, 2.0),
        corrected=False,
    ),
    "bfloat16": fixed("normal", ("normal", 0.0, 1.0), "bfloat16"),
}


@pytest.mark.parametrize("name", FIXED)
def test_fixed_cases_equal_the_reference(name: str) -> None:
    assert_equals_reference(FIXED[name])


def truncated(values: np.ndarray, out: np.ndarray) -> None:
    out[...] = values.view(np.uint32) >> 16


NO_NORMALIZATION = SimpleNamespace(normalize=lambda form, text: text)


@pytest.mark.parametrize(
    ("case", "target", "mutant"),
    [
        ("uniform", "fanwise.core.philox.ROUNDS", 9),
        ("uniform", "fanwise.core.philox._MULTIPLIERS", philox._MULTIPLIERS[::-1]),
        ("uniform", "fanwise.core.keys.DOMAIN", "fanwise/2"),
        ("uniform", "fanwise.core.keys.unicodedata", NO_NORMALIZATION),
        ("uniform", "fanwise.core.values.UNIFORM_UNIT", 2.0**-23),
        ("uniform", "fanwise.core.values.uniform_integer", lambda w, _: (w >> 8).view("i4")),
        ("normal", "fanwise.core.values.NORMAL_UNIT", 2.0**-28 * (1 + 2**-20)),
        ("normal", "fanwise.core.values.normal_integer", lambda w, _: -quantile.normal_integer(w)),
        ("cut", "fanwise.core.values.into_window", lambda words, *_: words),
        ("bfloat16", "fanwise.core.dtypes.bfloat16_bits", truncated),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_comparison_can_fail(monkeypatch, case: str, target: str, mutant: object) -> None:
    monkeypatch.setenv("FANWISE_FAST", "0")
    monkeypatch.setattr(target, mutant)
    with pytest.raises(AssertionError):
        assert_equals_reference(FIXED[case])


def test_the_comparison_sees_the_order_of_axes(monkeypatch) -> None:
    monkeypatch.setattr(spec_axes, "CANONICAL_ROLES", ("*", "batch", "in", "out"))
    forget_layouts()
    try:
        with pytest.raises(AssertionError):
            assert_equals_reference(FIXED["uniform"])
    finally:
        forget_layouts()


def forget_layouts() -> None:
    spec_axes._layout.cache_clear()
    spec_resolved._resolved.cache_clear()
    fill.plans_of_whole.cache_clear()


@pytest.mark.parametrize("dtype", DTYPES)
def test_dtypes_may_be_named_in_any_way(dtype: str) -> None:
    scalar = getattr(ml_dtypes if dtype == "bfloat16" else np, dtype)
    expected = fanwise.sample("normal", (5,), seed=1, dtype=dtype)
    for named in (scalar, np.dtype(scalar)):
        got = fanwise.sample("normal", (5,), seed=1, dtype=named)
        assert got.dtype == expected.dtype
        np.testing.assert_array_equal(bits(got), bits(expected))


def test_half_precision_is_the_cast_of_single() -> None:
    single = fanwise.sample("he_normal", (64, 32), seed=3)
    for dtype in ("float16", "bfloat16"):
        half = fanwise.sample("he_normal", (64, 32), seed=3, dtype=dtype)
        np.testing.assert_array_equal(bits(half), bits(single.astype(half.dtype)))


def test_float64_is_finer_than_float32_but_the_same_draw() -> None:
    single = fanwise.sample("normal", (1000,), seed=3)
    double = fanwise.sample("normal", (1000,), seed=3, dtype="float64")
    assert (double != single).any()
    np.testing.assert_allclose(double, single, rtol=2**-22)


def test_streams_are_told_apart_by_seed_and_path() -> None:
    draws = [
        fanwise.sample("normal", (8,), seed=seed, path=path).tobytes()
        for seed in (0, 1, 2**32, 2**63)
        for path in (None, "", "a", "A", "a/", "/a")
    ]
    assert len(set(draws)) == len(draws)


def test_numpy_integers_are_seeds_and_sizes() -> None:
    got = fanwise.sample("normal", np.array([2, 3]), seed=np.uint64(2**64 - 1))
    np.testing.assert_array_equal(got, fanwise.sample("normal", (2, 3), seed=2**64 - 1))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (1,), (3, 2)])
def test_constants(shape: tuple[int, ...], dtype: str) -> None:
    scheme = fanwise.scheme("constant", value=1.5)
    for name, value in ((scheme, 1.5), ("zeros", 0.0), ("ones", 1.0)):
        got = fanwise.sample(name, shape, seed=0, dtype=dtype)
        assert got.shape == shape
        assert (got.astype(float) == value).all()
    flat = fanwise.sample(fanwise.scheme("normal", mean=1.5, std=0.0), shape, seed=0, dtype=dtype)
    assert (flat.astype(float) == 1.5).all()
    same = fanwise.sample(fanwise.scheme("uniform", low=1.5, high=1.5), shape, seed=0, dtype=dtype)
    assert (same.astype(float) == 1.5).all()


@pytest.mark.parametrize("index", [None, (slice(1, 3),), slice(2, 4)])
@pytest.mark.parametrize("name", ["normal", "zeros", "orthogonal"])
def test_a_resolved_scheme_is_drawn_as_by_the_door(name: str, index) -> None:
    resolved = spec_resolved.resolve(fanwise.scheme(name), (6, 5), "torch")
    how = {"seed": 3, "path": "p", "index": index, "dtype": "float64"}
    expected = fanwise.sample(name, (6, 5), axes="torch", **how)
    np.testing.assert_array_equal(sampler.draw(resolved, **how), expected)


def test_a_constant_of_negative_zero_keeps_its_sign() -> None:
    for value in (0.0, -0.0, 0.0):
        drawn = fanwise.sample(fanwise.scheme("constant", value=value), (3,), seed=0)
        assert (np.signbit(drawn) == np.signbit(value)).all()
