"""How the layers of each framework start by themselves, as its recipe says and an audit finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jax
import keras
import name_rows
import numpy as np
import torch
from flax import linen

import fanwise
import fanwise.jax
import fanwise.keras
import fanwise.torch

#: The recipe by which a model starts as its framework's own layers do.
RECIPES: Final = {"torch": "torch_default", "keras": "keras_default", "jax": "flax_default"}
#: What a layer counts, and does not start from a scheme.
_STATISTICS: Final = {"mean", "variance"}


@dataclass(frozen=True)
class Start:
    """How weights of a layer start.

    Attributes:
        layer: the expression that makes it.
        weights: their paths in it.
        scheme: by its name.
        std: the standard deviation that it has here.
        is_own: whether an audit of a layer as the framework made it agrees.
    """

    layer: str
    weights: tuple[str, ...]
    scheme: str
    std: float
    is_own: bool


def starts(framework: str) -> Iterator[Start]:
    """Give the starts of the layers of a framework's page; weights that start alike stand together.

    Args:
        framework: ``"torch"``, ``"keras"`` or ``"jax"``.
    """
    for given in name_rows.read(framework)["layers"]:
        summary, own = _LAYERS[framework](given)
        alike: dict[tuple[str, float], list[str]] = {}
        for row in summary.rows:
            name = row.path.removeprefix(_prefix(summary, framework))
            if name not in _STATISTICS:
                start = (str(row.scheme), float(f"{row.expected or 0:.3g}"))
                alike.setdefault(start, []).append(name)
        for (scheme, std), names in alike.items():
            yield Start(given["layer"], tuple(names), scheme, std, own.passed)


def _prefix(summary: Any, framework: str) -> str:
    """In Keras the layer stands in a model, below its own name."""
    return str(summary.rows[0].path).partition("/")[0] + "/" if framework == "keras" else ""


def _torch_layer(given: Mapping[str, Any]) -> tuple[Any, Any]:
    torch.manual_seed(0)
    layer = name_rows.evaluated(given["layer"], vars(torch.nn).copy())
    own = fanwise.audit(layer, RECIPES["torch"])
    return fanwise.torch.initialize(layer, RECIPES["torch"], seed=0), own


def _keras_layer(given: Mapping[str, Any]) -> tuple[Any, Any]:
    keras.utils.set_random_seed(0)
    layer = name_rows.evaluated(given["layer"], vars(keras.layers).copy())
    model = keras.Sequential([keras.Input(tuple(given["shape"])), layer])
    own = fanwise.audit(model, RECIPES["keras"])
    return fanwise.keras.initialize(model, RECIPES["keras"], seed=0), own


def _jax_layer(given: Mapping[str, Any]) -> tuple[Any, Any]:
    module = name_rows.evaluated(given["layer"], {**vars(linen), "linen": linen})
    inputs = np.ones((2, *given["shape"]), given.get("dtype", "float32"))
    own = fanwise.audit(module.init(jax.random.key(0), inputs), RECIPES["jax"], framework="jax")
    return fanwise.jax.initialize(module, RECIPES["jax"], inputs=(inputs,), seed=0)[1], own


_LAYERS: Final[Mapping[str, Callable[[Mapping[str, Any]], tuple[Any, Any]]]] = {
    "torch": _torch_layer,
    "keras": _keras_layer,
    "jax": _jax_layer,
}
