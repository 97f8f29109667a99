"""What an initializer function draws, read from its code and from what it closes over.

A function of JAX is known by its code, which is that of one made here, whatever its name. What has
other code, or closes over other things as that of another version may, is traced.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import FunctionType
from typing import Any, Final

import numpy as np
from jax.nn import initializers

from fanwise.adapters.jax.layers.array_laws import ArrayLaw, spread_axes
from fanwise.adapters.jax.layers.initializer_traces import traced_scheme
from fanwise.adapters.jax.layers.initializer_wrappers import (
    closed_over,
    flattened_call,
    has_code_of,
    wrapped_function,
)
from fanwise.adapters.layer_weights import Shape
from fanwise.spec.axes import IN, OUT, RECEPTIVE
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import MODES, fans
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme
from fanwise.spec.scheme_fans import fans_counted, with_fans

#: Of what a function closes over, and the shape that it is called with, what it draws.
_Read = Callable[[Mapping[str, Any], Shape], ArrayLaw]

#: The names of variance scaling, by its scale, mode and distribution.
_NAMED: Final = {
    (1.0, "fan_in", "truncated_normal"): "lecun_normal",
    (1.0, "fan_in", "uniform"): "lecun_uniform",
    (1.0, "fan_avg", "truncated_normal"): "glorot_normal",
    (1.0, "fan_avg", "uniform"): "glorot_uniform",
    (2.0, "fan_in", "truncated_normal"): "he_normal",
    (2.0, "fan_in", "uniform"): "he_uniform",
}
#: In the place of the key that a function is called with.
_KEY: Final = object()
#: What reading raises where a function holds something else than when this was written.
_UNEXPECTED: Final = (
    FanwiseError,
    TypeError,
    ValueError,
    LookupError,
    ArithmeticError,
    AttributeError,
)


def read_call(
    function: Any, arguments: Sequence[Any] = (), keywords: Mapping[str, Any] | None = None
) -> ArrayLaw:
    """Say what an initializer draws.

    Args:
        function: the initializer.
        arguments, keywords: what it is called with after the key, the shape among it.

    Returns:
        The law of the array; without a scheme where the function has no translation.
    """
    try:
        law = _read(function, (_KEY, *arguments), keywords or {})
    except _UNEXPECTED:
        law = None
    return law or _read_trace(function, arguments, keywords or {})


def read_flat_call(function: Any, flat: Shape, shape: Shape) -> ArrayLaw:
    """Say what an initializer draws as a flat matrix, which is then given its shape."""
    law = read_call(function, (flat,))
    return law if law.axes is None else replace(law, axes=spread_axes(law.axes, flat, shape))


def name_of(function: Any) -> str:
    """Name a function as it is imported, or an object by its class; without any address."""
    while isinstance(function, functools.partial):
        function = function.func
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{named.__module__}.{named.__qualname__}"


def _read_trace(function: Any, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> ArrayLaw:
    """Read what no function of JAX draws by what it does."""
    name = name_of(function)
    try:
        drawn = traced_scheme(function, arguments, keywords)
        law = _constant(drawn) if isinstance(drawn, float) else ArrayLaw(drawn)
    except Exception:  # noqa: BLE001 (it is the user's, and may raise anything)
        return ArrayLaw(None, text=name)
    return replace(law, text=name)


def _read(
    function: Any, arguments: tuple[Any, ...], keywords: Mapping[str, Any]
) -> ArrayLaw | None:
    if isinstance(function, functools.partial):
        merged = {**function.keywords, **keywords}
        return _read(function.func, (*function.args, *arguments), merged)
    inner = wrapped_function(function)
    if inner is not None:
        return _read(inner, arguments, keywords)
    bound = inspect.signature(function).bind(*arguments, **keywords).arguments
    shape = tuple(int(size) for size in bound["shape"])
    general = flattened_call(function, shape)
    if general is not None:
        return read_flat_call(*general, shape)
    if isinstance(getattr(function, "scheme", None), Scheme):
        return _read_fanwise(function, shape)
    for reference, read in _READERS:
        if has_code_of(function, reference):
            return read(closed_over(function), shape)
    return None


def _read_fanwise(function: Any, shape: Shape) -> ArrayLaw:
    """Read one of this package's own, a :class:`KeyedInitializer`."""
    own: Scheme = function.scheme
    axes, mode = function.pattern(shape), own.fan_mode
    groups = dict(own.params).get("groups", 1)
    if own.entry.structured:
        return ArrayLaw(own, None, axes, text=str(own))
    if mode is None and fans_counted(own):
        counted = fans(shape, axes, groups if isinstance(groups, int) else 1)
        return ArrayLaw(with_fans(own, counted), text=str(own))
    if mode is None:
        return ArrayLaw(own, text=str(own))
    given = own["fan"]
    if isinstance(given, int | float):
        fan = float(given)
    else:
        fan = MODES[mode](fans(shape, axes, groups if isinstance(groups, int) else 1))
    return ArrayLaw(own.replace(fan=None, groups=1), fan, text=str(own))


