"""Drawing the weights of a plan into the arrays of a model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np

from fanwise.adapters.jax.drawing import portable
from fanwise.adapters.jax.layers.description import Place
from fanwise.adapters.jax.layers.plan import Array, Chosen, is_whole, row
from fanwise.adapters.summary import Summary
from fanwise.core.sampler import sample
from fanwise.spec.plan import Planned

#: Up to this many elements are looked at on the host, without compiling.
_ON_HOST: Final = 1 << 20


def draw(
    chosen: Sequence[Chosen], arrays: Mapping[int, Array], seed: int
) -> tuple[dict[int, Any], Summary]:
    """Draw all weights. Nothing is written: the arrays come back under their keys."""
    made: dict[int, Any] = {}
    rows = []
    blocks: dict[int, Any] = {}
    traced = isinstance(jnp.zeros(()), jax.core.Tracer)
    for each in chosen:
        if is_whole(each, arrays):
            ((key, _),) = each.places
            made[key] = _whole(each.planned, arrays[key], seed, traced=traced)
            rows.append(row(each, arrays, math.nan if traced else _std(made[key])))
            continue
        drawn = {}
        observed = []
        for key, place in each.places:
            array = arrays[key]
            if array.dtype not in drawn:
                drawn[array.dtype] = _drawn(each.planned, array.dtype, seed, traced=traced)
            block = drawn[array.dtype]
            block = block if place.part is None else block[place.part]
            observed.append(block)
            if key not in blocks:
                blocks[key] = _empty(array, traced=traced)
            blocks[key] = _put(blocks[key], place, block, traced=traced)
        rows.append(row(each, arrays, math.nan if traced else _std_of(observed)))
    for key, block in blocks.items():
        made[key] = _placed(block, arrays[key], traced=traced)
    return made, Summary(tuple(rows))


def _whole(planned: Planned, array: Array, seed: int, *, traced: bool) -> Any:
    """A weight that has an array to itself."""
    if array.sharding is None or traced:
        drawn = portable.draw(
            planned.scheme,
            planned.weight.shape,
            key=None,
            seed=seed,
            path=planned.weight.path,
            axes=planned.weight.axes,
            dtype=array.dtype,
        )
        return _constrained(drawn, array)

    def shard(index: Any) -> Any:
        return _sample(planned, array.dtype, seed, index)

    return jax.make_array_from_callback(array.shape, array.sharding, shard)


def _drawn(planned: Planned, dtype: Any, seed: int, *, traced: bool) -> Any:
    """A weight that is still to be cut up."""
    if traced:
        plain = Array(planned.weight.shape, dtype)
        return _whole(planned, plain, seed, traced=True)
    return _sample(planned, dtype, seed)


def _sample(planned: Planned, dtype: Any, seed: int, index: Any = None) -> Any:
    weight = planned.weight
    axes = weight.axes
    how = {"seed": seed, "path": weight.path, "axes": axes, "dtype": dtype, "index": index}
    return sample(planned.scheme, weight.shape, **how)


def _empty(array: Array, *, traced: bool) -> Any:
    """An array to write blocks into, with the values that no block replaces."""
    if traced:
        return jnp.zeros(array.shape, array.dtype) if array.value is None else array.value
    if array.value is None:
        return np.zeros(array.shape, array.dtype)
    return np.array(array.value)


def _put(into: Any, place: Place, block: Any, *, traced: bool) -> Any:
    at = ... if place.at is None else place.at
    shape = _region(into.shape, place)
    if traced:
        return into.at[at].set(block.reshape(shape))
    into[at] = block.reshape(shape)
    return into


def _region(shape: tuple[int, ...], place: Place) -> tuple[int, ...]:
    if place.at is None:
        return shape
    return tuple(np.broadcast_to(np.empty((), bool), shape)[place.at].shape)


def _placed(block: Any, array: Array, *, traced: bool) -> Any:
    if traced:
        return _constrained(block, array)
    if array.sharding is None:
        return jax.device_put(block)
    return jax.make_array_from_callback(array.shape, array.sharding, lambda index: block[index])


def _constrained(drawn: Any, array: Array) -> Any:
    if array.sharding is None:
        return drawn
    return jax.lax.with_sharding_constraint(drawn, array.sharding)


def _std(made: Any) -> float:
    if made.size == 0:
        return math.nan
    if made.size <= _ON_HOST and made.is_fully_addressable:
        return _std_of([np.asarray(made)])
    return float(jnp.std(made.astype(jnp.promote_types(made.dtype, jnp.float32))))


def _std_of(blocks: Sequence[Any]) -> float:
    values = np.concatenate([np.asarray(block, np.float64).ravel() for block in blocks])
    return float(values.std()) if values.size else math.nan


def with_values(arrays: Mapping[int, Array], values: Mapping[int, Any]) -> dict[int, Array]:
    """The arrays, some of them with new values."""
    return {
        key: replace(array, value=values[key]) if key in values else array
        for key, array in arrays.items()
    }
