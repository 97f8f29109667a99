"""Drawing the weights of a plan into the arrays of a model."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np

from fanwise.adapters.engines import Engine
from fanwise.adapters.jax.drawing import native, portable
from fanwise.adapters.jax.drawing.agreed_seeds import check_agreed
from fanwise.adapters.jax.drawing.keys import native_key
from fanwise.adapters.jax.drawing.records import DrawnBlock, record
from fanwise.adapters.jax.drawing.sharding import under_mesh_of
from fanwise.adapters.jax.drawing.streams_in_use import note_stream
from fanwise.adapters.jax.drawing.tracing import is_tracing
from fanwise.adapters.jax.layers.explicit_axes import has_explicit_axes, on_explicit_axes
from fanwise.adapters.jax.layers.packed_arrays import draw_packed
from fanwise.adapters.jax.layers.shardings import constrain
from fanwise.adapters.jax.layers.stored_arrays import is_here
from fanwise.adapters.jax.layers.targets import (
    Plans,
    TargetArray,
    Targets,
    block_shape,
    is_whole,
    report,
)
from fanwise.adapters.layer_weights import Index, Span
from fanwise.adapters.summary import Summary, SummaryRow
from fanwise.core import sampler
from fanwise.core.moments import moments
from fanwise.spec.laws import StructuredLaw
from fanwise.spec.plan import Planned

#: Up to this many elements of another device are looked at on the host, without compiling.
_ON_HOST: Final = 1 << 20


@dataclass(frozen=True)
class SeededEngine:
    """Where the numbers come from.

    Attributes:
        seed: of the whole model.
        engine: what draws them.
        noted: whether to warn where another weight in use has the same stream.
    """

    seed: int
    engine: Engine = Engine.PORTABLE
    noted: bool = False


def draw_all(
    plans: Plans, targets: Targets, source: SeededEngine, *, is_read: bool = True
) -> tuple[dict[int, Any], Summary]:
    """Draw all weights. Nothing is written: the arrays come back under their keys.

    Args:
        plans: the weights.
        targets: all arrays of the model.
        source: where the numbers come from.
        is_read: whether to read every weight again, for its standard deviation.
    """
    traced = is_tracing()
    if is_read and not traced:
        # What is read over all processes of a mesh takes all of them anyway.
        drawn = (targets[key] for stored, _ in plans for key, _ in stored.blocks)
        check_agreed(source.seed, (target.sharding for target in drawn))
    if traced and has_explicit_axes(targets):
        values, rows = on_explicit_axes(_draw, plans, targets, source)
    else:
        values, rows = _draw(plans, targets, source, is_read=is_read, traced=traced)
    _remember(plans, targets, values, source, traced=traced)
    return values, Summary(tuple(rows))


def _draw(
    plans: Plans, targets: Targets, source: SeededEngine, *, is_read: bool, traced: bool
) -> tuple[dict[int, Any], list[SummaryRow]]:
    """Draw all weights; return the arrays by their keys, and a row of the summary for each."""
    values: dict[int, Any] = {}
    rows = []
    unfinished: dict[int, Any] = {}
    packed = []
    for stored, planned in plans:
        if is_whole(stored, targets):
            ((key, _),) = stored.blocks
            values[key] = _draw_whole(planned, targets[key], source, traced=traced)
            observed = std(values[key]) if is_read and not traced else math.nan
            rows.append(report(stored, planned, targets, observed))
            continue
        if traced and source.engine is not Engine.NATIVE:
            packed.append((stored, planned))
            rows.append(report(stored, planned, targets, math.nan))
            continue
        drawn = {}
        parts = []
        for key, block in stored.blocks:
            target = targets[key]
            if target.dtype not in drawn:
                drawn[target.dtype] = _draw_plain(planned, target.dtype, source, traced=traced)
            part = drawn[target.dtype][block.part]
            parts.append(part)
            if key not in unfinished:
                unfinished[key] = _start(target, traced=traced)
            unfinished[key] = _put(unfinished[key], block, part, traced=traced)
        observed = std_of(parts) if is_read and not traced else math.nan
        rows.append(report(stored, planned, targets, observed))
    values |= draw_packed(packed, targets, source.seed)
    for key, value in unfinished.items():
        values[key] = _place(value, targets[key], traced=traced)
    return values, rows


def _remember(
    plans: Plans,
    targets: Targets,
    values: Mapping[int, Any],
    source: SeededEngine,
    *,
    traced: bool,
) -> None:
    """Remember what arrays were drawn by, and from which streams if that is asked for."""
    for stored, planned in plans:
        law = planned.resolved.law
        if not traced:
            for key, block in stored.blocks:
                record(values[key], block.at, DrawnBlock(planned.resolved, planned.weight.own))
        if source.noted:
            key, _ = stored.blocks[0]
            replaced = targets[key].value
            note_stream(values[key], source.seed, planned.weight.path, law, replaced=replaced)


def _draw_whole(
    planned: Planned, target: TargetArray, source: SeededEngine, *, traced: bool
) -> Any:
    """Draw a weight that has an array to itself."""
    if source.engine is Engine.NATIVE:
        return _place(_draw_native(planned, target.dtype, source), target, traced=traced)
    if target.sharding is None or traced:
        drawn = portable.draw(
            planned.resolved,
            key=None,
            seed=source.seed,
            path=planned.weight.path,
            dtype=target.dtype,
            place=target.sharding,
        )
        return constrain(drawn, target.sharding, target.value if traced else None)

    if isinstance(planned.resolved.law, StructuredLaw):
        # Every part takes the whole: it is drawn once for all devices of this process.
        return _place(_draw_on_host(planned, target.dtype, source), target, traced=False)

    def draw_shard(index: Index) -> Any:
        return _draw_on_host(planned, target.dtype, source, index)

    return jax.make_array_from_callback(target.shape, target.sharding, draw_shard)


def _draw_plain(planned: Planned, dtype: Any, source: SeededEngine, *, traced: bool) -> Any:
    """Draw a weight that is still to be cut up."""
    if traced:
        plain = TargetArray(planned.weight.shape, dtype)
        return _draw_whole(planned, plain, source, traced=True)
    if source.engine is Engine.NATIVE:
        return np.asarray(_draw_native(planned, dtype, source))
    return _draw_on_host(planned, dtype, source)


def _draw_native(planned: Planned, dtype: Any, source: SeededEngine) -> Any:
    key = native_key(None, source.seed, planned.weight.path)
    return native.draw(planned.resolved.law, planned.resolved.layout, key=key, dtype=dtype)


def _draw_on_host(
    planned: Planned, dtype: Any, source: SeededEngine, index: Index | None = None
) -> Any:
    return sampler.draw(
        planned.resolved, seed=source.seed, path=planned.weight.path, dtype=dtype, index=index
    )


def _start(target: TargetArray, *, traced: bool) -> Any:
    """Return an array to write blocks into, with the values that no block replaces.

    There are none where other processes have a part of the array: all of that is replaced.
    """
    if traced:
        return jnp.zeros(target.shape, target.dtype) if target.value is None else target.value
    if target.value is None or not is_here(target.value):
        return np.zeros(target.shape, target.dtype)
    return np.array(target.value)


def _put(value: Any, block: Span, part: Any, *, traced: bool) -> Any:
    part = part.reshape(block_shape(value.shape, block.at))
    if traced:
        return value.at[block.at].set(part)
    value[block.at] = part
    return value


def _place(value: Any, target: TargetArray, *, traced: bool) -> Any:
    """Lay a value as its array is to lie."""
    if traced:
        return constrain(value, target.sharding, target.value)
    if target.sharding is None:
        return jax.device_put(value)
    return jax.make_array_from_callback(target.shape, target.sharding, lambda index: value[index])


def std(value: Any) -> float:
    """Return the standard deviation of the values of an array; NaN for an empty one."""
    if value.size == 0:
        return math.nan
    if not _is_near(value):
        # Compiled as a whole, so that what is converted is nowhere kept.
        with under_mesh_of(value):
            return float(jnp.std(value, dtype=jnp.promote_types(value.dtype, jnp.float32)))
    if len(value.devices()) == 1:
        return std_of([value])
    return std_of([shard.data for shard in value.addressable_shards if shard.replica_id == 0])


def _is_near(value: Any) -> bool:
    """Tell whether all of an array is in the memory of the host, or soon would be."""
    on_host = all(device.platform == "cpu" for device in value.devices())
    return bool(value.is_fully_addressable and (on_host or value.size <= _ON_HOST))


def std_of(blocks: Iterable[Any]) -> float:
    """Return the standard deviation of the values of several blocks together."""
    return moments(map(np.asarray, blocks)).std


def with_values(targets: Targets, values: Mapping[int, Any]) -> dict[int, TargetArray]:
    """Return the arrays, some of them with new values."""
    return {
        key: replace(target, value=values[key]) if key in values else target
        for key, target in targets.items()
    }
