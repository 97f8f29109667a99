"""What a recipe says of the weights that are audited, and what it says nothing of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fanwise.adapters.observed_values import observed_values, sample_step
from fanwise.adapters.recipes import planned_weights
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.laws import audit_laws
from fanwise.conformance.audits.results import FAILS, UNDECIDED, AuditRow
from fanwise.conformance.audits.sources import AuditedSource
from fanwise.spec.errors import FanwiseError, Phrase, printable
from fanwise.spec.plan import Planned
from fanwise.spec.problems import Holding, Problem
from fanwise.spec.recipe import Recipe
from fanwise.spec.renaming import renamed
from fanwise.spec.rule_finder import RuleFinder

KEPT: Final = "kept"
RULE: Final = "rule"
#: What is no fault of a file that may hold a part of a model, and what is told weight by weight.
_OF_PARTS: Final = ("unused rule", "unused name")
_OF_WEIGHTS: Final = ("obstacle", "own")
#: What may be due to layers that a file does not tell of.
_OF_LAYERS: Final = "unruled"
#: How sure it is that a weight is not of the law of its rule.
_DOUBT: Final = 1e-9
_NUMBER: Final = re.compile(r"\d+")
_ADVICE: Final = "Pass model=, whose layers say what they start with."


@dataclass(frozen=True)
class AuditedWeights:
    """Weights with what a recipe gives them, and the others.

    Attributes:
        plans: what is judged.
        kept: paths of the weights that the recipe leaves as they are.
        problems: what is told, and is no error.
    """

    plans: list[tuple[StoredWeight, Planned]]
    kept: tuple[str, ...]
    problems: tuple[Problem, ...]

    def rows(self) -> Iterator[AuditRow]:
        """Yield a row for each weight that is not judged, and for each rule without a weight."""
        for path in self.kept:
            note = "The recipe leaves it as it is: nothing is claimed of it."
            yield AuditRow(path, UNDECIDED, KEPT, note=note)
        for problem in self.problems:
            note = str(problem.error)
            if problem.kind == _OF_LAYERS:
                note = f"{note} {_ADVICE}"
            paths = problem.paths or (f"rule {problem.rule}" if problem.rule else "[names]",)
            for path in paths:
                yield AuditRow(path, UNDECIDED, RULE, note=note)


def planned_audit(recipe: Recipe, source: AuditedSource) -> AuditedWeights:
    """Match weights to the rules of a recipe.

    Raises:
        FanwiseError: as :func:`fanwise.adapters.recipes.planned_weights` does; of weights that
            are no model, for other things than rules that fit none of them.
    """
    weights = _declared(recipe, source)
    planned = planned_weights(recipe, weights, framework=source.framework, is_dry=True)
    _check_names(recipe, source, planned.problems)
    allowed = {*_OF_WEIGHTS}
    if not source.is_model:
        allowed.update(_OF_PARTS)
        if not source.has_layers and any(rule.is_own for rule in recipe.rules):
            allowed.add(_OF_LAYERS)
    if any(problem.kind not in allowed for problem in planned.problems):
        # Not dry, so that all that is wrong is raised, with the lines that would mend it.
        try:
            planned_weights(recipe, weights, framework=source.framework, observe=observed_weight)
        except FanwiseError as error:
            raise _with_advice(error, recipe, source, planned.problems) from error
    return AuditedWeights(planned.plans, planned.kept, planned.problems)


def _check_names(recipe: Recipe, source: AuditedSource, problems: Sequence[Problem]) -> None:
    """Raise for weights of another model than the one whose names the recipe knows."""
    names = dict(recipe.names.get(source.framework, {}))
    paths = [stored.weight.path for stored in source.weights]
    is_known = any(renamed(path, names) != path for path in paths)
    if source.is_model or not names or is_known:
        return
    if any(problem.kind in _OF_PARTS for problem in problems):
        hint = "Pass the recipe of this model, or framework= of the one that wrote the weights."
        expected = f"names that [names.{source.framework}] of the recipe knows"
        raise FanwiseError(expected, Phrase(", ".join(map(printable, paths[:3]))), hint)


def _with_advice(
    error: FanwiseError, recipe: Recipe, source: AuditedSource, problems: Sequence[Problem]
) -> FanwiseError:
    """Say first that a model would tell what weights are of which their names say nothing."""
    names = dict(recipe.names.get(source.framework, {}))
    untold = {renamed(w.weight.path, names) for w in source.weights if not w.weight.role}
    named = [path for problem in problems for path in problem.paths if path in untold]
    if source.has_layers or not named:
        return error
    some = ", ".join(map(printable, named[:3]))
    return error.within(f"Their names do not tell what {some} are; pass model=, whose layers do")


def _declared(recipe: Recipe, source: AuditedSource) -> list[StoredWeight]:
    """Return weights without starts that are told by what they hold, where these may be at fault.

    A model of JAX tells by its values alone which law its layers were given. Of weights that are
    alike, some have the law of their rule: then all of them should. Only where all have another
    one, which people give, were they given that.
    """
    weights = _ruled(recipe, source)
    observed = [
        stored
        for stored in weights
        if stored.weight.own is not None and stored.weight.own.is_observed
    ]
    if not observed:
        return weights
    silent = {id(stored): _without_start(stored) for stored in observed}
    every = [silent.get(id(stored), stored) for stored in weights]
    planned = planned_weights(recipe, every, framework=source.framework, is_dry=True)
    by_names = {stored.names: chosen for stored, chosen in planned.plans}
    groups: defaultdict[tuple[str, int], list[StoredWeight]] = defaultdict(list)
    for stored in observed:
        chosen = by_names.get(stored.names)
        if chosen is not None:
            groups[_NUMBER.sub("*", chosen.weight.path), chosen.rule].append(stored)
    given = {
        id(stored)
        for members in groups.values()
        if all(_was_given(stored, by_names[stored.names]) for stored in members)
        for stored in members
    }
    ruled = {id(stored) for members in groups.values() for stored in members}
    return [silent[id(stored)] if id(stored) in ruled - given else stored for stored in weights]


def _ruled(recipe: Recipe, source: AuditedSource) -> list[StoredWeight]:
    """Return the weights; what holds a table is judged where a rule says which it is to be."""
    names = dict(recipe.names.get(source.framework, {}))
    paths = [renamed(stored.weight.path, names) for stored in source.weights]
    finder = RuleFinder(recipe, source.framework, paths)
    weights = []
    for stored, path in zip(source.weights, paths, strict=True):
        weight = stored.weight
        if weight.is_settled:
            number = finder.number_of(replace(weight, path=path))
            if number and not finder.rule(number).is_own:
                weight = replace(weight, is_settled=False)
        weights.append(stored if weight is stored.weight else replace(stored, weight=weight))
    return weights


def _without_start(stored: StoredWeight) -> StoredWeight:
    return replace(stored, weight=replace(stored.weight, own=None))


def _was_given(stored: StoredWeight, default: Planned) -> bool:
    """Tell whether a weight is not of the law of its rule, but of one that people give."""
    if stored.weight.own is None or stored.weight.own.scheme is None:
        return False
    return any(row.outcome == FAILS for row in audit_laws([(stored, default)], _DOUBT))


def observed_weight(stored: StoredWeight) -> Holding:
    """Say what a weight holds, by some of its values."""
    step, first, some = sample_step(stored.size), 0, []
    try:
        for _, block in stored.blocks():
            flat = block.ravel()
            some.append(flat[-first % step :: step].astype(np.float64))
            first += flat.size
    except FanwiseError:
        return Holding("")
    return observed_values(np.concatenate(some)) if some else Holding("")
