"""Whole models: one recipe, one seed, and the same function in every framework.

Each framework builds the same models in its own way, sets them up by one recipe, and
runs them on the same inputs. Their outputs differ by the rounding of the frameworks' own
arithmetic alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter, ModelDraw, WithModels
from fanwise.conformance.checks.check import Check, Step, StepResult
from fanwise.conformance.checks.completeness import RUNS
from fanwise.conformance.checks.faults import Fault, Healthy
from fanwise.conformance.model_recipe import RECIPE
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.results.runs import Function, Run
from fanwise.conformance.results.subjects import Subject, size_text
from fanwise.conformance.statistics.tails import Finding
from fanwise.core import sample
from fanwise.spec.recipe import recipe

SAME_WEIGHTS: Final = Claim(
    name="same weights",
    group=Group.MODELS,
    null="a model set up by one recipe and seed has the same weights in all frameworks",
    test="SHA-256 in canonical order, by canonical paths",
)
SAME_FUNCTION: Final = Claim(
    name="same function",
    group=Group.MODELS,
    null="a model set up by one recipe and seed is one function in all frameworks",
    test="outputs on the same inputs, apart by rounding alone",
    catches="1e-5 of the largest output",
)

#: How far outputs may lie apart, relative to the largest of them.
APART: Final = 1e-5
_SEED: Final = 17


def inputs() -> Mapping[str, NDArray[Any]]:
    """Return what each model is run on."""
    image = sample("normal", (2, 8, 8, 3), seed=1)
    return {
        "mlp": sample("normal", (5, 6), seed=1),
        "resnet": image,
        "convnet": image,
        "encoder": sample("normal", (3, 7, 8), seed=1),
        "lstm": np.arange(21, dtype=np.int32).reshape(3, 7) * 5 % 11,
    }


def run_models(adapter: WithModels, count: int | None = None) -> StepResult:
    """Set up and run the models that an adapter builds: so many of them, or all."""
    rows, functions = [], []
    for name in adapter.models[:count]:
        draw = ModelDraw(name, recipe(RECIPE), _SEED, inputs()[name])
        weights, output = adapter.model(draw)
        finite = bool(np.isfinite(output).all()) and float(np.std(output)) > 0
        subject = Subject(
            adapter=adapter.name,
            engine=Engine.PORTABLE,
            scheme="models",
            subject=f"{name} {size_text(output.shape)}",
            n=output.size,
            seed=_SEED,
        )
        observed = "a function" if finite else "no function"
        rows.append(subject.compare(RUNS, observed, "a function"))
        functions.append(
            Function(
                model=name,
                weights={path: _digest(weights[path]) for path in sorted(weights)},
                outputs=tuple(float(value) for value in np.ravel(output)),
            )
        )
    return StepResult(rows=tuple(rows), functions=tuple(functions))


def compare_models(runs: Sequence[Run]) -> Iterator[ResultRow]:
    """Compare the models of every framework with those of the first that has them."""
    first: dict[str, tuple[str, Function]] = {}
    for run in runs:
        for function in run.functions:
            name, other = first.setdefault(function.model, (run.adapter, function))
            if name != run.adapter:
                yield from _compare_pair(f"{name} and {run.adapter}", other, function)


def _compare_pair(pair: str, first: Function, second: Function) -> Iterator[ResultRow]:
    subject = Subject(
        adapter=pair,
        engine=Engine.PORTABLE,
        scheme="models",
        subject=second.model,
        n=len(second.outputs),
        seed=_SEED,
    )
    paths = sorted({*first.weights, *second.weights})
    differing = [path for path in paths if first.weights.get(path) != second.weights.get(path)]
    yield subject.compare(SAME_WEIGHTS, ", ".join(differing) or "the same", "the same")
    a, b = np.array(first.outputs), np.array(second.outputs)
    # Of results that are read from a file, all outputs may be zero, or too large to subtract.
    with np.errstate(all="ignore"):
        apart = float(np.abs(a - b).max() / np.abs(a).max()) if a.shape == b.shape else np.nan
    yield subject.judge(SAME_FUNCTION, Finding(apart, 0.0, 0.0, APART), alpha=0.0)


def _digest(weight: NDArray[Any]) -> str:
    return hashlib.sha256(weight.tobytes()).hexdigest()


def _steps(adapter: Adapter) -> Iterator[Step]:
    if isinstance(adapter, WithModels):
        step = Step("models", partial(run_models, adapter))
        yield step.in_quick_runs(partial(run_models, adapter, 1))


class OneLayer(Healthy):
    """A framework whose model is one layer, at a path, with its output times a factor."""

    models: tuple[str, ...] = ("mlp",)

    def __init__(self, path: str = "up/kernel", factor: float = 1.0) -> None:
        self.path = path
        self.factor = factor

    def model(self, draw: ModelDraw) -> tuple[Mapping[str, NDArray[Any]], NDArray[Any]]:
        """Set up the layer, and run it."""
        kernel = sample("he_normal", (6, 4), seed=draw.seed, path=self.path)
        return {"up/kernel": kernel}, draw.inputs @ kernel * np.float32(self.factor)


def _judge(adapter: OneLayer, seed: int) -> Iterator[ResultRow]:
    """Compare the model of an adapter with that of one that is right."""
    del seed  # a model has its own
    runs = [
        Run(adapter=name, versions={}, devices=(), rows=(), functions=run_models(other).functions)
        for name, other in (("right", OneLayer()), ("judged", adapter))
    ]
    return compare_models(runs)


def _fault(name: str, claim: Claim, adapter: OneLayer) -> Fault:
    return Fault(name=name, claim=claim, judge=_judge, adapter=adapter, mended=OneLayer())


CHECK: Final = Check(
    claims=(SAME_WEIGHTS, SAME_FUNCTION),
    steps=_steps,
    compare=compare_models,
    faults=(
        _fault("a model's weight of another path", SAME_WEIGHTS, OneLayer(path="down/kernel")),
        _fault("a model's output off by 2e-5", SAME_FUNCTION, OneLayer(factor=1 + 2e-5)),
    ),
)