def _law(name: str, **params: Any) -> ArrayLaw:
    chosen = scheme(name, **params)
    return ArrayLaw(chosen, text=str(chosen))


def _constant(value: float) -> ArrayLaw:
    named = {0.0: "zeros", 1.0: "ones"}
    return _law(named[value]) if value in named else _law("constant", value=value)


def _read_zeros(held: Mapping[str, Any], shape: Shape) -> ArrayLaw:
    del held, shape
    return _constant(0.0)


def _read_ones(held: Mapping[str, Any], shape: Shape) -> ArrayLaw:
    del held, shape
    return _constant(1.0)


def _read_constant(held: Mapping[str, Any], shape: Shape) -> ArrayLaw:
    del shape
    return _constant(_number(held["value"]))


def _read_uniform(held: Mapping[str, Any], shape: Shape) -> ArrayLaw:
    """Read JAX's, which is uniform on [0, scale)."""
    del shape
    end = _number(held["scale"])
    return _law("uniform", low=min(0.0, end), high=max(0.0, end)) if end else _constant(0.0)


def _read_normal(held: Mapping[str, Any], shape: Shape) -> ArrayLaw:
    del shape
    std = abs(_number(held["stddev"]))
    return _law("normal", std=std) if std else _constant(0.0)


def _read_truncated_normal(held: Mapping[str, Any], shape: Shape) -> ArrayLaw:
    del shape
    std, low, high = (_number(held[name]) for name in ("stddev", "lower", "upper"))
    if std < 0:
        std, low, high = -std, -high, -low
    if not std:
        return _constant(0.0)
    return _law("truncated_normal", std=std, low=low, high=high, corrected=False)


def _read_variance_scaling(held: Mapping[str, Any], shape: Shape) -> ArrayLaw:
    scale, mode, distribution = _number(held["scale"]), held["mode"], held["distribution"]
    if not scale:
        return _constant(0.0)
    given = {"scale": scale, "mode": mode, "distribution": distribution}
    name = _NAMED.get((scale, mode, distribution))
    chosen = scheme(name) if name else scheme("variance_scaling", **given)
    counted = _count_fans(shape, held["in_axis"], held["out_axis"], held["batch_axis"])
    fan = {
        "fan_in": counted[0],
        "fan_out": counted[1],
        "fan_avg": sum(counted) / 2,
        "fan_geo_avg": math.sqrt(math.prod(counted)),
    }[mode]
    return ArrayLaw(chosen, fan if fan > 0 else None, text=str(chosen))


def _count_fans(shape: Shape, inputs: Any, outputs: Any, batch: Any) -> tuple[float, float]:
    """Count fans as JAX does: what is named neither an input nor a batch is in the fan_out."""
    ends = [
        math.prod(shape[axis] for axis in ((axes,) if isinstance(axes, int) else axes))
        for axes in (inputs, outputs, batch)
    ]
    size = math.prod(shape)
    if not size:
        return 0.0, 0.0
    field = size / math.prod(ends)
    return ends[0] * field, ends[1] * field


def _read_orthogonal(held: Mapping[str, Any], shape: Shape) -> ArrayLaw:
    gain, column = abs(_number(held["scale"])), range(len(shape))[held["column_axis"]]
    if not gain:
        return _constant(0.0)
    chosen = scheme("orthogonal", gain=gain)
    words = [OUT if axis == column else IN for axis in range(len(shape))]
    return ArrayLaw(chosen, None, " ".join(words), str(chosen))


def _read_delta_orthogonal(held: Mapping[str, Any], shape: Shape) -> ArrayLaw:
    gain = abs(_number(held["scale"]))
    if not gain:
        return _constant(0.0)
    chosen = scheme("delta_orthogonal", gain=gain)
    words = [*[RECEPTIVE] * (len(shape) - 2), IN, OUT]
    return ArrayLaw(chosen, None, " ".join(words), str(chosen))


def _number(value: Any) -> float:
    """Return a number that JAX would multiply by, also where it is an array of one."""
    array = np.asarray(value)
    if array.size != 1:
        raise FanwiseError("one number", array.shape, "Pass the number itself.")
    number = float(array.reshape(()))
    if not math.isfinite(number):
        raise FanwiseError("a finite number", number, "Pass another.")
    return number


_READERS: Final[tuple[tuple[FunctionType, _Read], ...]] = tuple(
    (function, read)
    for function, read in (
        (initializers.zeros, _read_zeros),
        (initializers.ones, _read_ones),
        (initializers.constant(0.0), _read_constant),
        (initializers.uniform(), _read_uniform),
        (initializers.normal(), _read_normal),
        (initializers.truncated_normal(), _read_truncated_normal),
        (initializers.lecun_normal(), _read_variance_scaling),
        (initializers.orthogonal(), _read_orthogonal),
        (initializers.delta_orthogonal(), _read_delta_orthogonal),
    )
    if isinstance(function, FunctionType)
)
