"""What cannot be told of a weight, and the schemes that would need to know it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final, Protocol

from fanwise.adapters.summary import SummaryRow
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Planned
from fanwise.spec.problems import Problem
from fanwise.spec.recipe import Recipe
from fanwise.spec.scheme import Scheme
from fanwise.spec.weights import Weight


class Doubt(StrEnum):
    """What of a weight cannot be told."""

    FAN_IN = "fan_in"
    FAN_OUT = "fan_out"
    #: Which of its elements is which: of no matter where all are drawn alike.
    ORDER = "order"


Doubts = frozenset[Doubt]


class DoubtedWeight(Protocol):
    """A weight, and what cannot be told of it."""

    @property
    def doubts(self) -> Doubts:
        """What cannot be told."""
        ...


NO_DOUBTS: Final[Doubts] = frozenset()
FANS: Final[Doubts] = frozenset({Doubt.FAN_IN, Doubt.FAN_OUT})
EVERYTHING: Final[Doubts] = frozenset(Doubt)
_WORDS: Final = "'batch in out' for stacked layers and '* in out' for a convolution"
_IN_A_RULE: Final = "Say in a rule about it which axes it has"
_OF_A_TREE: Final = "pass the module itself, or describe=, a function of a path and an array"
_OF_FLAX: Final = "say what its class stores, by fanwise.jax.register_layer"


def doubt_problems(
    plans: Iterable[tuple[DoubtedWeight, Planned]], recipe: Recipe, *, of_flax: bool
) -> Iterator[Problem]:
    """Give a problem for every scheme that needs to know what cannot be told.

    Args:
        plans: the weights, each with its scheme.
        recipe: whose rules give them the schemes.
        of_flax: whether they are of a module of Flax, which is not described array by array.
    """
    for stored, planned in plans:
        weight = planned.weight
        untold = stored.doubts & _needs(planned, recipe)
        if untold and not weight.told:
            names = " and ".join(doubt for doubt in Doubt if doubt in untold)
            expected = (
                f"a weight whose {names} can be told from its name and shape, for {planned.scheme}"
            )
            received = Phrase(f"{weight.path} of shape {weight.shape}")
            error = FanwiseError(expected, received, _hint(weight, of_flax=of_flax))
            yield Problem("scheme", error, (weight.path,), rule=planned.rule)


def without_doubtful_fans(row: SummaryRow, doubts: Doubts) -> SummaryRow:
    """Return a row of a report without the fans that cannot be told."""
    return replace(
        row,
        fan_in=None if Doubt.FAN_IN in doubts else row.fan_in,
        fan_out=None if Doubt.FAN_OUT in doubts else row.fan_out,
    )


def _hint(weight: Weight, *, of_flax: bool) -> str:
    axes = " or ".join(f"axes = '{axes}'" for axes in weight.readings)
    told = f"of which it may have these: {axes}" if axes else f"such as {_WORDS}"
    return f"{_IN_A_RULE}, {told}; or {_OF_FLAX if of_flax else _OF_A_TREE}."


def _needs(planned: Planned, recipe: Recipe) -> Doubts:
    """Return what a scheme needs to know, by itself or for the expressions of its rule."""
    scheme = planned.scheme
    if scheme.entry.structured:
        return EVERYTHING
    rule = recipe.rules[planned.rule - 1] if planned.rule else None
    given: Mapping[str, Any] = {} if rule is None else rule.init
    if rule is not None and rule.is_own and planned.weight.own is not None:
        given = {"scheme": planned.weight.own.scheme}
    names = " ".join(text for text in given.values() if isinstance(text, str))
    if scheme.fan_mode is not None and not _has_fan(given):
        names += f" {scheme.fan_mode}"
    names = " ".join([names, *(scheme.entry.fans_named - set(given))])
    return FANS if "avg" in names else frozenset(doubt for doubt in FANS if doubt in names)


def _has_fan(given: Mapping[str, Any]) -> bool:
    """Tell whether a rule itself gives the fan."""
    start = given.get("scheme")
    return "fan" in given or (
        isinstance(start, Scheme) and dict(start.params).get("fan") is not None
    )
