"""What a library builds in JAX, as named arrays: whatever kind of model it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import flax
import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx
from numpy.typing import NDArray


@dataclass(frozen=True)
class Linen:
    """A linen module, what it is called with, and the key that its library starts it by.

    Attributes:
        module: the module.
        inputs, keywords, method: what it is called with.
        seed: of the key.
        streams: the names of the random numbers that it asks for, beside its parameters.
    """

    module: linen.Module
    inputs: tuple[Any, ...]
    seed: int
    keywords: Mapping[str, Any] = field(default_factory=dict)
    method: Any = None
    streams: tuple[str, ...] = ("dropout",)


@dataclass(frozen=True)
class Transformed:
    """A function that Haiku has transformed, what it is called with, and the seed of its key."""

    function: Any
    inputs: tuple[Any, ...]
    seed: int


class NamedArray(NamedTuple):
    """An array of a model.

    Attributes:
        values: what it holds.
        trains: whether training changes it.
    """

    values: NDArray[Any]
    trains: bool


Arrays = Mapping[str, NamedArray]


@dataclass(frozen=True)
class Start:
    """A model as its library has started it.

    Attributes:
        model: what ``initialize`` takes.
        options: what it takes beside the model.
        arrays: all that the model holds.
        read: gives the arrays of what ``initialize`` returns.
    """

    model: Any
    options: Mapping[str, Any]
    arrays: Arrays
    read: Callable[[Any], Arrays]


def starts_of(build: Callable[[int], Any], seeds: Sequence[int]) -> list[Start]:
    """Build a model of the zoo under several seeds, and read what its library starts it with."""
    models = [build(seed) for seed in seeds]
    first = models[0]
    if isinstance(first, Linen):
        init = compiled_init(first)
        return [_linen(built, init(built.seed)) for built in models]
    if isinstance(first, Transformed):
        transformed = jax.jit(first.function.init)
        results = [transformed(jax.random.key(built.seed), *first.inputs) for built in models]
        models = [result[0] if isinstance(result, tuple) else result for result in results]
    return [_start(built) for built in models]


def _start(built: Any) -> Start:
    if isinstance(built, nnx.Module):
        return Start(built, {}, _variables(built), lambda _: _variables(built))
    return Start(built, {}, _leaves(built), lambda result: _leaves(result[0]))


def compiled_init(built: Linen) -> Callable[[int], Any]:
    """Compile what starts a module, once for all seeds."""
    given = {} if built.method is None else {"method": built.method}

    @jax.jit
    def init(seed: Any) -> Any:
        keys = {name: jax.random.key(seed + n) for n, name in enumerate(built.streams, 1)}
        keys["params"] = jax.random.key(seed)
        return built.module.init(keys, *built.inputs, **given, **built.keywords)

    return init


def _linen(built: Linen, variables: Any) -> Start:
    options = {"inputs": built.inputs, "keywords": dict(built.keywords) or None}
    if built.method is not None:
        options["method"] = built.method
    return Start(
        built.module, options, _collections(variables), lambda result: _collections(result[0])
    )


def _collections(variables: Any) -> Arrays:
    arrays = _leaves(flax.core.meta.unbox(variables))
    return {
        name: NamedArray(array.values, name.startswith("['params']"))
        for name, array in arrays.items()
    }


def _variables(model: nnx.Module) -> Arrays:
    arrays: dict[str, NamedArray] = {}
    for path, variable in nnx.iter_graph(model):
        if isinstance(variable, nnx.Variable):
            name = "/".join(map(str, path))
            for key, array in _leaves(variable.get_value()).items():
                trains = isinstance(variable, nnx.Param) and array.trains
                arrays[f"{name}{key}"] = NamedArray(array.values, trains)
    return arrays


def _leaves(tree: Any) -> Arrays:
    leaves, _ = jax.tree_util.tree_flatten_with_path(tree)
    return {
        jax.tree_util.keystr(path): NamedArray(
            _numbers(leaf), bool(jnp.issubdtype(leaf.dtype, jnp.floating))
        )
        for path, leaf in leaves
        if hasattr(leaf, "dtype") and hasattr(leaf, "shape")
    }


def _numbers(leaf: Any) -> NDArray[Any]:
    if jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key):
        return np.array(jax.random.key_data(leaf))
    return np.array(leaf)
