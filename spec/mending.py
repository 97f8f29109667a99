"""The recipe that would fit a model: what an error says to paste."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from fanwise.spec.mended_rules import corrected_rules, rules_for
from fanwise.spec.mended_text import MakePlan, mended_text
from fanwise.spec.plan import RecipePlan
from fanwise.spec.problems import Problem, ProblemKind
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe_text import recipe_toml, rule_toml
from fanwise.spec.rules import Rule, rule_data
from fanwise.spec.weight_groups import Observe
from fanwise.spec.weights import Weight

#: How often what is left of a recipe's problems is mended: each kind once, and once more.
_TRIES: Final = 8
#: What rules before all others mend.
_MISFITS: Final[tuple[ProblemKind, ...]] = ("obstacle", "lora", "own", "scheme")

#: The problems of a plan, those of each kind together.
_ByKind = Mapping[ProblemKind, Sequence[Problem]]


def with_lines(
    given: Recipe, problems: Iterable[Problem], weights: Sequence[Weight], observe: Observe | None
) -> tuple[Problem, ...]:
    """Add to each problem what would mend it, as TOML."""
    return tuple(
        replace(problem, lines=_lines(given, problem, weights, observe)) for problem in problems
    )


def _lines(
    given: Recipe, problem: Problem, weights: Sequence[Weight], observe: Observe | None
) -> str:
    if problem.kind == "unused name":
        wrong = str(problem.error.received)
        target = given.names[problem.framework][wrong]
        if problem.nearest:
            return _table({"names": {problem.framework: {problem.nearest: target}}})
        return _table({"allow": {"unused": [wrong]}})
    rules = rules_for(given, problem, weights, observe)
    name = given.rules[problem.rule - 1].name if problem.kind == "unused rule" else ""
    if name and not rules:
        return _table({"allow": {"unused": [name]}})
    return "\n".join(rule_toml(rule_data(rule)) for rule in rules)


def _table(data: Mapping[str, Mapping[str, object]]) -> str:
    return recipe_toml(data).lstrip("\n")


def mended_toml(given: Recipe, make_plan: MakePlan, observe: Observe | None) -> str:
    """Write a recipe that fits the model, as like to the given one as can be.

    Args:
        given: the recipe, with whatever problems.
        make_plan: plans a recipe for the model.
        observe: says what a weight holds now; None where that is not known.

    Returns:
        TOML: of a recipe that extends the given one where that has a name, and else what the
        given one extends; ``""`` where none is known that fits.
    """
    planned = make_plan(given)
    if not planned.problems:
        return mended_text(given, given, make_plan)
    unused = tuple(given.rules[p.rule - 1] for p in planned.problems if p.kind == "unused rule")
    changed = given
    for _ in range(_TRIES):
        former, changed = changed, _changed(given, changed, planned, unused, observe)
        if changed == former:
            return ""
        planned = make_plan(changed)
        if not planned.problems:
            return mended_text(given, changed, make_plan)
    return ""


def _changed(
    given: Recipe,
    recipe: Recipe,
    planned: RecipePlan,
    unused: Sequence[Rule],
    observe: Observe | None,
) -> Recipe:
    """Mend the problems of the first kind that a recipe has.

    One that is mended may be the cause of others, as a name or a rule that is misspelt is.
    """
    problems: dict[ProblemKind, list[Problem]] = {}
    for problem in planned.problems:
        problems.setdefault(problem.kind, []).append(problem)

    def suggested(kinds: Iterable[ProblemKind]) -> tuple[Rule, ...]:
        asking = [problem for kind in kinds for problem in problems.get(kind, ())]
        weights = planned.weights
        return tuple(
            rule for problem in asking for rule in rules_for(recipe, problem, weights, observe)
        )

    if renamed := _with_names(recipe, problems):
        return renamed
    if corrected := _with_corrections(recipe, problems, planned.weights):
        return corrected
    if first := suggested(_MISFITS):
        return replace(recipe, rules=(*first, *recipe.rules))
    if last := suggested(["unruled"]):
        return replace(recipe, rules=(*recipe.rules, *last))
    return _with_unused(given, recipe, problems, unused)


def _with_names(recipe: Recipe, problems: _ByKind) -> Recipe | None:
    """Correct the patterns of ``[names]``; None where there is nothing to correct."""
    names = {framework: dict(patterns) for framework, patterns in recipe.names.items()}
    for problem in problems.get("unused name", ()):
        if problem.nearest:
            wrong = str(problem.error.received)
            names[problem.framework] = {
                problem.nearest if pattern == wrong else pattern: target
                for pattern, target in names[problem.framework].items()
            }
    return None if names == recipe.names else replace(recipe, names=names)


def _with_corrections(
    recipe: Recipe, problems: _ByKind, weights: Sequence[Weight]
) -> Recipe | None:
    """Correct the rules that are like one that fits; None where there is nothing to correct."""
    rules = list(recipe.rules)
    first: list[Rule] = []
    for problem in problems.get("unused rule", ()):
        rule = rules[problem.rule - 1]
        for corrected in corrected_rules(rule, weights):
            if rule.is_inherited:
                first.append(replace(corrected, name="", is_inherited=False))
            else:
                rules[problem.rule - 1] = corrected
    changed = (*(rule for rule in first if rule not in rules), *rules)
    return None if changed == recipe.rules else replace(recipe, rules=changed)


def _with_unused(
    given: Recipe, recipe: Recipe, problems: _ByKind, unused: Sequence[Rule]
) -> Recipe:
    """Allow what fits nothing and is like nothing; leave out rules whose weights are mended.

    Args:
        given: the recipe as it was.
        recipe: the recipe, mended so far.
        problems: those that are left.
        unused: the rules of the given one that fit nothing.
    """
    rules: list[Rule | None] = list(recipe.rules)
    allowed = [str(problem.error.received) for problem in problems.get("unused name", ())]
    for problem in problems.get("unused rule", ()):
        rule = recipe.rules[problem.rule - 1]
        if rule not in unused:
            rules[problem.rule - 1] = None
            continue
        name = rule.name or f"rule {given.rules.index(rule) + 1}"
        rules[problem.rule - 1] = replace(rule, name=name)
        allowed.append(name)
    kept = tuple(rule for rule in rules if rule is not None)
    return replace(recipe, rules=kept, unused=tuple(dict.fromkeys([*recipe.unused, *allowed])))
