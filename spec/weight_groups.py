"""Weights that are alike, together: how a report names many of them in few lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from fanwise.spec.globs import is_pattern
from fanwise.spec.problems import Holding, WeightGroup
from fanwise.spec.weights import Weight

#: How many groups an error names.
_SHOWN: Final = 12
_NUMBER: Final = re.compile(r"\d+")
#: What is no text of its own in a pattern.
_SPECIAL: Final = re.compile(r"[*?{}<>\0]")

#: Says what a weight holds now.
Observe = Callable[[Weight], Holding]


def group_weights(
    weights: Sequence[Weight], observe: Observe | None = None
) -> tuple[WeightGroup, ...]:
    """Put weights of one class, name and shape together that hold the same, in their order."""
    groups: dict[tuple[str, tuple[int, ...], str], list[str]] = {}
    for weight in weights:
        holds = "" if observe is None else observe(weight).text
        groups.setdefault((label_of(weight), weight.shape, holds), []).append(weight.path)
    return tuple(WeightGroup(*key, tuple(paths)) for key, paths in groups.items())


def pattern_of(path: str) -> str:
    """Return a pattern that a path fits, with a ``?`` for what means something in patterns.

    Examples:
        >>> pattern_of("h/a{1}/kernel"), pattern_of("a" * 600 + "/kernel")
        ('h/a?1?/kernel', '**/kernel')
    """
    pattern = _SPECIAL.sub("?", path)
    if not is_pattern(pattern):  # too long, or with an empty segment
        pattern = f"**/{pattern.rpartition('/')[2]}"
    return pattern if is_pattern(pattern) else "**"


def general_pattern(path: str) -> str:
    """Return a pattern that a path fits, with a star for every number."""
    return _NUMBER.sub("*", pattern_of(path))


def label_of(weight: Weight) -> str:
    """Name a weight by the class of its layer and its own name."""
    simple = weight.class_name.rpartition(".")[2]
    name = name_in_layer(weight.path)
    return f"{simple}.{name}" if simple else name


def name_in_layer(path: str) -> str:
    """Return a weight's own name; of one that is a number in a list, the list's with a star.

    Examples:
        >>> name_in_layer("h/0/kernel"), name_in_layer("h/0/scales/11")
        ('kernel', 'scales/*')
    """
    *before, last = path.split("/")
    if not (before and _NUMBER.fullmatch(last)):
        return last
    return f"{name_in_layer('/'.join(before))}/*"


def listed_groups(groups: Sequence[WeightGroup]) -> str:
    """Write groups in lines of their own, the first of many."""
    lines = [f"\n     {group}, e.g. {group.paths[0]}" for group in groups[:_SHOWN]]
    more = len(groups) - _SHOWN
    return "".join(lines) + (f"\n     and {more} more kinds" if more > 0 else "")


def listed_alike(paths: Sequence[str]) -> str:
    """List paths, those of one place in different layers together.

    Examples:
        >>> listed_alike(["h/0/kernel", "h/1/kernel", "mask"])
        'h/*/kernel (2 of them), mask'
    """
    places: dict[str, list[str]] = {}
    for path in paths:
        places.setdefault(general_path(path), []).append(path)
    return ", ".join(
        f"{place} ({len(alike)} of them)" if len(alike) > 1 else alike[0]
        for place, alike in places.items()
    )


def general_path(path: str) -> str:
    """Return a path with a star for every number: those of one place in different layers.

    Examples:
        >>> general_path("h/11/block_2/attn/kernel")
        'h/*/block_*/attn/kernel'
    """
    return _NUMBER.sub("*", path)
