"""What is said of the values of a weight: the law where it is plain, and no law where it is not."""

from __future__ import annotations

import re

import numpy as np
import pytest

from fanwise.adapters.observed_values import ENOUGH, observed_values
from fanwise.core import sampler
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme


@pytest.mark.parametrize(
    ("values", "text", "init"),
    [
        (np.ones(4), "all 1", "ones"),
        (np.zeros((2, 3), np.float16), "all 0", "zeros"),
        (np.full(5, 0.1, np.float32), "constant 0.1", {"scheme": "constant", "value": 0.1}),
        (
            np.full(1, 0.203382372856, np.float32),
            "constant 0.203382",
            {"scheme": "constant", "value": 0.20338237},
        ),
        (np.full(1, 1 / 3), "constant 0.333333", {"scheme": "constant", "value": 1 / 3}),
        (np.eye(20), "only 0, 1", None),
        (np.array([1.0, np.nan]), "values that are not finite", None),
        (np.zeros((0, 3)), "", None),
        (np.arange(16.0) - 7.5, "values of std 5", None),
    ],
)
def test_plain_values_are_told(values: np.ndarray, text: str, init: object) -> None:
    assert observed_values(values).text == text
    assert observed_values(values).init == init


@pytest.mark.parametrize("size", [ENOUGH, 30 * ENOUGH])
@pytest.mark.parametrize(
    "given",
    [
        scheme("normal", std=0.02),
        scheme("normal", mean=1.0, std=0.02),
        scheme("truncated_normal", std=0.02),
        scheme("uniform", low=-0.04, high=0.04),
        scheme("uniform", low=0.0, high=1.0),
    ],
    ids=str,
)
def test_the_laws_of_the_catalogue_are_recognized(given: Scheme, size: int) -> None:
    told = [observed_values(sampler.sample(given, (size,), seed=seed)).init for seed in range(20)]
    for init in told:
        assert isinstance(init, dict)
        assert init["scheme"] == given.name
        for name, number in init.items():
            if name != "scheme":
                # Five standard errors of a standard deviation, and three more by rounding.
                assert number == pytest.approx(given[name], rel=8 / (2 * size) ** 0.5, abs=0.006)
    most = max(told, key=told.count)
    assert most == {
        "scheme": given.name,
        **{name: given[name] for name in most if name != "scheme"},
    }


@pytest.mark.parametrize("law", ["laplace", "exponential", "logistic"])
def test_no_law_is_named_for_values_of_another_one(law: str) -> None:
    for seed in range(20):
        values = getattr(np.random.default_rng(seed), law)(size=10 * ENOUGH)
        assert observed_values(values).text.startswith("values of std")


def test_no_law_is_named_for_few_values() -> None:
    held = observed_values(np.random.default_rng(0).normal(size=100))
    assert held.text == "values of std 1"
    assert held.init == {"scheme": "normal", "std": 1.0}
    assert observed_values(np.random.default_rng(0).normal(size=7)).init is None


def sines(length: int, size: int) -> np.ndarray:
    angles = np.arange(length)[:, None] / 10_000 ** (np.arange(0, size, 2) / size)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).astype(np.float32)


@pytest.mark.parametrize(
    "values",
    [
        sines(5, 8),
        sines(80, 16),
        sines(1000, 64),
        np.sin(np.arange(64) / 5),
        np.linspace(-1, 1, 5 * ENOUGH),
        np.log(np.tile(np.arange(1, 9), 16)) - 1.3,
    ],
    ids=["few sines", "sines", "many sines", "one sine", "ramp", "repeated"],
)
def test_a_formula_is_no_sample_of_a_law(values: np.ndarray) -> None:
    held = observed_values(values)
    assert held.text.startswith("values of std")
    assert held.init is None
    assert not held.is_guess


@pytest.mark.parametrize("size", [8, 60, ENOUGH - 1, 30 * ENOUGH])
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_what_is_drawn_is_no_formula(size: int, dtype: str) -> None:
    for seed in range(50):
        values = np.random.default_rng(seed).normal(0, 0.02, size).astype(dtype)
        values[: size // 10] = 0  # as of padding
        held = observed_values(values)
        assert (held.init is not None) or size > ENOUGH, seed
        assert held.is_guess is (size < ENOUGH)


def test_the_mean_of_a_few_values_is_told_only_where_it_is_plain() -> None:
    random = np.random.default_rng(0)
    inits = [observed_values(random.normal(0, 1, 8)).init for _ in range(2000)]
    assert sum(init is None for init in inits) <= 2
    assert observed_values(random.normal(-5, 0.3, 8)).init is None


@pytest.mark.parametrize("size", [4, 5, 8, 17])
def test_the_deviation_of_a_few_different_values_is_not_said_to_be_zero(size):
    values = np.random.default_rng(size).normal(0, 0.3, size)
    told = re.search(r"std (\S+?)(,|$)", observed_values(values).text)
    assert abs(float(told[1]) / values.std() - 1) <= 0.5


def test_memory_that_nobody_has_written_is_called_so():
    """A weight of torch.empty, which a recipe is written for before any code has filled it."""
    garbage = np.array([4.6e-41, 0.0, 1.9e28, 3.1e-38, -7e25] * 20, np.float32)
    assert observed_values(garbage).text == "memory that nobody has written: holds 4.6e-41"
    assert observed_values(garbage).init is None
    drawn = np.random.default_rng(0).normal(0, 1e-4, 100).astype(np.float32)
    assert "written" not in observed_values(drawn).text
