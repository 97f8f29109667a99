"""Which weights of a model a recipe sets, and whether all of them can be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from fanwise.adapters.jax.drawing.dtypes import is_complex
from fanwise.adapters.jax.layers.collection import Stored
from fanwise.adapters.jax.layers.description import Place
from fanwise.adapters.summary import Summary, SummaryRow
from fanwise.core.dtypes import format_of
from fanwise.core.structured import check
from fanwise.spec import globs
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import Structured
from fanwise.spec.plan import Patterns, Planned, plan
from fanwise.spec.recipe import Recipe


@dataclass(frozen=True)
class Array:
    """An array of a model that may be set.

    Attributes:
        shape, dtype: its own.
        value: what it holds now; None where that is nothing yet.
        sharding: a NamedSharding that its new value is to have, or None.
    """

    shape: tuple[int, ...]
    dtype: Any
    value: Any = None
    sharding: Any = None


@dataclass(frozen=True)
class Chosen:
    """A weight, its scheme, and where it lies."""

    planned: Planned
    places: tuple[tuple[int, Place], ...]


def choose(
    recipe: Recipe, weights: Sequence[Stored], *, only: Patterns, exclude: Patterns
) -> tuple[Chosen, ...]:
    """The scheme of every weight that the recipe is to set.

    Raises:
        FanwiseError: as :func:`fanwise.spec.plan.plan` does.
    """
    names = dict(recipe.names.get("flax", {}))
    planned = plan(
        recipe,
        [stored.weight for stored in weights],
        framework="flax",
        only=only,
        exclude=exclude,
    )
    places = {globs.renamed(stored.weight.path, names): stored.places for stored in weights}
    return tuple(Chosen(each, places[each.weight.path]) for each in planned)


def partly_set(chosen: Sequence[Chosen], arrays: Mapping[int, Array]) -> frozenset[int]:
    """The arrays of which some elements are set, and some are not."""
    covered: dict[int, int] = {}
    for each in chosen:
        for key, place in each.places:
            covered[key] = covered.get(key, 0) + size(arrays[key].shape, place)
    return frozenset(k for k, count in covered.items() if count != math.prod(arrays[k].shape))


def check_all(
    chosen: Sequence[Chosen], arrays: Mapping[int, Array], *, keeping: bool = False
) -> None:
    """Raise whatever would keep a weight from being drawn.

    Args:
        chosen: the weights.
        arrays: all arrays of the model.
        keeping: whether an array without a value gets one before the drawing.

    Raises:
        FanwiseError: for a dtype that is none of the four, a generator that has no meaning
            on a shape, a sharding that does not fit, and a part of an array without values.
    """
    partly = partly_set(chosen, arrays)
    for each in chosen:
        weight = each.planned.weight
        law = each.planned.resolved.law
        try:
            if isinstance(law, Structured):
                check(law)
            for key, _ in each.places:
                _check_array(arrays[key])
        except FanwiseError as error:
            raise error.within(f"{weight.path} cannot be set") from error
        for key, _ in each.places:
            if key in partly and arrays[key].value is None and not keeping:
                hint = "Leave out none of its parts, or all."
                received = Phrase(f"only a part of an array without values, {weight.path}")
                raise FanwiseError("arrays that are set as a whole", received, hint)


def _check_array(array: Array) -> None:
    if is_complex(array.dtype):
        raise FanwiseError("a real dtype", array.dtype, "Exclude it, and set it by hand.")
    format_of(array.dtype)
    if array.sharding is not None:
        if not isinstance(array.sharding, jax.sharding.NamedSharding):
            hint = "Pass jax.sharding.NamedSharding(mesh, spec), which knows its mesh."
            raise FanwiseError("a sharding with its mesh", array.sharding, hint)
        try:
            array.sharding.shard_shape(array.shape)
        except ValueError as error:
            hint = f"Pass another: {error}."
            raise FanwiseError("a sharding that fits", array.sharding, hint) from error


def dry(chosen: Sequence[Chosen], arrays: Mapping[int, Array]) -> Summary:
    """The summary of a plan that nothing is drawn for."""
    return Summary(tuple(row(each, arrays, math.nan) for each in chosen))


def row(each: Chosen, arrays: Mapping[int, Array], observed: float) -> SummaryRow:
    """The row of a weight; its shape is that of the array, if it has one to itself."""
    weight = each.planned.weight
    fans = weight.fans if weight.beside is None else None
    sizes = [size(arrays[key].shape, place) for key, place in each.places]
    whole = is_whole(each, arrays)
    return SummaryRow(
        path=weight.path,
        shape=arrays[each.places[0][0]].shape if whole else weight.shape,
        scheme=each.planned.scheme.name,
        fan_in=None if fans is None else fans.fan_in,
        fan_out=None if fans is None else fans.fan_out,
        expected=each.planned.std if math.prod(weight.shape) else None,
        observed=observed,
        parameters=sum(sizes),
        role=weight.role,
        kind=weight.kind,
        rule=each.planned.rule,
    )


def is_whole(each: Chosen, arrays: Mapping[int, Array]) -> bool:
    """Whether a weight has an array to itself, and lies in it as it is."""
    if len(each.places) != 1:
        return False
    ((key, place),) = each.places
    same = arrays[key].shape == each.planned.weight.shape
    return same and place.at is None and place.part is None


def size(shape: tuple[int, ...], place: Place) -> int:
    """The number of elements of a place; no array is made."""
    if place.at is None:
        return math.prod(shape)
    return int(np.broadcast_to(np.empty((), bool), shape)[place.at].size)
