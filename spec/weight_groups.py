"""Weights that are alike, together: how a report names many of them in few lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from fanwise.spec.problems import Holding, WeightGroup
from fanwise.spec.weights import Weight

#: How many groups an error names.
_SHOWN: Final = 12
_NUMBER: Final = re.compile(r"\d+")

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


def label_of(weight: Weight) -> str:
    """Name a weight by the class of its layer and its own name."""
    simple = weight.class_name.rpartition(".")[2]
    last = weight.path.rpartition("/")[2]
    return f"{simple}.{last}" if simple else last


def listed_groups(groups: Sequence[WeightGroup]) -> str:
    """Write groups in lines of their own, the first of many."""
    lines = [f"\n     {group}, e.g. {group.paths[0]}" for group in groups[:_SHOWN]]
    more = len(groups) - _SHOWN
    return "".join(lines) + (f"\n     and {more} more kinds" if more > 0 else "")


def general_path(path: str) -> str:
    """Return a path with a star for every number: those of one place in different layers.

    Examples:
        >>> general_path("h/11/block_2/attn/kernel")
        'h/*/block_*/attn/kernel'
    """
    return _NUMBER.sub("*", path)
