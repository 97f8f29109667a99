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
from fanwise.adapters.jax.layers.doubts import doubt_problems
from fanwise.adapters.jax.layers.held_starts import with_held_starts
from fanwise.adapters.jax.layers.loaded_weights import settled_weights
from fanwise.adapters.jax.layers.model_arrays import ModelArrays, concrete, nnx_names, tree_names
from fanwise.adapters.jax.layers.nodes import array_shape, rebuild
from fanwise.adapters.jax.layers.placements import check_values, place, spread
from fanwise.adapters.jax.layers.registry import class_names
from fanwise.adapters.jax.layers.shardings import sharding_of, variable_sharding
from fanwise.adapters.jax.layers.targets import (
    TargetArray,
    Targets,
    find_partly_set,
    report_plans,
    target_problems,
)
from fanwise.adapters.jax.layers.unclaimed import add_unclaimed, with_obstacles
from fanwise.adapters.jax.layers.variables import check_writable, read, write
from fanwise.adapters.recipes import PlannedWeights, check_layer_known, planned_weights
from fanwise.adapters.summary import Summary
from fanwise.spec.errors import FanwiseError
from fanwise.spec.mending import mended_toml, with_lines
from fanwise.spec.plan import Patterns, RecipePlan, plan
from fanwise.spec.problems import Problem, check_problems
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe
from fanwise.spec.renaming import renamed

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
        only, exclude, missing, dry_run: as in :func:`fanwise.jax.initialize`.
        is_read: whether every weight is read again, for the report.
    """

    recipe: Recipe
    source: SeededEngine
    path: str | None = None
    known: bool = False
    left_alone: frozenset[str] = frozenset()
    only: Patterns = None
    exclude: Patterns = None
    missing: Any = None
    dry_run: bool = False
    is_read: bool = True

    def with_held_starts(self, arrays: ModelArrays) -> ModelArrays:
        """Say what weights that declare nothing were given, by what they hold."""
        return with_held_starts(arrays, self.recipe, _FRAMEWORK, self.only, self.exclude)

    def with_own_functions(self, arrays: ModelArrays) -> ModelArrays:
        """Leave to Flax what is to start as declared, by a function that is no scheme."""
        if all(w.weight.own is None or w.weight.own.scheme is not None for w in arrays.weights):
            return arrays
        names = dict(self.recipe.names.get(_FRAMEWORK, {}))
        weights = [stored.weight for stored in put_below(arrays.weights, self.path)]
        problems = plan(self.recipe, weights, framework=_FRAMEWORK, is_dry=True).problems
        paths = {path for problem in problems if problem.kind == "own" for path in problem.paths}
        settled = [
            replace(stored, weight=replace(stored.weight, is_settled=True))
            if renamed(weight.path, names) in paths
            else stored
            for stored, weight in zip(arrays.weights, weights, strict=True)
        ]
        return replace(arrays, weights=settled)

    def plan(self, model: Any, arrays: ModelArrays) -> PlannedWeights[ArrayWeight]:
        """Match the weights of a model to the rules."""
        weights = arrays.weights
        if self.known:
            untold = [stored for stored in weights if not stored.is_named]
            check_layer_known(type(model).__name__, untold)
        if self.missing is not None:
            names = self.recipe.names.get(_FRAMEWORK, {})
            weights = settled_weights(arrays, self.missing, names)
        return planned_weights(
            self.recipe,
            put_below(weights, self.path),
            framework=_FRAMEWORK,
            only=self.only,
            exclude=self.exclude,
            left_alone=self.left_alone,
            is_dry=self.dry_run,
            observe=arrays.observe,
        )

    def check(
        self,
        model: Any,
        arrays: ModelArrays,
        planned: PlannedWeights[ArrayWeight],
        targets: Targets,
        *,
        keeping: bool = False,
    ) -> tuple[Problem, ...]:
        """Return all that keeps a plan from being carried out.

        Args:
            model: the model.
            arrays: all that it holds.
            planned: what is to be drawn.
            targets: the arrays that it is drawn into, as they are.
            keeping: whether an array without a value gets one before the drawing.

        Raises:
            FanwiseError: for any of it, unless it is a dry run.
        """
        of_flax = is_linen(model) or is_nnx(model)
        weights = [ruled.weight for _, ruled in planned.plans]
        doubted = with_lines(
            self.recipe,
            doubt_problems(planned.plans, self.recipe, of_flax=of_flax),
            weights,
            None,
        )
        engine = self.source.engine
        others = (
            *planned.problems,
            *target_problems(planned.plans, targets, engine, keeping=keeping),
        )
        if not self.dry_run and (doubted or others):
            mended = "" if others else self._mended(arrays, doubted)
            check_problems((*doubted, *others), mended)
        return (*doubted, *others)

    def _mended(self, arrays: ModelArrays, doubted: Sequence[Problem]) -> str:
        """Write the recipe with rules that tell the axes of all that is doubted."""
        if self.known or not all(problem.lines for problem in doubted):
            return ""
        lines = dict.fromkeys(problem.lines for problem in doubted)
        added = read_recipe("\n\n".join(["fanwise = 1", *lines]))
        changed = replace(self.recipe, rules=(*added.rules, *self.recipe.rules), source="")
        weights = [stored.weight for stored in put_below(arrays.weights, self.path)]

        def make_plan(chosen: Recipe) -> RecipePlan:
            return plan(
                chosen,
                weights,
                framework=_FRAMEWORK,
                only=self.only,
                exclude=self.exclude,
                is_dry=True,
            )

        return mended_toml(changed, make_plan, None)


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
        report = report_plans(plans, targets)
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
        return replace(report_plans(plans, targets), left_alone=left_alone, problems=problems)
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
        return tree, replace(report_plans(plans, targets), left_alone=left_alone, problems=problems)
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
