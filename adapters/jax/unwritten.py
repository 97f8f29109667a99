"""Which arrays of a JAX model a start leaves as they were in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import jax
import numpy as np

from fanwise.adapters.builds import check_takes_nothing, seeded_numbers
from fanwise.adapters.foreign_code import foreign_code
from fanwise.adapters.summary import Summary
from fanwise.adapters.unwritten_values import (
    BOOL_POISONS,
    POISONS,
    Elements,
    StartedTensor,
    Unwritten,
    compared_starts,
)
from fanwise.spec.errors import FanwiseError

_BUILD_HINT: Final = (
    "What it builds must not be read: try nnx.eval_shape, or jax.eval_shape, on it."
)
#: The kinds of keys that models hold.
_KEYS: Final = ("threefry2x32", "rbg", "unsafe_rbg")
_INIT_HINT: Final = "Call it on a model that has memory to see where it fails."


def unwritten(
    factory: Callable[[], Any], init: Callable[[Any], Any], *, seed: int = 0
) -> Unwritten:
    """List the arrays that a start does not write.

    The model is built without values, by ``eval_shape``, and given arrays that are filled with one
    pattern of bytes, then with another. What holds the pattern after both starts was not written;
    what differs otherwise was computed from memory, or is not repeatable. Keys of random numbers
    are ``jax.random.key(seed)``, and not judged.

    Args:
        factory: builds the model anew each time; it takes nothing. A module of ``flax.nnx``, or
            any pytree, such as an Equinox module or the variables of a module of Linen.
        init: starts a module of ``flax.nnx`` in place, or returns the model that is started, as
            :func:`fanwise.jax.initialize` does.
        seed: of each start, for the generators of Python and NumPy.

    Returns:
        A result with ``passed`` and ``rows``, which prints a line for each array.

    Raises:
        FanwiseError: for a factory that cannot build without values, or an ``init`` that raises.

    Examples:
        >>> from flax import nnx
        >>> def start(model):
        ...     model.kernel[...] = jax.numpy.zeros((2, 3))
        >>> print(unwritten(lambda: nnx.Linear(2, 3, rngs=nnx.Rngs(0)), start))
        bias (array, [3]): nobody wrote it
        1 of 2 tensors are not set.
    """
    check_takes_nothing(factory)
    if not callable(init):
        raise FanwiseError("a function of the model", init, "Pass init=.")
    return compared_starts(partial(_started, factory, init, seed))


def _started(
    factory: Callable[[], Any], init: Callable[[Any], Any], seed: int, poison: int
) -> dict[str, StartedTensor]:
    context = "The model cannot be built without values"
    with (
        seeded_numbers(seed),
        foreign_code("a factory that needs no values", _BUILD_HINT, context=context),
    ):
        model = _poisoned(factory, seed, poison)
    with seeded_numbers(seed), foreign_code("a start that runs", _INIT_HINT):
        result = init(model)
    if isinstance(result, tuple) and any(isinstance(part, Summary) for part in result):
        # As fanwise.jax.initialize returns a pytree.
        (result,) = (part for part in result if not isinstance(part, Summary))
    is_in_place = result is None or isinstance(result, Summary)
    return dict(_started_arrays(model if is_in_place else result))


def _poisoned(factory: Callable[[], Any], seed: int, poison: int) -> Any:
    """Build a model without values, and give it arrays that are filled with a byte."""

    def filled(leaf: Any) -> Any:
        if not isinstance(leaf, jax.ShapeDtypeStruct):
            return leaf
        if jax.dtypes.issubdtype(leaf.dtype, jax.dtypes.prng_key):
            keys = (jax.random.key(seed, impl=name) for name in _KEYS)
            return jax.numpy.broadcast_to(
                next(key for key in keys if key.dtype == leaf.dtype), leaf.shape
            )
        byte = BOOL_POISONS[POISONS.index(poison)] if leaf.dtype == bool else poison
        values = np.empty(leaf.shape, leaf.dtype)
        values.reshape(-1).view(np.uint8)[...] = byte
        return jax.numpy.asarray(values)

    nnx = _nnx()
    built: list[Any] = []

    def traced() -> Any:
        model = factory()
        is_module = nnx is not None and isinstance(model, nnx.Module)
        if is_module:
            graph, state = nnx.split(model)
            built.append(graph)
            return state
        # What is no array, such as the sizes of an Equinox module, passes by the side.
        leaves, tree = jax.tree.flatten(model)
        built.append((tree, [None if _is_array(leaf) else leaf for leaf in leaves]))
        return [leaf if _is_array(leaf) else None for leaf in leaves]

    shapes = jax.eval_shape(traced)
    values = jax.tree.map(filled, shapes)
    (structure,) = built
    if isinstance(structure, tuple):
        tree, others = structure
        return jax.tree.unflatten(
            tree,
            [
                value if value is not None else other
                for value, other in zip(values, others, strict=True)
            ],
        )
    assert nnx is not None
    return nnx.merge(structure, values)


def _is_array(leaf: Any) -> bool:
    return isinstance(leaf, jax.Array | np.ndarray)


def _nnx() -> Any:
    """Return ``flax.nnx``; ``None`` if Flax is not installed."""
    try:
        from flax import nnx
    except ImportError:
        return None
    return nnx


def _started_arrays(model: Any) -> Iterator[tuple[str, StartedTensor]]:
    """Name the arrays of a model with their bytes."""
    nnx = _nnx()
    if nnx is not None and isinstance(model, nnx.Module):
        leaves = [
            (".".join(map(str, path)), variable.get_raw_value())
            for path, variable in nnx.to_flat_state(nnx.state(model))
        ]
    else:
        leaves = [
            (jax.tree_util.keystr(path, simple=True, separator="."), leaf)
            for path, leaf in jax.tree_util.tree_leaves_with_path(model)
        ]
    for name, value in leaves:
        is_key = _is_array(value) and jax.dtypes.issubdtype(value.dtype, jax.dtypes.prng_key)
        if _is_array(value) and not is_key:
            array = np.asarray(value)
            yield name, StartedTensor("array", array.shape, _elements(array), array.dtype == bool)


def _elements(array: np.ndarray[Any, Any]) -> Elements:
    dense: Elements = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    return dense.reshape(array.size, array.dtype.itemsize)
