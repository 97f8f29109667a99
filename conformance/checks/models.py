"""Whole models: one recipe, one seed, and the same function in every framework.

Each framework builds the same models in its own way, sets them up by one recipe, and
runs them on the same inputs. Their outputs differ by the rounding of the frameworks' own
arithmetic alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.protocol import ModelDraw, WithModels
from fanwise.conformance.results.rows import Function, Row, Run
from fanwise.conformance.results.subjects import About, size_text
from fanwise.conformance.statistics.tails import Finding
from fanwise.core import sample
from fanwise.spec.recipe import recipe

#: How far outputs may lie apart, relative to the largest of them.
APART: Final = 1e-5
_SEED: Final = 17

#: Every weight is random, so that none can be in the place of another.
RECIPE: Final = """
fanwise = 1

[[rule]]
role = "kernel"
init = "he_normal"

[[rule]]
name = "recurrent"
role = "recurrent_kernel"
init = "orthogonal"

[[rule]]
name = "embedding"
role = "embedding"
init = "normal"

[[rule]]
name = "bias"
role = "bias"
init = { scheme = "normal", std = 0.1 }

[[rule]]
name = "forget"
role = "forget_bias"
init = { scheme = "normal", mean = 1, std = 0.1 }

[[rule]]
name = "scale"
role = "scale"
init = { scheme = "normal", mean = 1, std = 0.1 }

[[rule]]
name = "offset"
role = "offset"
init = { scheme = "normal", std = 0.1 }

[[rule]]
name = "mean"
role = "mean"
init = { scheme = "normal", std = 0.1 }

[[rule]]
name = "variance"
role = "variance"
init = { scheme = "uniform", low = 0.5, high = 1.5 }

[allow]
unused = ["recurrent", "embedding", "bias", "forget", "scale", "offset", "mean", "variance"]
"""


def inputs() -> Mapping[str, NDArray[Any]]:
    """What each model is run on."""
    image = sample("normal", (2, 8, 8, 3), seed=1)
    return {
        "mlp": sample("normal", (5, 6), seed=1),
        "resnet": image,
        "convnet": image,
        "encoder": sample("normal", (3, 7, 8), seed=1),
        "lstm": np.arange(21, dtype=np.int32).reshape(3, 7) * 5 % 11,
    }


def functions(adapter: WithModels) -> Iterator[tuple[Row, Function]]:
    """Set up and run every model that an adapter builds."""
    for name in adapter.models:
        given = inputs()[name]
        held, output = adapter.model(ModelDraw(name, recipe(RECIPE), _SEED, given))
        finite = bool(np.isfinite(output).all()) and float(np.std(output)) > 0
        topic = About(
            adapter.name, "portable", "models", f"{name} {size_text(output.shape)}", output.size,
            _SEED,
        )  # fmt: skip
        row = topic.equal("runs", "a function" if finite else "no function", "a function")
        values = tuple(float(value) for value in np.ravel(output))
        digests = {path: hashlib.sha256(made.tobytes()).hexdigest() for path, made in held.items()}
        yield row, Function(name, dict(sorted(digests.items())), values)


def compared(runs: Sequence[Run]) -> Iterator[Row]:
    """The models of every framework against those of the first that has them."""
    first: dict[str, tuple[str, Function]] = {}
    for run in runs:
        for one in run.functions:
            name, other = first.setdefault(one.model, (run.adapter, one))
            if name != run.adapter:
                yield from _pair(f"{name} and {run.adapter}", other, one)


def _pair(pair: str, first: Function, second: Function) -> Iterator[Row]:
    topic = About(pair, "portable", "models", second.model, len(second.outputs), _SEED)
    paths = sorted({*first.weights, *second.weights})
    differ = [path for path in paths if first.weights.get(path) != second.weights.get(path)]
    yield topic.equal("same weights", ", ".join(differ) or "the same", "the same")
    a, b = np.array(first.outputs), np.array(second.outputs)
    apart = float(np.abs(a - b).max() / np.abs(a).max()) if a.shape == b.shape else float("nan")
    yield topic.found("same function", Finding(apart, 0.0, 0.0, APART), alpha=0.0)
