"""Whole models: what their weights are, and setting them, whatever the library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jax

from fanwise.adapters.jax.layers import linen as linen_models
from fanwise.adapters.jax.layers import nnx as nnx_models
from fanwise.adapters.jax.layers import trees
from fanwise.adapters.jax.layers.arrays import draw_all, with_values
from fanwise.adapters.jax.layers.model_arrays import ModelArrays, concrete, nnx_names, tree_names
from fanwise.adapters.jax.layers.nodes import array_shape, rebuild
from fanwise.adapters.jax.layers.placements import check_values, place, spread
from fanwise.adapters.jax.layers.requests import Request
from fanwise.adapters.jax.layers.shardings import sharding_of, variable_sharding
from fanwise.adapters.jax.layers.targets import (
    TargetArray,
    find_partly_set,
    report_plans,
)
from fanwise.adapters.jax.layers.unclaimed import add_unclaimed, with_obstacles
from fanwise.adapters.jax.layers.variables import check_writable, read, write
from fanwise.adapters.summary import Summary
from fanwise.spec.errors import FanwiseError


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
    arrays, abstract = linen_arrays(traced, values)
    arrays = request.with_own_functions(arrays)
    planned = request.plan(module, arrays)
    placements = spread(shardings, abstract)
    targets: dict[int, TargetArray] = {
        number: TargetArray(
            tuple(leaf.shape),
            leaf.dtype,
            arrays.values.get(number),
            sharding_of(leaf) if placements[number] is None else placements[number],
        )
        for number, leaf in enumerate(traced.leaves)
    }
    problems = request.check(module, arrays, planned, targets, keeping=values is None)
    plans = planned.plans
    left_alone = arrays.left_alone(plans, planned.kept)
    if request.dry_run:
        report = report_plans(plans, targets, request.observer(arrays))
        report = replace(report, left_alone=left_alone, problems=problems)
        return abstract if values is None else values, report
    drawn_keys = {key for stored, _ in plans for key, _ in stored.blocks}
    partly = find_partly_set(plans, targets)
    kept = frozenset(key for key in targets if key not in drawn_keys or key in partly)
    given = None if values is None else jax.tree_util.tree_leaves(values)
    start = traced.start(kept) if given is None else {key: given[key] for key in kept}
    targets = with_values(targets, start)
    drawn, summary = draw_all(plans, targets, request.source, is_read=request.is_read)
    leaves = [drawn[n] if n in drawn else place(start[n], targets[n].sharding) for n in targets]
    return traced.build(leaves), replace(summary, left_alone=left_alone)


def set_nnx(model: Any, request: Request) -> Summary:
    """Draw the variables of an nnx model, and write them."""
    arrays, variables = nnx_arrays(model)
    arrays = request.with_held_starts(arrays)
    planned = request.plan(model, arrays)
    plans = planned.plans
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
    problems = request.check(model, arrays, planned, targets)
    left_alone = arrays.left_alone(plans, planned.kept)
    if request.dry_run:
        return replace(
            report_plans(plans, targets, request.observer(arrays)),
            left_alone=left_alone,
            problems=problems,
        )
    check_writable(variables[key] for key in targets)
    drawn, summary = draw_all(plans, targets, request.source, is_read=request.is_read)
    for key, value in drawn.items():
        write(variables[key], value)
    return replace(summary, left_alone=left_alone)


def set_tree(
    tree: Any, request: Request, shardings: Any, describe: trees.DescribeLeaf | None
) -> tuple[Any, Summary]:
    """Draw the arrays of a pytree, into a new one."""
    arrays, leaves, structure = tree_arrays(tree, describe)
    arrays = request.with_held_starts(arrays)
    planned = request.plan(tree, arrays)
    plans = planned.plans
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
    problems = request.check(tree, arrays, planned, targets)
    left_alone = arrays.left_alone(plans, planned.kept)
    if request.dry_run:
        return tree, replace(
            report_plans(plans, targets, request.observer(arrays)),
            left_alone=left_alone,
            problems=problems,
        )
    drawn, summary = draw_all(plans, targets, request.source, is_read=request.is_read)
    filled = [drawn.get(number, leaf) for number, leaf in enumerate(leaves)]
    return rebuild(structure, filled), replace(summary, left_alone=left_alone)


def linen_arrays(traced: linen_models.Traced, values: Any) -> tuple[ModelArrays, Any]:
    """Return the arrays of a traced module, and its abstract variables.

    Args:
        traced: the module.
        values: its variables, or None.
    """
    abstract = traced.build(list(traced.leaves))
    given = () if values is None else check_values(abstract, values)
    weights = with_obstacles(traced.weights, traced.others, dict(enumerate(traced.leaves)))
    return ModelArrays(weights, tree_names(abstract), concrete(dict(enumerate(given)))), abstract


def nnx_arrays(model: Any) -> tuple[ModelArrays, dict[int, Any]]:
    """Return the arrays of an nnx model, and its variables by the same keys."""
    collected, variables = nnx_models.collect(model)
    others = add_unclaimed(model, collected, variables)
    values = {key: read(variable) for key, variable in variables.items()}
    weights = with_obstacles(collected.weights, others, values)
    return ModelArrays(weights, nnx_names(model), concrete(values)), variables


def tree_arrays(
    tree: Any, describe: trees.DescribeLeaf | None
) -> tuple[ModelArrays, list[Any], Any]:
    """Return the arrays of a pytree, its leaves, and its structure."""
    weights, leaves, structure = trees.collect(tree, describe)
    values = dict(enumerate(leaves))
    arrays = ModelArrays(with_obstacles(weights, {}, values), tree_names(tree), concrete(values))
    return arrays, leaves, structure


def _concrete(value: Any) -> Any:
    """Return a value, or None where there is only its shape."""
    return None if isinstance(value, jax.ShapeDtypeStruct) else value
