"""The rules that would mend each problem of a recipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fanwise.spec.axes import layout
from fanwise.spec.near_names import near_classes, near_pattern, near_words
from fanwise.spec.plan_checks import is_lora_b, lora_pattern
from fanwise.spec.possible_starts import init_of, is_constant, possible_starts
from fanwise.spec.problems import Problem
from fanwise.spec.recipe import Recipe
from fanwise.spec.registry import KEEP
from fanwise.spec.roles import PARAMETER
from fanwise.spec.rules import Rule
from fanwise.spec.suggested_rules import suggested_rules
from fanwise.spec.weight_groups import Observe, general_pattern
from fanwise.spec.weights import Weight


def rules_for(
    given: Recipe, problem: Problem, weights: Sequence[Weight], observe: Observe | None
) -> tuple[Rule, ...]:
    """Return the rules that a problem asks for.

    Args:
        given: the recipe.
        problem: one of its problems.
        weights: all weights of the model.
        observe: says what a weight holds now; None where that is not known.
    """
    if problem.kind == "unused rule":
        return corrected_rules(given.rules[problem.rule - 1], weights)
    paths = set(problem.paths)
    about = [weight for weight in weights if weight.path in paths]
    others = [weight for weight in weights if weight.path not in paths]
    if problem.kind == "obstacle":
        places = dict.fromkeys((general_pattern(w.path), not w.trains) for w in about)
        return tuple(Rule({"scheme": KEEP}, match=path, frozen=frozen) for path, frozen in places)
    if problem.kind == "lora":
        return _lora_rules(about, observe)
    if problem.kind == "scheme" and problem.rule:
        rule = given.rules[problem.rule - 1]
        unread = [w for w in about if rule.axes is None and _lacks_axes(w, observe)]
        rest = [weight for weight in about if weight not in unread]
        suggested = suggested_rules(rest, [*others, *unread], observe)
        return (*_with_axes(rule, unread), *suggested)
    if problem.kind in ("unruled", "own", "scheme"):
        return suggested_rules(about, others, observe)
    return ()


def corrected_rules(rule: Rule, weights: Sequence[Weight]) -> tuple[Rule, ...]:
    """Return a rule with the nearest name that the model has, for the one that it has not."""
    options: list[Rule] = []
    if any(map(rule.fits, weights)):
        return ()  # earlier rules have taken them
    if rule.class_name is not None:
        simple = {weight.class_name.rpartition(".")[2] for weight in weights} - {""}
        near_names = near_classes(rule.class_name, simple)
        options += [replace(rule, class_name=name) for name in near_names]
    if rule.layer is not None:
        kinds = {weight.kind for weight in weights}
        options += [replace(rule, layer=kind) for kind in near_words(rule.layer, kinds)]
    if rule.match is not None:
        near = near_pattern(rule.match, [weight.path for weight in weights])
        options += [replace(rule, match=near)] if near else []
    return tuple(option for option in options if any(map(option.fits, weights)))[:1]


def _lora_rules(weights: Sequence[Weight], observe: Observe | None) -> tuple[Rule, ...]:
    """Return rules for the halves of a LoRA, whose product starts at zero, and for these alone."""
    halves: dict[str, dict[str, list[str]]] = {}
    for weight in weights:
        start = '"zeros"' if is_lora_b(weight.path) else possible_starts(weight, observe)[0]
        places = halves.setdefault(lora_pattern(weight.path), {}).setdefault(start, [])
        places.append(general_pattern(weight.path))
    rules: list[Rule] = []
    for pattern, starts in halves.items():
        for start, places in starts.items():
            patterns = [pattern] if len(starts) == 1 else dict.fromkeys(places)
            rules += [Rule(init_of(start), match=match) for match in patterns]
    return tuple(rules)


def _lacks_axes(weight: Weight, observe: Observe | None) -> bool:
    """Tell whether a scheme by fans needs but the axes of a weight, which is drawn."""
    if not (weight.readings or (weight.kind == PARAMETER and len(weight.shape) > 1)):
        return False
    holding = None if observe is None else observe(weight)
    if holding is None or not holding.text or holding.is_guess:
        return True
    return holding.init is not None and not is_constant(holding)


def _with_axes(rule: Rule, weights: Sequence[Weight]) -> tuple[Rule, ...]:
    """Return a rule for each place of some weights, which says what their axes are."""
    axes = {
        general_pattern(w.path): w.readings[0]
        if w.readings
        else " ".join(layout(w.shape, w.axes).roles)
        for w in weights
    }
    alike = replace(rule, name="", is_inherited=False)
    return tuple(replace(alike, match=path, axes=text) for path, text in axes.items())
