"""What is asked of a whole model, whatever its library, and the plan that comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from fanwise.adapters.jax.layers.arrays import SeededEngine
from fanwise.adapters.jax.layers.collection import ArrayWeight
from fanwise.adapters.jax.layers.doubts import doubt_problems
from fanwise.adapters.jax.layers.held_starts import with_held_starts
from fanwise.adapters.jax.layers.loaded_weights import settled_weights
from fanwise.adapters.jax.layers.model_arrays import ModelArrays
from fanwise.adapters.jax.layers.registry import class_names
from fanwise.adapters.jax.layers.targets import Targets, target_problems
from fanwise.adapters.recipes import PlannedWeights, check_layer_known, planned_weights
from fanwise.spec.mending import mended_toml, with_lines
from fanwise.spec.plan import Patterns, RecipePlan, plan
from fanwise.spec.problems import Holding, Problem, check_problems
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe
from fanwise.spec.renaming import renamed

_FRAMEWORK: Final = "flax"


def is_linen(model: Any) -> bool:
    """Tell whether a model is a module of Flax linen."""
    return "flax.linen:Module" in class_names(model)


def is_nnx(model: Any) -> bool:
    """Tell whether a model is a module of Flax nnx."""
    return "flax.nnx:Module" in class_names(model)


def is_transformed(model: Any) -> bool:
    """Tell whether something is what Haiku makes of a function: how it starts, and is applied."""
    return not {"haiku._src:Transformed", "haiku._src:TransformedWithState"}.isdisjoint(
        class_names(model)
    )


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

    def observer(self, arrays: ModelArrays) -> Callable[[ArrayWeight], Holding] | None:
        """Return what says what a weight holds now; None where no report asks for it."""
        return arrays.observe if self.is_read else None

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
