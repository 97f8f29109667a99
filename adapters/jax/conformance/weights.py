"""The weights of the suite's models, read from Flax's variables in canonical order.

It is written apart from what sets them, so that the one is a check of the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


def weights(variables: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Return every weight by its canonical path."""
    statistics = variables.get("batch_stats", {})
    by_path = {}
    for name, held in variables["params"].items():
        # Flax keeps a cell's weights where the cell was made, not in the recurrence over it.
        path = "lstm" if name == "LSTMCell_0" else name
        for role, values in _weights_of(path, held, statistics.get(name, {})):
            by_path[f"{path}/{role}"] = np.ascontiguousarray(values)
    return by_path


def _weights_of(
    name: str, held: Mapping[str, Any], statistics: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    if "scale" in held:
        yield "scale", held["scale"]
        yield "offset", held["bias"]
        if statistics:
            yield "mean", statistics["mean"]
            yield "variance", statistics["var"]
    elif name == "lstm":
        yield "kernel", np.stack([held[f"i{gate}"]["kernel"] for gate in "ifgo"])
        yield "recurrent_kernel", np.stack([held[f"h{gate}"]["kernel"] for gate in "ifgo"])
        yield "bias", np.stack([held[f"h{gate}"]["bias"] for gate in "igo"])
        yield "forget_bias", held["hf"]["bias"]
    elif name == "up" and held["kernel"].ndim == 4:
        # A transposed kernel, stored as (height, width, out, in).
        yield "kernel", np.swapaxes(held["kernel"], -1, -2)
        yield "bias", held["bias"]
    else:
        for key, value in held.items():
            if isinstance(value, Mapping):
                yield from ((f"{key}/{role}", inner) for role, inner in value.items())
            else:
                yield key, value
