"""What cannot be told of a weight, and the schemes that would need to know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from fanwise.adapters.summary import SummaryRow
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Planned
from fanwise.spec.recipe import Recipe
from fanwise.spec.scheme import Scheme


class Doubt(StrEnum):
    """What of a weight cannot be told."""

    FAN_IN = "fan_in"
    FAN_OUT = "fan_out"
    #: Which of its elements is which: of no matter where all are drawn alike.
    ORDER = "order"


Doubts = frozenset[Doubt]

NO_DOUBTS: Final[Doubts] = frozenset()
FANS: Final[Doubts] = frozenset({Doubt.FAN_IN, Doubt.FAN_OUT})
EVERYTHING: Final[Doubts] = frozenset(Doubt)
_WORDS: Final = "'batch in out' for stacked layers and '* in out' for a convolution"
_OF_A_TREE: Final = (
    "Say what it is: initialize(..., describe=lambda path, array: fanwise.spec.weights.Weight("
    f"path, array.shape, axes, role, kind)), with axes such as {_WORDS}; or pass the module itself."
)
_OF_FLAX: Final = (
    "Say what its class stores, by fanwise.jax.register_layer, with axes such as "
    f"{_WORDS}; or exclude it, and set it by an initializer with axes=."
)


def check_told(planned: Planned, recipe: Recipe, doubts: Doubts, *, of_flax: bool) -> None:
    """Raise where a scheme needs to know what cannot be told.

    Args:
        planned: the weight and its scheme.
        recipe: whose rule gives it the scheme.
        doubts: what cannot be told of the weight.
        of_flax: whether it is one of a module of Flax, which is not described array by array.

    Raises:
        FanwiseError: that says which weight.
    """
    untold = doubts & _needs(planned, recipe)
    if untold:
        weight = planned.weight
        names = " and ".join(doubt for doubt in Doubt if doubt in untold)
        expected = (
            f"a weight whose {names} can be told from its name and shape, for {planned.scheme}"
        )
        hint = _OF_FLAX if of_flax else _OF_A_TREE
        raise FanwiseError(expected, Phrase(f"{weight.path} of shape {weight.shape}"), hint)


def without_doubtful_fans(row: SummaryRow, doubts: Doubts) -> SummaryRow:
    """Return a row of a report without the fans that cannot be told."""
    return replace(
        row,
        fan_in=None if Doubt.FAN_IN in doubts else row.fan_in,
        fan_out=None if Doubt.FAN_OUT in doubts else row.fan_out,
    )


def _needs(planned: Planned, recipe: Recipe) -> Doubts:
    """Return what a scheme needs to know, by itself or for the expressions of its rule."""
    scheme = planned.scheme
    if scheme.entry.structured:
        return EVERYTHING
    given = recipe.rules[planned.rule - 1].init if planned.rule else {}
    names = " ".join(text for text in given.values() if isinstance(text, str))
    if scheme.fan_mode is not None and not _has_fan(given):
        names += f" {scheme.fan_mode}"
    return FANS if "avg" in names else frozenset(doubt for doubt in FANS if doubt in names)


def _has_fan(given: Mapping[str, Any]) -> bool:
    """Tell whether a rule itself gives the fan."""
    start = given.get("scheme")
    return "fan" in given or (
        isinstance(start, Scheme) and dict(start.params).get("fan") is not None
    )
