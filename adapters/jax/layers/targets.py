"""The arrays that weights are drawn into, and whether all of a plan can be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from fanwise.adapters.engines import Engine
from fanwise.adapters.jax.drawing import native
from fanwise.adapters.jax.drawing.dtypes import is_complex
from fanwise.adapters.jax.layers.collection import ArrayWeight
from fanwise.adapters.jax.layers.doubts import NO_DOUBTS, without_doubtful_fans
from fanwise.adapters.jax.layers.stored_arrays import is_here
from fanwise.adapters.layer_weights import Index, Span
from fanwise.adapters.recipes import check_settable, report_row
from fanwise.adapters.summary import Summary, SummaryRow
from fanwise.core.dtypes import format_of
from fanwise.core.magnitudes import check_fits
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import ConstantLaw
from fanwise.spec.plan import Planned
from fanwise.spec.problems import Holding, Problem

#: What is to be drawn, each with its plan.
Plans = Sequence[tuple[ArrayWeight, Planned]]


@dataclass(frozen=True)
class TargetArray:
    """An array of a model that may be set.

    Attributes:
        shape, dtype: of the array; the dtype is that which JAX will hold it in.
        value: what it holds now; None where that is nothing yet.
        sharding: a NamedSharding that its new value is to have, or None.
    """

    shape: tuple[int, ...]
    dtype: Any
    value: Any = None
    sharding: Any = None

    def __post_init__(self) -> None:
        # Without 64-bit mode JAX has float32 for NumPy's float64, and so other bits.
        if jnp.issubdtype(self.dtype, jnp.inexact):
            object.__setattr__(self, "dtype", jax.dtypes.canonicalize_dtype(self.dtype))


Targets = Mapping[int, TargetArray]


def find_partly_set(plans: Plans, targets: Targets) -> frozenset[int]:
    """Find the arrays of which some elements are set, and some are not."""
    covered: dict[int, int] = {}
    for stored, _ in plans:
        for key, block in stored.blocks:
            count = math.prod(block_shape(targets[key].shape, block.at))
            covered[key] = covered.get(key, 0) + count
    return frozenset(k for k, count in covered.items() if count != math.prod(targets[k].shape))


def target_problems(
    plans: Plans, targets: Targets, engine: Engine, *, keeping: bool = False
) -> Iterator[Problem]:
    """Give a problem for whatever would keep a weight from being drawn.

    That is a generator that has no meaning on a shape or no sampler of the engine, values that a
    dtype cannot hold, a sharding that does not fit, a part of an array without values, and one
    array that is to hold two weights.

    Args:
        plans: the weights.
        targets: all arrays of the model.
        engine: what draws them.
        keeping: whether an array without a value gets one before the drawing.
    """
    partly = find_partly_set(plans, targets)
    yield from _shared_arrays(plans, targets)
    for stored, planned in plans:
        path, keys = planned.weight.path, [key for key, _ in stored.blocks]
        try:
            check_settable(
                planned, partial(_check, planned, [targets[key] for key in keys], engine)
            )
        except FanwiseError as error:
            yield Problem("scheme", error, (path,), rule=planned.rule)
        held = [targets[key].value for key in keys if key in partly]
        reason = ""
        if not keeping and any(value is None for value in held):
            reason = "without values"
        elif not all(map(is_here, held)):
            reason = "of which other processes have parts"
        if reason:
            hint = "Leave out none of its parts, or all."
            received = Phrase(f"only a part of an array {reason}, {path}")
            partial_error = FanwiseError("arrays that are set as a whole", received, hint)
            yield Problem("obstacle", partial_error, (path,))


def _shared_arrays(plans: Plans, targets: Targets) -> Iterator[Problem]:
    """Give a problem for one array in two places, which are about to get different values."""
    seen: dict[int, tuple[int, Planned]] = {}
    for stored, planned in plans:
        for key, _ in stored.blocks:
            value = targets[key].value
            first, other = seen.setdefault(id(value), (key, planned))
            if value is None or first == key or _are_equal_constants(other, planned):
                continue
            paths = (other.weight.path, planned.weight.path)
            received = Phrase(f"the same array as {' and '.join(paths)}")
            hint = (
                "Copy it where two weights are meant, e.g. by jnp.copy; where one is, exclude "
                "the other, and set it afterwards."
            )
            error = FanwiseError("an array for every weight", received, hint)
            yield Problem("obstacle", error, paths)


def _are_equal_constants(first: Planned, second: Planned) -> bool:
    law = first.resolved.law
    return isinstance(law, ConstantLaw) and law == second.resolved.law


def _check(planned: Planned, targets: Sequence[TargetArray], engine: Engine) -> None:
    for target in targets:
        _check_target(target)
        check_fits(planned.resolved.law, format_of(target.dtype).name)
    if engine is Engine.NATIVE:
        native.check_has_sampler(planned.resolved.law)


def check_dtype(dtype: Any) -> None:
    """Raise for numbers that no weight is drawn in."""
    if is_complex(dtype):
        raise FanwiseError("a real dtype", dtype, "Exclude it, and set it by hand.")
    format_of(dtype)


def _check_target(target: TargetArray) -> None:
    if target.sharding is None:
        return
    if not isinstance(target.sharding, jax.sharding.NamedSharding):
        hint = "Pass jax.sharding.NamedSharding(mesh, spec), which knows its mesh."
        raise FanwiseError("a sharding with its mesh", target.sharding, hint)
    try:
        target.sharding.shard_shape(target.shape)
    except ValueError as error:
        hint = f"Pass another: {error}."
        raise FanwiseError("a sharding that fits", target.sharding, hint) from error


def report_plans(
    plans: Plans, targets: Targets, observe: Callable[[ArrayWeight], Holding] | None
) -> Summary:
    """Report a plan that nothing is drawn for.

    Args:
        plans: what would be drawn.
        targets: the arrays that it would be drawn into.
        observe: says what a weight holds now; None where that is not asked for.
    """
    rows = (
        report(stored, planned, targets, math.nan, None if observe is None else observe(stored))
        for stored, planned in plans
    )
    return Summary(tuple(rows))


def report(
    stored: ArrayWeight,
    planned: Planned,
    targets: Targets,
    observed: float,
    holding: Holding | None = None,
) -> SummaryRow:
    """Report a weight that is set, with the shape of the array if it has one to itself."""
    first, _ = stored.blocks[0]
    shape = targets[first].shape if is_whole(stored, targets) else stored.weight.shape
    row = report_row(planned, shape=shape, observed=observed, holding=holding)
    # A recurrent bias of one gate alone is a part of its weight.
    sizes = (math.prod(block_shape(targets[key].shape, block.at)) for key, block in stored.blocks)
    doubts = NO_DOUBTS if planned.weight.told else stored.doubts
    return without_doubtful_fans(replace(row, parameters=sum(sizes)), doubts)


def is_whole(stored: ArrayWeight, targets: Targets) -> bool:
    """Tell whether a weight has an array to itself, and lies in it as it is."""
    if len(stored.blocks) != 1:
        return False
    ((key, block),) = stored.blocks
    return targets[key].shape == stored.weight.shape and block == Span(block.parameter)


def block_shape(shape: tuple[int, ...], at: Index) -> tuple[int, ...]:
    """Return the shape of a block of an array; no array is made."""
    return tuple(np.broadcast_to(np.empty((), bool), shape)[at].shape) if at else shape
