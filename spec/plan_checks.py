"""What must hold of the weights of a model and the rules of a recipe; each fault as a problem."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from fanwise.spec import globs
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.near_names import near_classes, near_pattern, near_words
from fanwise.spec.problems import Problem
from fanwise.spec.recipe import Recipe
from fanwise.spec.renaming import first_fitting
from fanwise.spec.roles import ADAPTER
from fanwise.spec.rules import Rule
from fanwise.spec.weight_groups import Observe, general_path, group_weights, listed_groups
from fanwise.spec.weights import Start, Weight

#: What the names of a LoRA's weights have in them: not all of them may be random.
_LORA: Final = "lora_"
#: The half that is zero, by custom.
_LORA_B: Final = "lora_b"
#: How many paths an error names.
_SHOWN: Final = 5
#: How many paths are named for a pattern that fits none, and how like it they must be.
_NEAREST: Final = 3
_ALIKE: Final = 0.4
#: What stands for a start where it is asked whether a rule would take it.
_ANY_START: Final = Start(None)


def unused_names(recipe: Recipe, framework: str, paths: Iterable[str]) -> Iterator[Problem]:
    """Give a problem for every new name in ``[names]`` that no weight of a model takes.

    Args:
        recipe: the recipe.
        framework: whose names are meant.
        paths: of all weights, as the model has them.
    """
    names = recipe.names.get(framework, {})
    if not names:
        return
    own_paths = list(paths)
    used = {first_fitting(path, names) for path in own_paths}
    for pattern in names:
        if pattern not in used and not recipe.may_be_unused(pattern):
            hint = f"Correct it, or list it under [allow] unused = [{pattern!r}]."
            nearest = _near_name(pattern, own_paths)
            hint += f" Did you mean {nearest!r}?" if nearest else ""
            context = f"[names.{framework}] has a pattern that fits no weight"
            error = FanwiseError("patterns that fit a weight", pattern, hint, context=context)
            yield Problem("unused name", error, framework=framework, nearest=nearest)


def _near_name(pattern: str, paths: Sequence[str]) -> str:
    near = near_pattern(pattern, paths)
    fits = near and any(first_fitting(path, {near: near}) for path in paths)
    return near if fits and near != pattern else ""


def same_paths(paths: Iterable[str]) -> Iterator[Problem]:
    """Give a problem for every path that two weights have."""
    seen: set[str] = set()
    for path in paths:
        if path in seen:
            hint = "Give the two layers names of their own, or map them apart in [names]."
            context = "Two weights have the same path"
            error = FanwiseError("a path for every weight", path, hint, context=context)
            yield Problem("same path", error, (path,))
        seen.add(path)


def obstacles(weights: Sequence[Weight]) -> Iterator[Problem]:
    """Give the problem of the weights that cannot be set, all of them together."""
    told = [(weight.path, weight.obstacle) for weight in weights if weight.obstacle is not None]
    if not told:
        return
    path, obstacle = told[0]
    if len(told) == 1:
        error = obstacle.within(f"{path} cannot be set")
    else:
        received = ", ".join(f"{path} ({problem.received!r})" for path, problem in told)
        hints = " ".join(dict.fromkeys(problem.hint for _, problem in told))
        expected = "; ".join(dict.fromkeys(problem.expected for _, problem in told))
        context = f"{len(told)} of the weights cannot be set"
        error = FanwiseError(expected, Phrase(received), hints, context=context)
    yield Problem("obstacle", error, tuple(path for path, _ in told))


def unused_rules(
    recipe: Recipe,
    numbers: Iterable[int | None],
    ruled: Sequence[tuple[Weight, int | None]],
) -> Iterator[Problem]:
    """Give a problem for every rule that is about no weight.

    Args:
        recipe: the recipe.
        numbers: of the rules that are about weights.
        ruled: all weights of the model, each with the number of its rule.
    """
    used = set(numbers)
    weights = [weight for weight, _ in ruled]
    places: dict[str, str] = {}
    for number, rule in enumerate(recipe.rules, 1):
        if number not in used and not recipe.may_be_unused(rule.name):
            if silent := _silent(rule, number, ruled):
                yield _undeclared(rule, number, silent)
                continue
            hint = 'Correct it, or name it and list the name under [allow] unused = ["…"].'
            # One path for each place, worked out once for all such rules.
            places = places or {general_path(w.path): w.path for w in reversed(weights)}
            if tied := _tied_with(rule.match, weights):
                hint += f" {tied}"
            elif near := _nearest_paths(rule.match, places):
                hint += f" The paths of the model that are most like it: {', '.join(near)}."
            hint += _near_conditions(rule, weights)
            if recipe.names and rule.framework is None:
                hint += ' If it is about another framework alone, say so: framework = "…".'
            context = f"Rule {number} fits no weight that an earlier rule leaves"
            received = Phrase(f"rule {number} {rule}")
            error = FanwiseError("rules that fit a weight", received, hint, context=context)
            yield Problem("unused rule", error, rule=number)


def _silent(rule: Rule, number: int, ruled: Iterable[tuple[Weight, int | None]]) -> list[str]:
    """Return the paths that a rule of own starts would be about, if their layers declared any."""
    if not rule.is_own:
        return []
    left = [weight for weight, taken in ruled if not taken or taken > number]
    silent = [replace(weight, own=_ANY_START) for weight in left if weight.own is None]
    return [weight.path for weight in silent if rule.fits(weight)]


def _undeclared(rule: Rule, number: int, silent: Sequence[str]) -> Problem:
    """Make the problem of a rule of own starts whose weights declare none."""
    verb = "declares" if len(silent) == 1 else "declare"
    context = f"Rule {number} starts weights as they declare, and {some(silent)} {verb} nothing"
    hint = (
        "An abstract model, or an array outside a layer, does not tell how it starts by itself: "
        "build the model, or give these weights a scheme."
    )
    received = Phrase(f"rule {number} {rule}")
    expected = "rules that fit a weight"
    error = FanwiseError(expected, received, hint, context=context)
    return Problem("unused rule", error, rule=number)


def unruled(free: Sequence[Weight], observe: Observe | None) -> Iterator[Problem]:
    """Give the problem of weights without a rule; for those that do not train, one must say so.

    Args:
        free: the weights.
        observe: says what a weight holds now; None where that is not known.
    """
    if not free:
        return
    hint = 'Add a rule, e.g. with match = "**", or list them under [allow] unmatched = ["…"].'
    frozen = [weight.path for weight in free if not weight.trains]
    if frozen:
        hint += (
            f" Weights that do not train ({some(frozen)}) are drawn only by a rule with "
            "frozen = true; exclude= or [allow] leaves them as they are."
        )
    paths = tuple(weight.path for weight in free)
    context = f"{len(free)} of the weights {'has' if len(free) == 1 else 'have'} no rule"
    groups = group_weights(free, observe)
    hint += listed_groups(groups)
    error = FanwiseError("a rule for every weight", Phrase(some(paths)), hint, context=context)
    yield Problem("unruled", error, paths, groups=groups)


def _near_conditions(rule: Rule, weights: Sequence[Weight]) -> str:
    """Say what a model has for the class or the kind of a rule, where it has none of the name."""
    classes = {weight.class_name.rpartition(".")[2] for weight in weights} - {""}
    said = []
    if rule.class_name is not None and not any(
        rule.is_about_class(weight.class_name) for weight in weights
    ):
        said += [f"class = {name!r}" for name in near_classes(rule.class_name, classes)[:1]]
    kinds = {weight.kind for weight in weights}
    if rule.layer is not None and not {kind.partition("/")[0] for kind in kinds} & {rule.layer}:
        said += [f"layer = {kind!r}" for kind in near_words(rule.layer, kinds)[:1]]
    return f" Did you mean {' and '.join(said)}?" if said else ""


def _tied_with(pattern: str | None, weights: Sequence[Weight]) -> str:
    """Say of which weights a pattern fits another path, at which the model has them too."""
    tied = {
        tie: weight.path
        for weight in weights
        for tie in weight.ties
        if pattern is not None and globs.matches(pattern, tie)
    }
    told = [f"{tie} shares its tensor with {path}" for tie, path in tied.items()]
    if not told:
        return ""
    return f"{some(told)}: a tensor is set once, by the rule for its first path."


def _nearest_paths(pattern: str | None, places: Mapping[str, str]) -> list[str]:
    """Return the paths of a model that are most like a pattern, one for each place."""
    if pattern is None:
        return []
    near = difflib.get_close_matches(pattern, places, n=_NEAREST, cutoff=_ALIKE)
    return [places[place] for place in near]


def misfits(
    recipe: Recipe, failures: Sequence[tuple[Weight, int, FanwiseError]]
) -> Iterator[Problem]:
    """Give the problems of schemes that do not go with their weights, those of one kind together.

    Args:
        recipe: the recipe.
        failures: weights, each with the number of its rule and what is wrong.
    """
    told: dict[tuple[object, ...], list[str]] = {}
    errors: dict[tuple[object, ...], FanwiseError] = {}
    numbers: dict[tuple[object, ...], int] = {}
    for weight, number, error in failures:
        key: tuple[object, ...] = (
            number,
            error.context,
            error.expected,
            repr(error.received),
            error.hint,
        )
        told.setdefault(key, []).append(weight.path)
        errors.setdefault(key, error)
        numbers[key] = number
    for key, paths in told.items():
        number = numbers[key]
        context = f"{some(paths)} cannot start by rule {number}, {recipe.rules[number - 1]}"
        yield Problem("scheme", errors[key].within(context), tuple(paths), number)


def untranslated(chosen: Iterable[tuple[Weight, int | None]], recipe: Recipe) -> Iterator[Problem]:
    """Give the problem of the weights that are to start as declared, by what is no scheme."""
    told: dict[str, list[str]] = {}
    for weight, number in chosen:
        rule = recipe.rules[number - 1] if number else None
        own = weight.own
        if rule and rule.is_own and own is not None and own.scheme is None and not own.keeps:
            told.setdefault(own.text, []).append(weight.path)
    for text, paths in told.items():
        hint = "Give these weights a rule with a scheme, before the one with init = 'own'."
        context = f"What {some(paths)} declares has no scheme"
        expected = "a declaration that is one of the catalogue's schemes"
        error = FanwiseError(expected, Phrase(text), hint, context=context)
        yield Problem("own", error, tuple(paths))


def unnamed_lora(recipe: Recipe, chosen: Iterable[tuple[str, int | None]]) -> Iterator[Problem]:
    """Give the problem of a LoRA whose rule is about weights in general.

    The product of its two matrices must start at zero.

    Args:
        recipe: the recipe.
        chosen: paths, each with the number of its rule.
    """
    unnamed = []
    for path, number in chosen:
        rule = recipe.rules[number - 1] if number else None
        general = rule and rule.frozen is not None and not (rule.is_own or rule.keeps)
        named = rule and (_LORA in (rule.match or "") or rule.layer == ADAPTER)
        if _LORA in path and rule and general and not named:
            unnamed.append(path)
    if unnamed:
        second = next((path for path in reversed(unnamed) if is_lora_b(path)), unnamed[-1])
        hint = (
            f'Begin with a rule for one half, e.g. match = "{lora_pattern(second)}" and '
            'init = "zeros", and '
            "one for the other half; or leave both as they are by exclude=."
        )
        expected = "rules that name both halves of a LoRA, one of which starts at zero"
        error = FanwiseError(expected, Phrase(some(unnamed)), hint)
        yield Problem("lora", error, tuple(unnamed))


def is_lora_b(path: str) -> bool:
    """Tell whether a weight is the half of a LoRA that is zero, by custom."""
    return _LORA_B in path.lower() or path.rpartition("/")[2].lower().endswith("_b")


def lora_pattern(path: str) -> str:
    """Return the pattern of a half of a LoRA, in all layers.

    Examples:
        >>> lora_pattern("h/0/attn/lora_A/default/kernel"), lora_pattern("dense/lora_kernel_a")
        ('**/lora_A/**', '**/lora_kernel_a')
    """
    *folders, last = path.split("/")
    half = next((name for name in folders if _LORA in name), "")
    return f"**/{half}/**" if half else f"**/{last}"


def some(paths: Sequence[str]) -> str:
    """List paths, the first of many."""
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return f"{', '.join(paths[:_SHOWN])}{more}"
