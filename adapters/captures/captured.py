"""The recipe of a model, from builds of it under several seeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fanwise.adapters.captures.choice import Choice, choose
from fanwise.adapters.captures.comments import rule_comment
from fanwise.adapters.captures.conditions import GroupedRule, grouped_rules, merged_rules
from fanwise.adapters.captures.places import places_of
from fanwise.adapters.captures.samples import WeightSample, samples_of
from fanwise.adapters.captures.starts import OWNED
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import RecipePlan, plan
from fanwise.spec.recipe import Recipe
from fanwise.spec.rules import Rule
from fanwise.spec.weight_groups import pattern_of

#: How often rules are mended that do not give what was found.
_TRIES = 4


@dataclass(frozen=True)
class Unresolved:
    """A weight whose start was not found: it stays as its model starts it.

    Attributes:
        path: of the weight.
        reason: what it holds, in words.
    """

    path: str
    reason: str


@dataclass(frozen=True)
class Captured:
    """The start of a model as a recipe.

    Attributes:
        recipe: gives every weight the law that it was found to have.
        unresolved: the weights whose law was not found; the recipe keeps them.
        weights: how many weights there are.
    """

    recipe: Recipe
    unresolved: tuple[Unresolved, ...]
    weights: int

    @property
    def resolved(self) -> float:
        """The share of the weights whose start was found."""
        return 1 - len(self.unresolved) / max(self.weights, 1)


def captured(
    builds: Iterable[Sequence[StoredWeight]], framework: str, *, model: str = ""
) -> Captured:
    """Find the recipe of a model from builds of it under several seeds.

    Args:
        builds: the weights of each build, three to five of them; they are read one build after the
            other, and those of the first are kept.
        framework: whose model it is: ``"torch"``, ``"keras"`` or ``"flax"``.
        model: what the recipe calls it.

    Returns:
        The recipe, and the weights whose start was not found.

    Raises:
        FanwiseError: for fewer than two builds, for builds of different weights, and for a model
            without any.
    """
    counted = _Counted(builds)
    samples = samples_of(counted)
    if not samples:
        raise FanwiseError("a model with weights", Phrase("one without"), "Pass another factory.")
    choices = choose(places_of(samples))
    recipe = _recipe(choices, samples, framework)
    unresolved = tuple(
        Unresolved(path, choice.reason)
        for choice in choices
        if choice.reason
        for path in choice.place.paths
    )
    name = model or "A model"
    share = f"{len(samples) - len(unresolved)} of {len(samples)} weights resolved"
    described = replace(
        recipe,
        summary=f"{_one_line(name)} as {framework} starts it.",
        reference=f"Captured by Fanwise from {counted.number} builds; {share}.",
    )
    described.check()
    return Captured(described, unresolved, len(samples))


class _Counted:
    """Counts what it passes on."""

    def __init__(self, builds: Iterable[Sequence[StoredWeight]]) -> None:
        self._builds = builds
        self.number = 0

    def __iter__(self) -> Iterator[Sequence[StoredWeight]]:
        for build in self._builds:
            self.number += 1
            yield build


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _recipe(choices: Sequence[Choice], samples: Sequence[WeightSample], framework: str) -> Recipe:
    """Write the rules, and mend them until each weight gets its start, and no rule is idle."""
    weights = [sample.weight for sample in samples]
    chosen = {path: choice for choice in choices for path in choice.place.paths}
    grouped = grouped_rules(choices)
    for _ in range(_TRIES):
        recipe = Recipe(tuple(_with_comment(group) for group in grouped))
        planned = plan(recipe, weights, framework=framework, is_dry=True)
        wrong = [path for path in chosen if not _is_given(chosen[path], path, planned)]
        idle = {problem.rule for problem in planned.problems if problem.kind == "unused rule"}
        if not (wrong or idle):
            break
        kept = [group for number, group in enumerate(grouped, 1) if number not in idle]
        grouped = [*merged_rules([_of_weight(chosen[path], path) for path in wrong]), *kept]
    return recipe


def _is_given(choice: Choice, path: str, planned: RecipePlan) -> bool:
    """Tell whether a plan gives a weight what was chosen for it."""
    own = choice.place.weight.own
    if choice.start.keeps or (choice.start == OWNED and own is not None and own.keeps):
        # What holds what it is to hold stays, whatever its rule.
        return any(weight.path == path for weight in (*planned.staying, *planned.kept))
    laws = choice.place.laws(choice.start)
    law = None if laws is None else laws[choice.place.paths.index(path)]
    return any(p.weight.path == path and p.resolved.law == law for p in planned.planned)


def _of_weight(choice: Choice, path: str) -> GroupedRule:
    """Return a rule about one weight alone."""
    trains = choice.place.weight.trains
    return GroupedRule(choice.start.rule(pattern_of(path), frozen=not trains), (choice,))


def _with_comment(group: GroupedRule) -> Rule:
    return replace(group.rule, comment=rule_comment(group))
