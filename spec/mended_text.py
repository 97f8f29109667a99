"""A recipe that was mended as text: in few lines, as what it changes of the given one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fanwise.spec.errors import FanwiseError
from fanwise.spec.plan import RecipePlan
from fanwise.spec.recipe import Recipe, recipe
from fanwise.spec.recipe_text import recipe_toml
from fanwise.spec.rules import rule_data

#: Gives the plan of a recipe for the model in question, with its problems.
MakePlan = Callable[[Recipe], RecipePlan]


def mended_text(given: Recipe, changed: Recipe, make_plan: MakePlan) -> str:
    """Write a recipe as TOML that does to the model what it does itself.

    Args:
        given: the recipe that it was.
        changed: the recipe that fits.
        make_plan: plans a recipe for the model.

    Returns:
        What has changed, where the given one can be extended, or what it extends; else all of it;
        ``""`` where no text does the same.
    """
    wanted = _starts(make_plan(changed))
    bases = [given.source] if given.source else list(given.extends)
    texts = [_extending(bases, changed)] if bases else []
    for text in (*texts, changed.to_toml()):
        try:
            planned = make_plan(recipe(text))
        except FanwiseError:
            continue
        if not planned.problems and _starts(planned) == wanted:
            return text
    return ""


def _starts(planned: RecipePlan) -> Mapping[str, object]:
    """Return what each weight starts with."""
    return {chosen.weight.path: (chosen.resolved, chosen.weight.axes) for chosen in planned.planned}


def _extending(bases: Sequence[str], changed: Recipe) -> str:
    """Write what a recipe has and its bases have not, as a recipe that extends them."""
    extends = bases[0] if len(bases) == 1 else list(bases)
    base = recipe({"fanwise": 1, "extends": extends})
    # A rule of a base that others have taken the place of fits nothing.
    replaced = [rule.name for rule in base.rules if rule.name and rule not in changed.rules]
    unused = [name for name in (*changed.unused, *replaced) if name not in base.unused]
    allowed = {
        "unmatched": [pattern for pattern in changed.unmatched if pattern not in base.unmatched],
        "unused": list(dict.fromkeys(unused)),
    }
    rules = [rule_data(rule) for rule in changed.rules if rule not in base.rules]
    names = {
        framework: _new(patterns, base.names.get(framework, {}))
        for framework, patterns in changed.names.items()
    }
    data: dict[str, Any] = {
        "fanwise": 1,
        "extends": extends,
        "vars": _new(changed.variables, base.variables),
        "rule": rules,
        "allow": {key: texts for key, texts in allowed.items() if texts},
        "names": {framework: patterns for framework, patterns in names.items() if patterns},
    }
    return recipe_toml({key: value for key, value in data.items() if value})


def _new(table: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if base.get(key) != value}
