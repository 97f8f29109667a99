"""Initializers in the manner of ``mlx.nn.init``, with the bits of every other framework."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import mlx.core as mx
import mlx.nn as nn
import numpy as np

from fanwise import FanwiseError, Scheme, sample, scheme
from fanwise.adapters.engines import Engine, EngineName, checked_engine
from fanwise.core.dtypes import format_of
from fanwise.core.keys import checked_seed
from fanwise_mlx import native

#: All layers of MLX store their weight so: Linear, Conv1d to 3d, and the transposed ones.
AXES: Final = "out * in"
DTYPES: Final = {
    mx.float16: "float16",
    mx.bfloat16: "bfloat16",
    mx.float32: "float32",
    mx.float64: "float64",
}

Initializer = Callable[[mx.array], mx.array]


def initializer(
    chosen: Scheme | str,
    *,
    seed: int,
    path: str | None = None,
    axes: str = AXES,
    dtype: mx.Dtype = mx.float32,
    engine: EngineName = "portable",
) -> Initializer:
    """Make a function that gives a weight of an array's shape.

    Args:
        chosen: a scheme or its name.
        seed: 0 ≤ seed < 2⁶⁴.
        path: the weight's path in its model; the native engine has none.
        axes: the role of each axis.
        dtype: of the weight.
        engine: ``portable``, the stream; or ``native``, MLX's own samplers.

    Raises:
        FanwiseError: for bad input, at once; for a shape without fans, when called.

    Examples:
        >>> weight = initializer("he_normal", seed=0, path="dense/weight")(mx.zeros((256, 512)))
        >>> weight.shape, weight.dtype
        ((256, 512), mlx.core.float32)
    """
    drawn = scheme(chosen) if isinstance(chosen, str) else chosen
    if dtype not in DTYPES:
        raise FanwiseError("a floating dtype of mlx.core", dtype, "Pass e.g. mx.float32.")
    source = checked_engine(engine)
    checked_seed(seed)

    def portable(a: mx.array) -> mx.array:
        name = DTYPES[dtype]
        values = np.empty(a.shape, format_of(name).storage)
        sample(drawn, a.shape, seed=seed, path=path, axes=axes, dtype=name, out=values)
        return from_numpy(values, dtype)

    def by_mlx(a: mx.array) -> mx.array:
        return native.draw(drawn.law(a.shape, axes), a.shape, seed=seed, dtype=dtype)

    return portable if source is Engine.PORTABLE else by_mlx


def set_initializer(
    layer: nn.Module, chosen: Scheme | str, *, seed: int, path: str | None = None
) -> nn.Module:
    """Set the weight of a Linear or Conv layer; ``path`` is that of the layer.

    The weight's path ends in ``kernel`` in every framework, whatever its attribute is called, so
    that one model has one stream of numbers.

    Returns:
        The layer.
    """
    drawn = scheme(chosen) if isinstance(chosen, str) else chosen
    if "groups" in drawn.entry.parameters:
        drawn = drawn.replace(groups=getattr(layer, "groups", 1))
    name = "kernel" if path is None else f"{path}/kernel"
    weight = layer["weight"]
    layer.update({"weight": initializer(drawn, seed=seed, path=name, dtype=weight.dtype)(weight)})
    return layer


def from_numpy(values: np.ndarray[Any, Any], dtype: mx.Dtype) -> mx.array:
    """Return an array of MLX's; bfloat16 comes as its bits."""
    if dtype == mx.bfloat16:
        return mx.array(values).view(mx.bfloat16)
    return mx.array(values, dtype=dtype)


def to_numpy(weight: mx.array) -> np.ndarray[Any, Any]:
    """Return an array of NumPy's; bfloat16 goes as its bits."""
    return np.array(weight.view(mx.uint16) if weight.dtype == mx.bfloat16 else weight)
