"""What every adapter does with a recipe, whatever its framework.

The weights of a model are matched to their rules, checked, and reported; and a layer is
set by a recipe of two rules.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Generic, Protocol, Self, TypeVar

from fanwise.adapters.foreign_code import foreign_code
from fanwise.adapters.layer_weights import PARAMETER
from fanwise.adapters.summary import SummaryRow
from fanwise.core.keys import check_path
from fanwise.core.sampler import check_law
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.mending import mended_toml, with_lines
from fanwise.spec.plan import Patterns, Planned, RecipePlan, plan
from fanwise.spec.problems import Holding, Problem, check_problems
from fanwise.spec.recipe import Recipe
from fanwise.spec.registry import SchemeLike, as_scheme, scheme
from fanwise.spec.renaming import renamed
from fanwise.spec.roles import FAN_ROLES, IMPLICIT, STANDS_FOR
from fanwise.spec.rules import Rule
from fanwise.spec.scheme import Scheme
from fanwise.spec.scheme_fans import fans_counted
from fanwise.spec.weights import Weight

#: What the two schemes of a layer are about.
_KERNEL_ROLES: Final = (*FAN_ROLES, "scale")
_BIAS_ROLES: Final = ("bias", "forget_bias", "recurrent_bias", "offset")


class ModelWeight(Protocol):
    """A weight of a model, and whatever its adapter must know to write it."""

    @property
    def weight(self) -> Weight:
        """The weight as a recipe sees it, under the path that the model gives it."""
        ...

    def cut(self, weight: Weight) -> Self:
        """Return a part of it.

        Args:
            weight: the part as a recipe sees it, which says where it lies.

        Raises:
            FanwiseError: for a weight of which no part can be set by itself.
        """
        ...


W = TypeVar("W", bound=ModelWeight)


@dataclass(frozen=True)
class PlannedWeights(Generic[W]):
    """What a recipe does to a model, and what it is carried out on.

    Attributes:
        plans: what is to be set, with its plan.
        kept: paths of the weights that stay as they are.
        staying: those of them that their rule or their layer keeps.
        allowed: those of them that no rule fits, as the recipe allows.
        excluded: those of them that do not train and that are excluded.
        problems: what keeps the plan from being carried out; empty but for a dry run.
    """

    plans: list[tuple[W, Planned]]
    kept: tuple[str, ...] = ()
    staying: tuple[W, ...] = ()
    allowed: tuple[W, ...] = ()
    excluded: tuple[W, ...] = ()
    problems: tuple[Problem, ...] = ()


def planned_weights(
    recipe: Recipe,
    weights: Sequence[W],
    *,
    framework: str,
    only: Patterns = None,
    exclude: Patterns = None,
    left_alone: Collection[str] = (),
    is_dry: bool = False,
    observe: Callable[[W], Holding] | None = None,
) -> PlannedWeights[W]:
    """Match the weights of a model to the rules of a recipe.

    Args:
        recipe: the recipe.
        weights: all weights of the model.
        framework: whose ``[names]`` make the paths canonical.
        only, exclude: patterns of canonical paths; other weights, or these, are left alone.
        left_alone: roles whose weights are left alone too.
        is_dry: whether to return problems, rather than to raise them.
        observe: says what a weight holds now, for what a recipe lacks.

    Raises:
        FanwiseError: as :func:`fanwise.spec.plan.plan` does.
    """
    every = [stored.weight for stored in weights if stored.weight.role not in left_alone]

    # Under the paths of the recipe that was planned last, whose names may be others.
    stored_at: dict[str, W] = {}

    def make_plan(chosen: Recipe) -> RecipePlan:
        stored_at.clear()
        stored_at.update(_by_path(weights, chosen, framework))
        return plan(
            chosen,
            every,
            framework=framework,
            only=only,
            exclude=exclude,
            is_dry=True,
            observe=None if observe is None else holding_of,
        )

    @cache
    def holding_of(weight: Weight) -> Holding:
        assert observe is not None
        path = weight.path if weight.part is None else weight.part.whole
        return observe(stored_at[path])

    planned = make_plan(recipe)
    problems = planned.problems
    if problems:
        known = None if observe is None else holding_of
        problems = with_lines(recipe, problems, planned.weights, known)
        if not is_dry:
            check_problems(problems, mended_toml(recipe, make_plan, known))
    plans = [(_part_of(stored_at, chosen.weight), chosen) for chosen in planned.planned]
    staying, allowed, excluded = (
        tuple(_part_of(stored_at, weight) for weight in some)
        for some in (planned.staying, planned.allowed, planned.excluded)
    )
    kept = tuple(weight.path for weight in planned.kept)
    return PlannedWeights(plans, kept, staying, allowed, excluded, problems)


def _by_path(weights: Iterable[W], recipe: Recipe, framework: str) -> dict[str, W]:
    """Return weights under their canonical paths."""
    names = dict(recipe.names.get(framework, {}))
    return {renamed(stored.weight.path, names): stored for stored in weights}


def _part_of(by_path: Mapping[str, W], weight: Weight) -> W:
    """Find where a weight is stored, or what a rule has divided it from."""
    if weight.part is None:
        return by_path[weight.path]
    return by_path[weight.part.whole].cut(weight)


def check_settable(planned: Planned, check_storage: Callable[[], None]) -> None:
    """Raise whatever would keep a weight from being set.

    Args:
        planned: the weight and its scheme.
        check_storage: raises where the values cannot be written.

    Raises:
        FanwiseError: naming the weight.
    """
    weight = planned.weight
    try:
        check_storage()
        check_law(planned.resolved.law, path=weight.path)
        check_path(weight.path)
    except FanwiseError as error:
        raise error.within(f"{weight.path} cannot be set") from error


def check_follower(name: str, shape: tuple[int, ...], compute: Callable[[], Any]) -> None:
    """Raise where what follows a weight cannot be worked out, before anything is written.

    Args:
        name: of the follower.
        shape: of the follower.
        compute: gives its values from those that the weight is to have.

    Raises:
        FanwiseError: for a function that raises, and for values of another shape.
    """
    hint = "Correct the function in followers that register_layer was given."
    with foreign_code(f"a function that gives the values of {name}", hint):
        values = compute()
    found_shape = () if isinstance(values, int | float) else getattr(values, "shape", None)
    if found_shape is None or tuple(found_shape) != shape:
        received = Phrase(type(values).__name__ if found_shape is None else tuple(found_shape))
        raise FanwiseError(f"values of {name}, of shape {shape}", received, hint)


def report_row(
    planned: Planned, *, shape: tuple[int, ...], observed: float, holding: Holding | None = None
) -> SummaryRow:
    """Report a weight that a recipe sets.

    Args:
        planned: the weight and its scheme.
        shape: the shape that is shown: that of the parameter, if it is the weight's alone.
        observed: the standard deviation of its values; NaN where nothing was written.
        holding: what it holds now; None where that was not looked at.
    """
    weight = planned.weight
    fans = weight.fans if weight.beside is None else None
    size = math.prod(weight.shape)
    return SummaryRow(
        path=weight.path,
        shape=shape,
        scheme=planned.scheme.name,
        fan_in=None if fans is None else fans.fan_in,
        fan_out=None if fans is None else fans.fan_out,
        expected=planned.std if size else None,
        observed=observed,
        parameters=size,
        role=weight.role,
        kind=weight.kind,
        rule=planned.rule,
        holds=None if holding is None else holding.text or None,
        ties=weight.ties,
    )


def layer_recipe(kernel: SchemeLike | None, bias: SchemeLike | None) -> Recipe:
    """Make the recipe that sets one layer: a rule for its kernels, and one for its biases.

    The scale and the offset of a normalization are no matrices. They take the two schemes where
    these count no fans and are not about matrices, and else start as the identity: scale 1,
    offset 0. None has no rules: see :func:`roles_left_alone`.
    """
    schemes = _schemes_of_rules(kernel, bias)
    rules = tuple(
        Rule({"scheme": start}, role=role, name=role, frozen=None)
        for role, start in schemes.items()
    )
    return Recipe(rules, unused=tuple(schemes))


def layer_schemes(kernel: SchemeLike | None, bias: SchemeLike | None) -> dict[str, Scheme]:
    """Tell what a weight of each role starts with by :func:`layer_recipe`, before it is there."""
    schemes = _schemes_of_rules(kernel, bias)
    stand_ins = {role: schemes[other] for role, other in STANDS_FOR.items() if other in schemes}
    implicit = {role: scheme(name) for role, name in IMPLICIT.items()}
    left_alone = roles_left_alone(kernel, bias)
    every = {**implicit, **stand_ins, **schemes}
    return {role: start for role, start in every.items() if role not in left_alone}


def roles_left_alone(kernel: object, bias: object) -> frozenset[str]:
    """Return the roles of the weights that stay as they are where a scheme is None."""
    kernel_roles = _KERNEL_ROLES if kernel is None else ()
    return frozenset((*kernel_roles, *(_BIAS_ROLES if bias is None else ())))


def _schemes_of_rules(kernel: SchemeLike | None, bias: SchemeLike | None) -> dict[str, Scheme]:
    schemes: dict[str, Scheme] = {}
    if kernel is not None:
        weight = as_scheme(kernel)
        schemes |= dict.fromkeys(FAN_ROLES, weight)
        schemes["scale"] = weight if _fits_a_vector(weight) else scheme("ones")
    if bias is not None:
        beside = as_scheme(bias)
        schemes["bias"] = beside
        schemes["offset"] = beside if _fits_a_vector(beside) else scheme("zeros")
    return schemes


def counts_a_fan(own: Scheme) -> bool:
    """Tell whether a scheme needs the fans of its weight."""
    return bool(fans_counted(own))


def _fits_a_vector(own: Scheme) -> bool:
    return not (counts_a_fan(own) or own.entry.structured)


def check_layer_known(layer: str, weights: Iterable[ModelWeight]) -> None:
    """Raise for a layer with parameters whose axes are unknown, or guessed.

    Args:
        layer: what errors call the layer.
        weights: all that it stores.
    """
    # A guess needs a report in which it is shown.
    unknown = [w.weight.path for w in weights if w.weight.kind == PARAMETER or w.weight.guess]
    if unknown:
        raise FanwiseError(
            "a layer whose weights have known axes",
            Phrase(f"{layer} with {', '.join(unknown)}"),
            "Set its layers one by one, or describe it with register_layer.",
        )
