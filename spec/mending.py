"""The recipe that would fit a model: what an error says to paste."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from fanwise.spec import globs
from fanwise.spec.errors import FanwiseError
from fanwise.spec.plan import RecipePlan
from fanwise.spec.plan_checks import is_lora_b
from fanwise.spec.problems import Problem
from fanwise.spec.recipe import Recipe, recipe
from fanwise.spec.recipe_text import recipe_toml, rule_toml
from fanwise.spec.registry import KEEP
from fanwise.spec.roles import PARAMETER
from fanwise.spec.rules import Rule, rule_data
from fanwise.spec.suggested_rules import init_of, possible_starts, suggested_rules
from fanwise.spec.weight_groups import Observe, general_pattern
from fanwise.spec.weights import Weight

#: How often what is left of a recipe's problems is mended.
_TRIES: Final = 4
#: How alike a word must be to what is suggested in its place.
_ALIKE: Final = 0.75

#: Gives the plan of a recipe for the model in question, with its problems.
MakePlan = Callable[[Recipe], RecipePlan]


def with_lines(
    given: Recipe, problems: Iterable[Problem], weights: Sequence[Weight], observe: Observe | None
) -> tuple[Problem, ...]:
    """Add to each problem the rules that would mend it, as TOML."""
    return tuple(
        replace(problem, lines="\n".join(rule_toml(rule_data(rule)) for rule in rules))
        for problem in problems
        for rules in [_new_rules(given, problem, weights, observe)]
    )


def mended_toml(given: Recipe, make_plan: MakePlan, observe: Observe | None) -> str:
    """Write a recipe that fits the model, as like to the given one as can be.

    Args:
        given: the recipe, which has problems.
        make_plan: plans a recipe for the model.
        observe: says what a weight holds now; None where that is not known.

    Returns:
        TOML, that of a recipe which extends the given one where that has a name; ``""`` where none
        is known that fits.
    """
    changed = given
    for _ in range(_TRIES):
        planned = make_plan(changed)
        if not planned.problems:
            break
        former, changed = changed, _changed(changed, planned, observe)
        if changed == former:
            return ""
    for text in (_extending(given, changed), changed.to_toml()):
        if text and _fits(text, make_plan):
            return text
    return ""


def _fits(text: str, make_plan: MakePlan) -> bool:
    try:
        return not make_plan(recipe(text)).problems
    except FanwiseError:
        return False


def _changed(given: Recipe, planned: RecipePlan, observe: Observe | None) -> Recipe:
    """Mend each problem of a recipe by itself."""
    rules = list(given.rules)
    first: list[Rule] = []
    last: list[Rule] = []
    unused = list(given.unused)
    for problem in planned.problems:
        added = _new_rules(given, problem, planned.weights, observe)
        if problem.kind == "unused rule":
            number = problem.rule
            rule = rules[number - 1]
            if added and not rule.is_inherited:
                rules[number - 1] = added[0]
                continue
            first += added
            rules[number - 1] = replace(rule, name=rule.name or f"rule {number}")
            unused.append(rules[number - 1].name)
        elif problem.kind == "unused name":
            unused.append(str(problem.error.received))
        elif problem.kind == "unruled":
            last += added
        else:
            first += added
    return replace(given, rules=(*first, *rules, *last), unused=tuple(dict.fromkeys(unused)))


def _new_rules(
    given: Recipe, problem: Problem, weights: Sequence[Weight], observe: Observe | None
) -> tuple[Rule, ...]:
    """Return the rules that a problem asks for."""
    paths = set(problem.paths)
    about = [weight for weight in weights if weight.path in paths]
    others = [weight for weight in weights if weight.path not in paths]
    if problem.kind == "unused rule":
        return _corrected(given.rules[problem.rule - 1], weights)
    if problem.kind == "obstacle":
        places = dict.fromkeys((general_pattern(w.path), not w.trains) for w in about)
        return tuple(Rule({"scheme": KEEP}, match=match, frozen=frozen) for match, frozen in places)
    if problem.kind == "lora":
        # The product of the two halves starts at zero, and only what is of a LoRA is meant.
        starts = {
            general_pattern(weight.path): '"zeros"'
            if is_lora_b(weight.path)
            else possible_starts(weight, observe)[0]
            for weight in about
        }
        return tuple(Rule(init_of(start), match=path) for path, start in starts.items())
    if problem.kind == "scheme" and problem.rule:
        rule = given.rules[problem.rule - 1]
        unread = [w for w in about if w.readings or (w.kind == PARAMETER and len(w.shape) > 1)]
        if unread == about and rule.axes is None:
            read = {general_pattern(w.path): (w.readings or (w.axes,))[0] for w in about}
            return tuple(replace(rule, match=m, axes=axes, name="") for m, axes in read.items())
    if problem.kind in ("unruled", "own", "scheme"):
        if problem.kind == "own":
            about = [replace(weight, own=None) for weight in about]
        return suggested_rules(about, others, observe)
    return ()


def _corrected(rule: Rule, weights: Sequence[Weight]) -> tuple[Rule, ...]:
    """Return a rule with the nearest name that the model has, for the one that it has not."""
    options: list[Rule] = []
    if any(map(rule.fits, weights)):
        return ()  # earlier rules have taken them
    if rule.class_name is not None:
        simple = {weight.class_name.rpartition(".")[2] for weight in weights} - {""}
        options += [replace(rule, class_name=name) for name in _near(rule.class_name, simple)]
    if rule.layer is not None:
        kinds = {weight.kind for weight in weights}
        options += [replace(rule, layer=kind) for kind in _near(rule.layer, kinds)]
    if rule.match is not None:
        options += [replace(rule, match=pattern) for pattern in _near_patterns(rule.match, weights)]
    return tuple(option for option in options if any(map(option.fits, weights)))[:1]


def _near_patterns(pattern: str, weights: Sequence[Weight]) -> list[str]:
    """Return a pattern with the segments that the model has for those that it has not."""
    if "{" in pattern:
        return []
    known = {segment for weight in weights for segment in weight.path.split("/")}
    segments = []
    for segment in pattern.split("/"):
        fits = segment == "**" or any(globs.matches(segment, other) for other in known)
        near = [segment] if fits else _near(segment, known)
        if not near:
            return []
        segments.append(near[0])
    return ["/".join(segments)]


def _near(word: str, known: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(word, sorted(known), n=3, cutoff=_ALIKE)


def _extending(given: Recipe, changed: Recipe) -> str:
    """Write what has changed as a recipe that extends the given one, if that has a name."""
    if not given.source:
        return ""
    new = [rule for rule in changed.rules if rule not in given.rules]
    base = recipe(given.source).variables
    variables = {key: text for key, text in changed.variables.items() if base.get(key) != text}
    replaced = [rule for rule in given.rules if rule not in changed.rules]
    if any(not rule.name for rule in replaced):
        return ""
    unused = [name for name in changed.unused if name not in given.unused]
    unused += [rule.name for rule in replaced if rule.name not in changed.unused]
    data: dict[str, Any] = {"fanwise": 1, "extends": given.source}
    data |= {"vars": variables} if variables else {}
    data |= {"rule": [rule_data(rule) for rule in new]} if new else {}
    return recipe_toml(data | ({"allow": {"unused": unused}} if unused else {}))
