"""What is said of the values of a weight: the law where it is plain, and no law where it is not."""

from __future__ import annotations

import numpy as np
import pytest

from fanwise.adapters.observed_values import ENOUGH, describe_values
from fanwise.core import sampler
from fanwise.spec.registry import scheme


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (np.ones(4), "all 1"),
        (np.zeros((2, 3), np.float16), "all 0"),
        (np.full(5, 0.5), "constant 0.5"),
        (np.eye(20), "only 0, 1"),
        (np.array([1.0, np.nan]), "values that are not finite"),
        (np.zeros((0, 3)), "no values"),
        (np.arange(16.0) - 7.5, "values of std 4.6"),
    ],
)
def test_plain_values_are_told(values: np.ndarray, text: str) -> None:
    assert describe_values(values) == text


@pytest.mark.parametrize("size", [ENOUGH, 30 * ENOUGH])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        (scheme("normal", std=1.0), "normal, std "),
        (scheme("truncated_normal", std=0.02), "truncated normal, std 0.0"),
        (scheme("uniform", low=-0.04, high=0.04), "uniform in ±0.04"),
        (scheme("uniform", low=0.0, high=1.0), "uniform in [0, 1]"),
        (scheme("normal", std=0.0215), "normal, std 0.02"),
        (scheme("normal", mean=1.0, std=0.02), ", mean 1"),
    ],
)
def test_the_laws_of_the_catalogue_are_recognized(name: object, text: str, size: int) -> None:
    for seed in range(20):
        assert text in describe_values(sampler.sample(name, (size,), seed=seed))


@pytest.mark.parametrize("law", ["laplace", "exponential", "logistic"])
def test_no_law_is_named_for_values_of_another_one(law: str) -> None:
    for seed in range(20):
        values = getattr(np.random.default_rng(seed), law)(size=10 * ENOUGH)
        assert describe_values(values).startswith("values of std")


def test_no_law_is_named_for_few_values() -> None:
    assert describe_values(np.random.default_rng(0).normal(size=100)).startswith("values of std")
