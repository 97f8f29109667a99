"""Whole models: what their weights are, and setting them, whatever the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import jax

from fanwise.adapters.jax.layers import linen as linen_models
from fanwise.adapters.jax.layers import nnx as nnx_models
from fanwise.adapters.jax.layers import trees
from fanwise.adapters.jax.layers.arrays import SeededEngine, draw_all, with_values
from fanwise.adapters.jax.layers.collection import ArrayWeight
from fanwise.adapters.jax.layers.doubts import check_told
from fanwise.adapters.jax.layers.nodes import array_shape, rebuild
from fanwise.adapters.jax.layers.placements import check_values, place, spread
from fanwise.adapters.jax.layers.registry import class_names
from fanwise.adapters.jax.layers.shardings import sharding_of, variable_sharding
from fanwise.adapters.jax.layers.targets import (
    Plans,
    TargetArray,
    check_plans,
    find_partly_set,
    report_plans,
)
from fanwise.adapters.jax.layers.unclaimed import add_unclaimed, check_certain
from fanwise.adapters.jax.layers.variables import check_writable, read, write
from fanwise.adapters.recipes import check_layer_known, planned_weights
from fanwise.adapters.summary import Summary
from fanwise.spec.errors import FanwiseError
from fanwise.spec.plan import Patterns
from fanwise.spec.recipe import Recipe

_FRAMEWORK: Final = "flax"


@dataclass(frozen=True)
class Request:
    """What is asked for, whatever the model.

    Attributes:
        recipe: what the weights start with.
        source: where the numbers come from.
        path: of the model, which is a layer of another; None for a whole model.
        known: whether to refuse weights of unknown axes.
        left_alone: roles of the weights that stay as they are.
        only, exclude, dry_run: as in :func:`fanwise.jax.initialize`.
        is_read: whether every weight is read again, for the report.
    """

    recipe: Recipe
    source: SeededEngine
    path: str | None = None
    known: bool = False
    left_alone: frozenset[str] = frozenset()
    only: Patterns = None
    exclude: Patterns = None
    dry_run: bool = False
    is_read: bool = True

    def plan(self, model: Any, weights: Sequence[ArrayWeight]) -> Plans:
        """Match the weights of a model to the rules."""
        if self.known:
            check_layer_known(type(model).__name__, weights)
        plans = planned_weights(
            self.recipe,
            put_below(weights, self.path),
            framework=_FRAMEWORK,
            only=self.only,
            exclude=self.exclude,
            left_alone=self.left_alone,
        ).plans
        of_flax = is_linen(model) or is_nnx(model)
        for stored, planned in plans:
            check_told(planned, self.recipe, stored.doubts, of_flax=of_flax)
        return plans


def put_below(weights: Sequence[ArrayWeight], path: str | None) -> Sequence[ArrayWeight]:
    """Return the weights of a layer with their paths in the model that has it at a path."""
    if path is None:
        return weights
    return [
        replace(stored, weight=replace(stored.weight, path=f"{path}/{stored.weight.path}"))
        for stored in weights
    ]


def is_linen(model: Any) -> bool:
    """Tell whether a model is a module of Flax linen."""
    return "flax.linen:Module" in class_names(model)


def is_nnx(model: Any) -> bool:
    """Tell whether a model is a module of Flax nnx."""
    return "flax.nnx:Module" in class_names(model)


def trace(
    module: Any, inputs: Any, keywords: Mapping[str, Any] | None, method: Any, seed: int
) -> linen_models.Traced:
    """Trace a linen module on its inputs.

    Raises:
        FanwiseError: for inputs that are no tuple, and keywords that are no dict.
    """
    if not isinstance(inputs, tuple):
        hint = "Pass inputs=(x,): arrays, or jax.ShapeDtypeStruct(shape, dtype)."
        raise FanwiseError("what to call a linen module with, as a tuple", inputs, hint)
    if not isinstance(keywords, Mapping | None):
        hint = "Pass e.g. keywords={'train': False}."
        raise FanwiseError("the keywords of a linen module, as a dict", keywords, hint)
    return linen_models.trace(module, inputs, keywords or {}, method, seed)


def set_linen(
    module: Any, traced: linen_models.Traced, request: Request, values: Any, shardings: Any
) -> tuple[Any, Summary]:
    """Draw the variables of a linen module; those that no rule sets are kept, or Flax's."""
    plans = request.plan(module, traced.weights)
    check_certain(plans, traced.others)
    abstract = traced.build(list(traced.leaves))
    given = None if values is None else check_values(abstract, values)
    placements = spread(shardings, abstract)
    targets: dict[int, TargetArray] = {
        number: TargetArray(
            tuple(leaf.shape),
            leaf.dtype,
            None if given is None else _concrete(given[number]),
            sharding_of(leaf) if placements[number] is None else placements[number],
        )
        for number, leaf in enumerate(traced.leaves)
    }
    check_plans(plans, targets, request.source.engine, keeping=given is None)
    if request.dry_run:
        return abstract if values is None else values, report_plans(plans, targets)
    planned = {key for stored, _ in plans for key, _ in stored.blocks}
    partly = find_partly_set(plans, targets)
    kept = frozenset(key for key in targets if key not in planned or key in partly)
    start = traced.start(kept) if given is None else {key: given[key] for key in kept}
    targets = with_values(targets, start)
    drawn, summary = draw_all(plans, targets, request.source, is_read=request.is_read)
    leaves = [drawn[n] if n in drawn else place(start[n], targets[n].sharding) for n in targets]
    return traced.build(leaves), summary


def set_nnx(model: Any, request: Request) -> Summary:
    """Draw the variables of an nnx model, and write them."""
    collected, variables = nnx_models.collect(model)
    others = add_unclaimed(model, collected, variables)
    plans = request.plan(model, collected.weights)
    check_certain(plans, others)
    targets: dict[int, TargetArray] = {}
    for stored, _ in plans:
        for key, _ in stored.blocks:
            value = read(variables[key])
            targets[key] = TargetArray(
                array_shape(value) or (),
                value.dtype,
                _concrete(value),
                variable_sharding(variables[key], value),
            )
    check_plans(plans, targets, request.source.engine)
    if request.dry_run:
        return report_plans(plans, targets)
    check_writable(variables[key] for key in targets)
    drawn, summary = draw_all(plans, targets, request.source, is_read=request.is_read)
    for key, value in drawn.items():
        write(variables[key], value)
    return summary


def set_tree(
    tree: Any, request: Request, shardings: Any, describe: trees.DescribeLeaf | None
) -> tuple[Any, Summary]:
    """Draw the arrays of a pytree, into a new one."""
    weights, leaves, structure = trees.collect(tree, describe)
    plans = request.plan(tree, weights)
    placements = spread(shardings, tree)
    targets: dict[int, TargetArray] = {
        key: TargetArray(
            tuple(leaves[key].shape),
            leaves[key].dtype,
            _concrete(leaves[key]),
            sharding_of(leaves[key]) if placements[key] is None else placements[key],
        )
        for stored, _ in plans
        for key, _ in stored.blocks
    }
    check_plans(plans, targets, request.source.engine)
    if request.dry_run:
        return tree, report_plans(plans, targets)
    drawn, summary = draw_all(plans, targets, request.source, is_read=request.is_read)
    filled = [drawn.get(number, leaf) for number, leaf in enumerate(leaves)]
    return rebuild(structure, filled), summary


def _concrete(value: Any) -> Any:
    """Return a value, or None where there is only its shape."""
    return None if isinstance(value, jax.ShapeDtypeStruct) else value
