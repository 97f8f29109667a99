"""The judge of models of Keras sees what is planted in them."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

import fanwise.keras
from fanwise import FanwiseError
from zoo.judges import keras_models
from zoo.libraries.keras_parts import MODELS
from zoo.zoo_model import ZooModel

SUBCLASSED = next(model for model in MODELS if model.name == "subclassed")
FROZEN = next(model for model in MODELS if model.name == "frozen")


def judged(monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Any, int], None], model: ZooModel):
    """Judge a model that is spoiled each time that it has been set."""
    initialize = fanwise.keras.initialize

    def spoiled(built: Any, recipe: Any, *, seed: int, **more: Any) -> Any:
        summary = initialize(built, recipe, seed=seed, **more)
        spoil(built, seed)
        return summary

    monkeypatch.setattr(keras_models.fanwise.keras, "initialize", spoiled)
    return keras_models.judge(model)


def times(factor: float, name: str) -> Callable[[Any, int], None]:
    return lambda built, _: variable_of(built, name).assign(variable_of(built, name) * factor)


def variable_of(built: Any, name: str) -> Any:
    return next(variable for variable in built.variables if variable.path.endswith(name))


def same_again(built: Any, _: int) -> None:
    variable = variable_of(built, "query/kernel")
    variable.assign(np.random.default_rng(5).normal(0, 0.05, variable.shape))


def alike(built: Any, _: int) -> None:
    variable_of(built, "query/kernel").assign(variable_of(built, "key/kernel"))


def uniform(built: Any, seed: int) -> None:
    variable = variable_of(built, "table")
    bound = 0.05 * 3**0.5
    variable.assign(np.random.default_rng(seed).uniform(-bound, bound, variable.shape))


def not_finite(built: Any, _: int) -> None:
    variable = variable_of(built, "query/kernel")
    variable.assign(variable * np.nan)


def shifted(built: Any, _: int) -> None:
    variable = variable_of(built, "table")
    variable.assign(variable + 0.01)


class Table(keras.layers.Layer):
    """A table that is large enough for a tenth of a deviation."""

    def build(self, _: Any) -> None:
        start = keras.initializers.RandomNormal(stddev=0.05)
        self.table = self.add_weight(shape=(60, 500), initializer=start, name="table")
        self.gain = self.add_weight(
            shape=(3,), initializer=keras.initializers.Constant(0.25), name="gain"
        )

    def call(self, inputs: Any) -> Any:
        return inputs


def table(_: int) -> keras.Model:
    return keras.Sequential([keras.Input((4,)), Table(name="held"), keras.layers.Dense(3)])


TABLE = ZooModel("table", table)


@pytest.mark.parametrize(
    ("model", "spoil", "words"),
    [
        (TABLE, times(2.0, "table"), "table: deviation"),
        (TABLE, times(1.1, "table"), "table: deviation"),
        (TABLE, times(0.9, "table"), "table: deviation"),
        (TABLE, uniform, "another distribution"),
        (TABLE, shifted, "table: mean"),
        (TABLE, times(2.0, "gain"), "a constant was changed"),
        (SUBCLASSED, times(2.0, "query/kernel"), "deviation"),
        (SUBCLASSED, same_again, "the same values under another seed"),
        (SUBCLASSED, alike, "the same values as"),
        (SUBCLASSED, not_finite, "not finite"),
        (FROZEN, times(2.0, "conv/kernel"), "what does not train was changed"),
    ],
)
def test_a_planted_fault_is_seen(model, spoil, words, monkeypatch):
    verdict = judged(monkeypatch, spoil, model)
    assert verdict.outcome == "wrong"
    assert words in verdict.reason


@pytest.mark.parametrize("model", [TABLE, SUBCLASSED, FROZEN], ids=lambda model: model.name)
def test_nothing_is_seen_where_nothing_is_planted(model):
    assert keras_models.judge(model).reason == ""


def test_a_weight_that_is_not_drawn_is_seen(monkeypatch):
    initialize = fanwise.keras.initialize

    def sparing(built: Any, recipe: Any, *, seed: int) -> Any:
        return initialize(built, recipe, seed=seed, exclude="**/query/kernel")

    monkeypatch.setattr(keras_models.fanwise.keras, "initialize", sparing)
    assert "was not drawn" in keras_models.judge(SUBCLASSED).reason


def test_what_differs_between_two_builds_is_seen(monkeypatch):
    count = iter(range(100))

    def other(built: Any, _: int) -> None:
        variable = variable_of(built, "query/kernel")
        variable.assign(np.random.default_rng(next(count)).normal(0, 0.05, variable.shape))

    assert "other values in a second build" in judged(monkeypatch, other, SUBCLASSED).reason


def test_what_fanwise_refuses_is_an_error_and_no_verdict():
    def squared(shape: Any, dtype: Any = None) -> Any:
        return keras.random.normal(shape, dtype=dtype) ** 2

    def build(_: int) -> keras.Model:
        layer = keras.layers.Dense(3, kernel_initializer=squared)
        return keras.Sequential([keras.Input((16,)), layer])

    with pytest.raises(FanwiseError, match="squared"):
        keras_models.judge(ZooModel("squared", build))
