"""Whole models: what each framework gives, and that two frameworks give the same."""

import numpy as np
import pytest

import fanwise
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.adapters.protocol import MODELS
from fanwise.conformance.checks.models import (
    APART,
    CHECK,
    RECIPE,
    compare_models,
    inputs,
    run_models,
)
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.results.runs import Run
from fanwise.spec.roles import ROLES


class Framework(NumpyAdapter):
    """A framework with one model of one layer."""

    models = ("mlp",)

    def __init__(self, name="a", path="up/kernel", scale=1.0):
        self.name, self.path, self.scale = name, path, scale

    def model(self, draw):
        kernel = fanwise.sample("he_normal", (6, 4), seed=draw.seed, path=self.path)
        return {self.path: kernel}, draw.inputs @ kernel * np.float32(self.scale)


def run_of(adapter):
    result = run_models(adapter)
    return Run(
        adapter=adapter.name, versions={}, devices=(), rows=result.rows, functions=result.functions
    )


def failing(*adapters):
    rows = compare_models([run_of(adapter) for adapter in adapters])
    return {row.claim for row in rows if row.outcome == Outcome.FAIL}


def test_two_frameworks_that_do_the_same_agree():
    rows = list(compare_models([run_of(Framework()), run_of(Framework("b"))]))
    assert [(row.claim, row.outcome) for row in rows] == [
        ("same weights", Outcome.PASS),
        ("same function", Outcome.PASS),
    ]
    assert {row.adapter for row in rows} == {"a and b"}


@pytest.mark.parametrize(
    ("other", "claims"),
    [
        (Framework("b", scale=1 + APART / 4), set()),
        (Framework("b", scale=1 + 4 * APART), {"same function"}),
        (Framework("b", path="down/kernel"), {"same weights", "same function"}),
    ],
)
def test_another_weight_or_another_function_is_seen(other, claims):
    assert failing(Framework(), other) == claims


@pytest.mark.parametrize("scale", [0.0, float("nan"), float("inf")])
def test_a_model_that_computes_nothing_is_seen(scale):
    (row,) = run_models(Framework(scale=scale)).rows
    assert (row.claim, row.outcome, row.observed) == ("runs", Outcome.FAIL, "no function")
    (row,) = run_models(Framework()).rows
    assert row.outcome == Outcome.PASS


def test_every_model_has_its_inputs_and_every_role_a_random_start():
    assert set(inputs()) == set(MODELS)
    rules = fanwise.recipe(RECIPE).rules
    assert {rule.role for rule in rules} <= set(ROLES)
    assert len(rules) == 9


@pytest.mark.parametrize(("adapter", "titles"), [(NumpyAdapter(), []), (Framework(), ["models"])])
def test_only_an_adapter_that_builds_models_is_judged_by_them(adapter, titles):
    assert [step.title for step in CHECK.steps(adapter)] == titles
