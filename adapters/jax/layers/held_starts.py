"""What the weights of a built model were given to start with, by what they hold.

The layers of nnx forget their initializers once they are built, and a tree of arrays never knew
them. That a kernel among random ones holds zeros says as much as the function that made them did;
so do values that contradict the law which they would be given, and are of one that people give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from fanwise.adapters.jax.drawing.records import recall
from fanwise.adapters.jax.layers.collection import ArrayWeight
from fanwise.adapters.jax.layers.given_laws import (
    HeldWeight,
    flax_scheme,
    given_starts,
    haiku_scheme,
    orthogonal_starts,
)
from fanwise.adapters.jax.layers.held_values import (
    constant_held,
    is_computed,
    matrix_held,
    values_held,
)
from fanwise.adapters.jax.layers.model_arrays import ModelArrays
from fanwise.adapters.jax.layers.samples import Sample, Values, may_be
from fanwise.adapters.layer_weights import PARAMETER
from fanwise.spec.laws import StructuredLaw
from fanwise.spec.plan import Patterns, plan
from fanwise.spec.recipe import Recipe
from fanwise.spec.registry import scheme
from fanwise.spec.renaming import renamed
from fanwise.spec.resolved import resolve
from fanwise.spec.scheme import Scheme
from fanwise.spec.weights import Start, Weight

#: What stands for a start where it is asked whether a rule would take it.
_ANY_START: Final = Start(None)


@dataclass(frozen=True)
class _Held:
    """A weight of no declared start, what it holds, and the law that its rule gives it."""

    stored: ArrayWeight
    values: Values
    law: Any
    matrix: Any


def with_held_starts(
    arrays: ModelArrays,
    recipe: Recipe,
    framework: str,
    only: Patterns = None,
    exclude: Patterns = None,
) -> ModelArrays:
    """Say of weights that declare nothing what they were given, where what they hold tells it.

    Args:
        arrays: all that a model holds.
        recipe: whose rules give other laws; a weight is asked only if one of ``own`` is first.
        framework: of the model.
        only, exclude: patterns of the weights that are to be set, and that are not.
    """
    if not any(rule.is_own for rule in recipe.rules):
        return arrays
    weights = [_remembered(stored, arrays.values) for stored in arrays.weights]
    values = {id(stored): values_held(stored, arrays.values) for stored in weights}
    matrices = [stored for stored in weights if len(stored.weight.shape) > 1]
    if all(
        constant_held(stored, values[id(stored)], arrays.values) is not None for stored in matrices
    ):
        return replace(arrays, weights=weights)  # made to be filled, or of no matrices
    laws = _laws(weights, recipe, framework, only, exclude)
    drawn = {id(stored) for stored in weights if _was_drawn(stored, arrays.values)}
    started = {
        id(s): None if id(s) in drawn else _constant_start(s, values[id(s)], arrays.values)
        for s in weights
    }
    open_weights = [
        _Held(stored, held, laws.get(stored.weight.path), matrix_held(stored, arrays.values))
        for stored in weights
        if started[id(stored)] is None
        and stored.weight.own is None
        and (held := values[id(stored)]) is not None
        and held.size
        and stored.weight.path in laws
        and stored.weight.obstacle is None
        and id(stored) not in drawn
    ]
    started |= {
        weight: replace(start, is_observed=True) for weight, start in _started(open_weights)
    }
    return replace(
        arrays,
        weights=[
            replace(
                stored, weight=_with_start(stored.weight, values[id(stored)], started[id(stored)])
            )
            if stored.weight.path in laws
            else stored
            for stored in weights
        ],
    )


def _with_start(weight: Weight, held: Values | None, start: Start | None) -> Weight:
    """Give a weight its start; what was computed, and not drawn, stays as it is."""
    is_told = start is not None and start.scheme is not None
    if is_told or (weight.own is not None and start is None) or held is None or not held.size:
        return weight if start is None else replace(weight, own=start)
    is_open = start is not None or (weight.kind == PARAMETER and not weight.role)
    if is_open and is_computed(held):
        return replace(weight, is_settled=True)
    return replace(weight, own=start)


def _remembered(stored: ArrayWeight, values: Mapping[int, Any]) -> ArrayWeight:
    """Give a weight that was drawn before the start that it had then."""
    key, block = stored.blocks[0]
    start = recall(values.get(key), block.at)
    if start is None or start.given is None:
        return stored
    return replace(stored, weight=replace(stored.weight, own=start.given))


def _was_drawn(stored: ArrayWeight, values: Mapping[int, Any]) -> bool:
    key, block = stored.blocks[0]
    return recall(values.get(key), block.at) is not None


def _laws(
    weights: Sequence[ArrayWeight],
    recipe: Recipe,
    framework: str,
    only: Patterns,
    exclude: Patterns,
) -> dict[str, Any]:
    """Return the laws of what a rule of ``own`` would take if it could; None where no rule is."""
    names = dict(recipe.names.get(framework, {}))
    every = [stored.weight for stored in weights]
    planned = plan(recipe, every, framework=framework, only=only, exclude=exclude, is_dry=True)
    by_path = {chosen.weight.path: chosen for chosen in planned.planned}
    kept = {weight.path for weight in planned.kept}
    laws = {}
    for weight in every:
        path = renamed(weight.path, names)
        chosen = by_path.get(path)
        first = len(recipe.rules) if chosen is None else chosen.rule
        asked = replace(weight, path=path, own=_ANY_START)
        is_own = any(
            rule.is_own and rule.framework in (None, framework) and rule.fits(asked)
            for rule in recipe.rules[:first]
        )
        if is_own and path not in kept:
            laws[weight.path] = None if chosen is None else chosen.resolved.law
    return laws


def _alike(held: Sequence[_Held]) -> list[list[_Held]]:
    """Group what was given one thing: weights of layers of one class, whose paths are alike."""
    groups: dict[tuple[object, ...], list[_Held]] = {}
    for member in held:
        weight = member.stored.weight
        place = re.sub(r"\d+", "*", weight.path)
        law = type(member.law).__name__
        # Layers of two classes that differ by a number in their names were not given one thing.
        layer = (weight.role, weight.kind, weight.class_name, weight.axes)
        groups.setdefault((place, *layer, law), []).append(member)
    return list(groups.values())


def _started(held: Sequence[_Held]) -> Iterator[tuple[int, Start]]:
    """Give a start to what contradicts the law of its rule, or has none."""
    groups = _alike(held)
    for members in groups:
        schemes = _told_schemes(members, len(groups))
        if schemes:
            for member, chosen in zip(members, schemes, strict=True):
                yield id(member.stored), Start(chosen, text=f"{chosen}, as it holds")
            continue
        # Such matrices may have the variance of the default, and an identity is one.
        orthogonal = orthogonal_starts([member.matrix for member in members])
        if orthogonal and not any(is_computed(member.values) for member in members):
            for member, matrix in zip(members, orthogonal, strict=True):
                # The rule itself knows which gates are one matrix.
                if not _is_orthogonal(member.law, matrix):
                    yield id(member.stored), matrix
            continue
        samples = [Sample(member.values, member.law) for member in members]
        if members[0].law is not None and may_be(samples, len(groups)):
            continue
        starts = given_starts(
            [HeldWeight(member.stored.weight, member.values) for member in members], len(groups)
        )
        std = float(np.concatenate([member.values for member in members]).std())
        unknown = Start(None, text=f"values of std {std:.3g}, of another law than the default")
        for member, start in zip(members, starts, strict=True):
            if start is not None or member.law is not None:
                yield id(member.stored), start or unknown


def _is_orthogonal(law: Any, start: Start) -> bool:
    """Tell whether a law is the orthogonal one of a start."""
    if not isinstance(law, StructuredLaw) or start.scheme is None:
        return False
    return law.generator == "orthogonal" and law.gain == start.scheme["gain"]


def _told_schemes(members: Sequence[_Held], questions: int) -> Sequence[Scheme]:
    """Return what the code of the class tells, or the name in a library, if it may be so."""
    told = [member.stored.mentioned for member in members]
    count = min(map(len, told))
    options = [[schemes[number] for schemes in told] for number in range(count)]
    fitting = [schemes for schemes in options if _may_be_of(schemes, members, questions)]
    if fitting and all(schemes == fitting[0] for schemes in fitting):
        return fitting[0]
    for scheme_of_name in (haiku_scheme, flax_scheme):
        named = [scheme_of_name(m.stored.weight, m.stored.blocks[0][1].parameter) for m in members]
        schemes = [chosen for chosen in named if chosen is not None]
        if len(schemes) == len(members) and _may_be_of(schemes, members, questions):
            return schemes
    return ()


def _may_be_of(schemes: Sequence[Scheme], members: Sequence[_Held], questions: int) -> bool:
    samples = []
    for chosen, member in zip(schemes, members, strict=True):
        weight = member.stored.weight
        samples.append(Sample(member.values, resolve(chosen, weight.shape, weight.axes).law))
    return may_be(samples, questions)


def _constant_start(
    stored: ArrayWeight, held: Values | None, values: Mapping[int, Any]
) -> Start | None:
    value = constant_held(stored, held, values)
    if value is None:
        return None
    constant = scheme("constant", value=value) if value else scheme("zeros")
    return Start(constant, text=f"constant {value:g}, as it holds")
