"""The weights of the suite's models, read from Keras's layers in canonical order.

It is written apart from what sets them, so that the one is a check of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from keras import layers
from numpy.typing import NDArray

_ROLES: Final = {
    "gamma": "scale",
    "beta": "offset",
    "moving_mean": "mean",
    "moving_variance": "variance",
    "embeddings": "embedding",
}


def weights(model: Any, array: Callable[[Any], NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return every weight by its canonical path; ``array`` gives a variable in NumPy."""
    canonical = {}
    for layer in model.layers:
        held = {variable.path.split(f"{layer.name}/", 1)[-1]: array(variable)
                for variable in layer.weights if "seed" not in variable.path}  # fmt: skip
        for role, values in _of(layer, held):
            canonical[f"{layer.name}/{role}"] = np.ascontiguousarray(values)
    return canonical


def _of(layer: Any, held: dict[str, NDArray[Any]]) -> Iterator[tuple[str, NDArray[Any]]]:
    match layer:
        case layers.MultiHeadAttention():
            for name, values in held.items():
                yield name.replace("attention_output", "out"), values
        case layers.LSTM():
            kernel, recurrent, bias = (values for _, values in sorted(held.items(), key=_lstm))
            yield "kernel", _gates(kernel)
            yield "recurrent_kernel", _gates(recurrent)
            yield "bias", bias.reshape(4, -1)[[0, 2, 3]]
            yield "forget_bias", bias.reshape(4, -1)[1]
        case layers.Conv2DTranspose():
            yield "kernel", held["kernel"].swapaxes(-1, -2)
            yield "bias", held["bias"]
        case _:
            for name, values in held.items():
                yield _ROLES.get(name, name), values


def _lstm(item: tuple[str, Any]) -> int:
    """Kernel, recurrent kernel, bias, whatever the cell is called."""
    return ("kernel", "recurrent_kernel", "bias").index(item[0].rpartition("/")[2])


def _gates(packed: NDArray[Any]) -> NDArray[Any]:
    return packed.reshape(len(packed), 4, -1).transpose(1, 0, 2)
