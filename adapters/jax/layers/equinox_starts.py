"""What the layers of Equinox start with: their code draws it, and no layer declares it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from fanwise.adapters.jax.layers.array_laws import ArrayLaw
from fanwise.adapters.jax.layers.registry import class_names
from fanwise.spec.registry import scheme

_Laws = Mapping[str, ArrayLaw]


def starts_of_arrays(layer: Any) -> _Laws:
    """Return what a layer of Equinox draws its own arrays by, by their names.

    Returns:
        Nothing for a layer of another library, and for one that draws nothing.
    """
    for name in class_names(layer):
        starts = _STARTS.get(name)
        if starts is not None:
            try:
                return starts(layer)
            except (AttributeError, TypeError):
                # Another version of the library keeps other attributes.
                return {}
    return {}


def _uniform(fan: float, *names: str) -> _Laws:
    end = 1 / math.sqrt(fan) if fan else 1.0
    law = ArrayLaw(scheme("uniform", low=-end, high=end), text=f"uniform in ±{end:.4g}")
    return dict.fromkeys(names, law)


def _linear(layer: Any) -> _Laws:
    inputs = 1 if layer.in_features == "scalar" else int(layer.in_features)
    return _uniform(inputs, "weight", "bias")


def _conv(layer: Any) -> _Laws:
    size = layer.kernel_size
    field = math.prod(size) if isinstance(size, Iterable) else size**layer.num_spatial_dims
    return _uniform(layer.in_channels // layer.groups * field, "weight", "bias")


def _embedding(layer: Any) -> _Laws:
    del layer
    return {"weight": ArrayLaw(scheme("normal", std=1.0), text="normal")}


def _cell(layer: Any) -> _Laws:
    return _uniform(layer.hidden_size, "weight_ih", "weight_hh", "bias", "bias_n")


_STARTS: Final[dict[str, Callable[[Any], _Laws]]] = {
    "equinox.nn:Linear": _linear,
    "equinox.nn:Conv": _conv,
    "equinox.nn:ConvTranspose": _conv,
    "equinox.nn:Embedding": _embedding,
    "equinox.nn:LSTMCell": _cell,
    "equinox.nn:GRUCell": _cell,
}
