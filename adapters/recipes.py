"""What every adapter does with a recipe, whatever its framework.

The weights of a model are matched to their rules, checked, and reported; and a layer is
set by a recipe of two rules.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from fanwise.adapters.layer_weights import PARAMETER
from fanwise.adapters.summary import SummaryRow
from fanwise.core.keys import path_counter
from fanwise.core.sampler import check_law
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.globs import renamed
from fanwise.spec.plan import Patterns, Planned, Weight, plan
from fanwise.spec.recipe import FAN_ROLES, Recipe, Rule
from fanwise.spec.registry import SchemeLike, as_scheme, scheme
from fanwise.spec.scheme import Scheme


class ModelWeight(Protocol):
    """A weight of a model, and whatever its adapter must know to write it."""

    @property
    def weight(self) -> Weight:
        """The weight as a recipe sees it, under the path that the model gives it."""
        ...


W = TypeVar("W", bound=ModelWeight)


def planned_weights(
    recipe: Recipe,
    weights: Sequence[W],
    *,
    framework: str,
    only: Patterns = None,
    exclude: Patterns = None,
) -> list[tuple[W, Planned]]:
    """Match the weights of a model to the rules of a recipe.

    Args:
        recipe: the recipe.
        weights: all weights of the model.
        framework: whose ``[names]`` make the paths canonical.
        only, exclude: patterns of canonical paths; other weights, or these, are left alone.

    Returns:
        What is to be set, with its plan.

    Raises:
        FanwiseError: as :func:`fanwise.spec.plan.plan` does.
    """
    every = [stored.weight for stored in weights]
    plans = plan(recipe, every, framework=framework, only=only, exclude=exclude)
    names = dict(recipe.names.get(framework, {}))
    by_path = {renamed(stored.weight.path, names): stored for stored in weights}
    return [(by_path[planned.weight.path], planned) for planned in plans]


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
        check_law(planned.resolved.law)
        path_counter(weight.path)
    except FanwiseError as error:
        raise error.within(f"{weight.path} cannot be set") from error


def report_row(planned: Planned, *, shape: tuple[int, ...], observed: float) -> SummaryRow:
    """Report a weight that a recipe sets.

    Args:
        planned: the weight and its scheme.
        shape: the shape that is shown: that of the parameter, if it is the weight's alone.
        observed: the standard deviation of its values; NaN where nothing was written.
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
    )


def layer_recipe(kernel: SchemeLike, bias: SchemeLike) -> Recipe:
    """Make the recipe that sets one layer: a rule for its kernels, and one for its biases.

    The scale and the offset of a normalization have no fans. They take the two schemes where
    these count none, and else start as the identity: scale 1, offset 0.
    """
    weight, beside = as_scheme(kernel), as_scheme(bias)
    scale = scheme("ones") if _counts_a_fan(weight) else weight
    offset = scheme("zeros") if _counts_a_fan(beside) else beside
    chosen = {
        **dict.fromkeys(FAN_ROLES, weight),
        "bias": beside,
        "scale": scale,
        "offset": offset,
    }
    rules = tuple(_rule(role, own) for role, own in chosen.items())
    return Recipe(rules, unused=tuple(rule.name for rule in rules))


def _rule(role: str, own: Scheme) -> Rule:
    return Rule({"scheme": own}, role=role, name=role)


def _counts_a_fan(own: Scheme) -> bool:
    return own.entry.uses_fan and own["fan"] is None


def check_layer_known(layer: str, weights: Iterable[ModelWeight]) -> None:
    """Raise for a layer with parameters whose axes nobody has told.

    Args:
        layer: what errors call the layer.
        weights: all that it stores.
    """
    unknown = [stored.weight.path for stored in weights if stored.weight.kind == PARAMETER]
    if unknown:
        raise FanwiseError(
            "a layer whose weights have known axes",
            Phrase(f"{layer} with {', '.join(unknown)}"),
            "Set its layers one by one, or describe it with register_layer.",
        )
