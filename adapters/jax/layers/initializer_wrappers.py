"""Functions of JAX and Flax that stand around an initializer and do not change what it draws."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from types import CellType, CodeType, FunctionType, SimpleNamespace
from typing import Any, Final

import jax
import jax.numpy as jnp
from jax.nn import initializers

from fanwise.adapters.layer_weights import Shape

#: What a function that is compiled is an instance of.
_COMPILED: Final = type(jax.jit(lambda: None))
#: Where nnx draws an orthogonal matrix in float32, whatever the dtype, and the function that does.
_CELLS: Final = "flax.nnx.nn.recurrent"
_MODIFIED: Final = "modified_orthogonal"
#: What a wrapper that makes a box closes over, where the box changes what is in it.
_HOOK: Final = "on_create_value"


def closed_over(function: FunctionType) -> dict[str, Any]:
    """Return what a function closes over, by its names in the function."""
    cells = function.__closure__ or ()
    names = function.__code__.co_freevars
    return {name: cell.cell_contents for name, cell in zip(names, cells, strict=True)}


def has_code_of(function: Any, reference: FunctionType) -> bool:
    """Tell whether a function was made where another one was."""
    return (
        isinstance(function, FunctionType)
        and function.__code__ is reference.__code__
        and function.__globals__ is reference.__globals__
    )


def wrapped_function(function: Any) -> Any:
    """Return the initializer that a wrapper is about; None for what is no known wrapper."""
    if isinstance(function, _COMPILED):
        return getattr(function, "__wrapped__", None)
    cells = sys.modules.get(_CELLS)
    if cells is not None and function is getattr(cells, _MODIFIED, cells):
        return initializers.orthogonal()
    for wrapper, name in _flax_wrappers("flax.linen" in sys.modules, "flax.nnx" in sys.modules):
        if has_code_of(function, wrapper):
            held = closed_over(function)
            metadata = held.get("metadata", {})
            return None if held.get(_HOOK) or _HOOK in metadata else held[name]
    return None


def flattened_call(function: Any, shape: Shape) -> tuple[Any, Shape] | None:
    """Return the initializer that a DenseGeneral of linen calls, and the shape that it asks for.

    The kernel of such a layer is drawn as a matrix, and then given its axes.

    Returns:
        None for any other function.
    """
    codes = _general_codes("flax.linen" in sys.modules)
    if not any(getattr(function, "__code__", None) is code for code in codes):
        return None
    calls: list[tuple[str, Shape]] = []

    def spy(name: str) -> Callable[..., Any]:
        def draw(key: Any, shape: Shape, dtype: Any) -> Any:
            del key
            calls.append((name, tuple(shape)))
            return jnp.zeros(shape, dtype)

        return draw

    held = closed_over(function)
    layer = held["self"]
    names = ("kernel_init", "bias_init")
    cells = {**held, "self": SimpleNamespace(**{name: spy(name) for name in names})}
    watched = FunctionType(
        function.__code__,
        function.__globals__,
        closure=tuple(CellType(cells[name]) for name in function.__code__.co_freevars),
    )
    jax.eval_shape(lambda: watched(None, shape, jnp.float32))
    ((name, flat),) = calls
    return getattr(layer, name), flat


@lru_cache(maxsize=4)
def _flax_wrappers(linen: bool, nnx: bool) -> tuple[tuple[FunctionType, str], ...]:  # noqa: FBT001
    return tuple(_made_wrappers(linen=linen, nnx=nnx))


def _made_wrappers(*, linen: bool, nnx: bool) -> Iterator[tuple[FunctionType, str]]:
    """Make each wrapper of Flax around nothing, with the name that it has for what it wraps."""

    def nothing() -> None: ...

    if linen:
        from flax import linen as flax_linen

        yield flax_linen.with_partitioning(nothing, ()), "fn"
        yield flax_linen.with_logical_partitioning(nothing, ()), "fn"
    if nnx:
        from flax import nnx as flax_nnx

        yield flax_nnx.with_metadata(nothing), "initializer"


@lru_cache(maxsize=2)
def _general_codes(linen: bool) -> tuple[CodeType, ...]:  # noqa: FBT001
    """Return the code of the functions that a DenseGeneral makes of its initializers."""
    if not linen:
        return ()
    from flax import linen as flax_linen

    constants = inspect.unwrap(flax_linen.DenseGeneral.__call__).__code__.co_consts
    codes = (constant for constant in constants if isinstance(constant, CodeType))
    return tuple(code for code in codes if "self" in code.co_freevars)
