"""Drawing in code that is compiled for a mesh of explicit axes.

There every value has a sharding in its type, and what is computed from nothing, as weights are, is
of a type that has all of it on each device. So it is drawn where the compiler may decide that, and
the arrays are given their types afterwards: each device then computes its own part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jax

from fanwise.adapters.jax.layers.targets import Plans, TargetArray, Targets, find_partly_set
from fanwise.adapters.summary import SummaryRow

Draw = Callable[..., tuple[dict[int, Any], list[SummaryRow]]]


def has_explicit_axes(targets: Targets) -> bool:
    """Tell whether an array is to lie on a mesh of explicit axes, which is the one that was set."""
    get_mesh = getattr(jax.sharding, "get_abstract_mesh", None)
    mesh = None if get_mesh is None else get_mesh()
    if mesh is None or mesh.empty or not getattr(mesh, "explicit_axes", ()):
        return False
    wanted = [target.sharding.mesh for target in targets.values() if target.sharding is not None]
    return bool(wanted) and all(_abstract(other) == mesh for other in wanted)


def on_explicit_axes(
    draw: Draw, plans: Plans, targets: Targets, source: Any
) -> tuple[dict[int, Any], list[SummaryRow]]:
    """Draw weights as ``draw`` does, which knows of no explicit axes."""
    mesh = jax.sharding.get_abstract_mesh()
    partly = find_partly_set(plans, targets)
    old = {key: targets[key].value for key in partly if targets[key].value is not None}
    keys = {key for stored, _ in plans for key, _ in stored.blocks}
    rows: list[SummaryRow] = []

    def drawn(old: dict[int, Any]) -> dict[int, Any]:
        inner = jax.sharding.get_abstract_mesh()
        plain = {key: _plain(target, old.get(key), inner) for key, target in targets.items()}
        values, rows[:] = draw(plans, plain, source, is_read=False, traced=True)
        return values

    function: Any = jax.sharding.auto_axes(
        drawn,
        axes=mesh.explicit_axes,
        out_sharding={key: _spec(targets[key], mesh.explicit_axes) for key in keys},
    )
    return function(old), rows


def _plain(target: TargetArray, old: Any, mesh: Any) -> TargetArray:
    where = None
    if target.sharding is not None:
        where = jax.sharding.NamedSharding(mesh, target.sharding.spec)
    return replace(target, value=old, sharding=where)


def _spec(target: TargetArray, explicit: tuple[str, ...]) -> Any:
    """Return how an array lies along the explicit axes; along others the compiler was told."""
    entries = () if target.sharding is None else target.sharding.spec
    kept = (tuple(name for name in _names(entry) if name in explicit) for entry in entries)
    return jax.sharding.PartitionSpec(*(names or None for names in kept))


def _names(entry: Any) -> tuple[str, ...]:
    if entry is None:
        return ()
    return (entry,) if isinstance(entry, str) else tuple(entry)


def _abstract(mesh: Any) -> Any:
    return getattr(mesh, "abstract_mesh", mesh)
