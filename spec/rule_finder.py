"""Which rule of a recipe each weight of a model gets, and what the rule captures in its path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fanwise.spec import globs
from fanwise.spec.captures import Numbers, captured_numbers
from fanwise.spec.recipe import Recipe
from fanwise.spec.roles import IMPLICIT, STANDS_FOR
from fanwise.spec.rules import Rule
from fanwise.spec.weights import Weight


class RuleFinder:
    """Finds the rules of weights, and the numbers that these capture."""

    def __init__(self, recipe: Recipe, framework: str, paths: Sequence[str]) -> None:
        self.recipe = recipe
        self._rules = [
            (number, rule)
            for number, rule in enumerate(recipe.rules, 1)
            if rule.framework in (None, framework)
        ]
        #: For weights that only their paths tell apart.
        self._about: dict[tuple[object, ...], list[tuple[int, Rule]]] = {}
        self._captured: dict[int, Mapping[str, Numbers]] = {
            number: captured_numbers(rule.match, paths)
            for number, rule in self._rules
            if rule.match is not None and _may_name(rule, globs.captures_in(rule.match))
        }

    def rule(self, number: int) -> Rule:
        """Return the rule of a number."""
        return self.recipe.rules[number - 1]

    def number_of(self, weight: Weight) -> int | None:
        """Find the number of the first rule that fits; 0 for none needed, None for none found."""
        for candidate in names_of_one(weight):
            divider = None if candidate.part is None else candidate.part.rule
            for number, rule in self._rules_about(candidate, divider):
                if number == divider or rule.fits_path(candidate.path):
                    return number
        return 0 if weight.role in IMPLICIT and weight.trains else None

    def _rules_about(self, weight: Weight, divider: int | None) -> list[tuple[int, Rule]]:
        """List the rules that are about a weight if its path fits, and the one that divided it."""
        alike = (
            weight.role,
            weight.kind,
            weight.class_name,
            weight.trains,
            weight.own is None,
            bool(weight.guess),
            divider,
        )
        rules = self._about.get(alike)
        if rules is None:
            rules = self._about[alike] = [
                (number, rule)
                for number, rule in self._rules
                if number == divider or rule.is_about(weight)
            ]
        return rules

    def numbers_about(self, weight: Weight, number: int | None) -> tuple[int | None, ...]:
        """Return the rule of a weight, and of one that stays since it does not train, the next.

        That is the rule that would be its if it trained.
        """
        if weight.trains or (number and not self.rule(number).keeps):
            return (number,)
        return (number, self.number_of(replace(weight, trains=True)))

    def of_other_frameworks(self) -> set[int]:
        """Return the numbers of the rules that are about models of another framework."""
        return set(range(1, len(self.recipe.rules) + 1)) - {number for number, _ in self._rules}

    def overruled(self, weights: Sequence[Weight]) -> list[int]:
        """Find the rules of a base that are about weights, which other rules may have taken."""
        return [
            number
            for number, rule in self._rules
            if rule.is_inherited
            and any(rule.fits(name) for weight in weights for name in names_of_one(weight))
        ]

    def numbers(self, weight: Weight, number: int) -> Numbers:
        """Return what a rule captures in the path of a weight, and how many there are."""
        captured = self._captured.get(number)
        if not captured:
            return {}
        if weight.part is not None and weight.part.rule == number:
            weight = replace(weight, path=weight.part.whole)
        paths = (candidate.path for candidate in names_of_one(weight))
        return next((captured[path] for path in paths if path in captured), {})


def _may_name(rule: Rule, captures: Sequence[str]) -> bool:
    """Tell whether an expression of a rule may name one of its captures."""
    texts = [text for text in rule.init.values() if isinstance(text, str)]
    return any(name in text for name in captures for text in texts)


def names_of_one(weight: Weight) -> tuple[Weight, ...]:
    """Return a weight under its own role, and under the one that stands for it."""
    if weight.role not in STANDS_FOR:
        return (weight,)
    role = STANDS_FOR[weight.role]
    return (weight, replace(weight, path=weight.path.removesuffix(weight.role) + role, role=role))
