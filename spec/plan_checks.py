"""What must hold of the weights of a model and the rules of a recipe, before they are planned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.recipe import Recipe

#: What the names of a LoRA's weights have in them: not all of them may be random.
_LORA: Final = "lora_"
#: The half that is zero, by custom.
_LORA_B: Final = "lora_b"
#: How many paths an error names.
_SHOWN: Final = 5


def check_paths(paths: Iterable[str]) -> None:
    """Raise for two weights of one path."""
    seen: set[str] = set()
    for path in paths:
        if path in seen:
            hint = "Give the two layers names of their own, or map them apart in [names]."
            raise FanwiseError(
                "a path for every weight", path, hint, context="Two weights have the same path"
            )
        seen.add(path)


def check_obstacles(told: Sequence[tuple[str, FanwiseError]]) -> None:
    """Raise for what cannot be set, all of it at once.

    Args:
        told: paths, each with what keeps the weight from being set.
    """
    if not told:
        return
    path, obstacle = told[0]
    if len(told) == 1:
        raise obstacle.within(f"{path} cannot be set")
    received = ", ".join(f"{path} ({problem.received!r})" for path, problem in told)
    hints = " ".join(dict.fromkeys(problem.hint for _, problem in told))
    expected = "; ".join(dict.fromkeys(problem.expected for _, problem in told))
    context = f"{len(told)} of the weights cannot be set"
    raise FanwiseError(expected, Phrase(received), hints, context=context)


def check_used(recipe: Recipe, numbers: Iterable[int | None]) -> None:
    """Raise for a rule that is about no weight.

    Args:
        recipe: the recipe.
        numbers: of the rules that are about weights.
    """
    used = set(numbers)
    for number, rule in enumerate(recipe.rules, 1):
        if number not in used and rule.name not in recipe.unused:
            hint = 'Correct it, or name it and list the name under [allow] unused = ["…"].'
            context = f"Rule {number} fits no weight that an earlier rule leaves"
            raise FanwiseError("rules that fit a weight", Phrase(rule), hint, context=context)


def check_matched(free: Sequence[str], frozen: Sequence[str]) -> None:
    """Raise for weights without a rule; for those that do not train, one must say so.

    Args:
        free: their paths.
        frozen: the paths of those that do not train.
    """
    if not free:
        return
    hint = 'Add a rule, e.g. with match = "**", or list them under [allow] unmatched = ["…"].'
    if frozen:
        hint += (
            f" Weights that do not train ({some(frozen)}) are drawn only by a rule with "
            "frozen = true; exclude= or [allow] leaves them as they are."
        )
    context = f"{len(free)} of the weights have no rule"
    raise FanwiseError("a rule for every weight", Phrase(some(free)), hint, context=context)


def check_named(recipe: Recipe, chosen: Iterable[tuple[str, int | None]]) -> None:
    """Raise for a LoRA whose rule is about weights in general.

    The product of its two matrices must start at zero.

    Args:
        recipe: the recipe.
        chosen: paths, each with the number of its rule.
    """
    unnamed = []
    for path, number in chosen:
        rule = recipe.rules[number - 1] if number else None
        added = _LORA in path
        if added and rule and rule.frozen is not None and _LORA not in (rule.match or ""):
            unnamed.append(path)
    if unnamed:
        second = next((path for path in reversed(unnamed) if _LORA_B in path.lower()), unnamed[-1])
        hint = (
            f'Begin with a rule for one half, e.g. match = "{second}" and init = "zeros", and '
            "one for the other half; or leave both as they are by exclude=."
        )
        expected = "rules that name both halves of a LoRA, one of which starts at zero"
        raise FanwiseError(expected, Phrase(some(unnamed)), hint)


def some(paths: Sequence[str]) -> str:
    """List paths, the first of many."""
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return f"{', '.join(paths[:_SHOWN])}{more}"
