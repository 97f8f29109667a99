"""Copies that are meant: of a whole part of a model, of a moving average, of a target."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

#: What copies of a part of a model are called, in one of the words of a path.
_NAMES: Final = re.compile(
    r"(?<![a-z])(target|targ|tgt|ema|momentum|teacher|averaged?|avg|moving|swa|polyak|shadow|slow"
    r"|lagged|delayed|frozen|reference|ref|old|previous|anchor|backup|copy)(?![a-z])",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\d+")
#: So many weights of draws, of the whole part, are no single layer.
_WHOLE: Final = 2


@dataclass(frozen=True)
class MeantCopies:
    """Which of the weights that are equal may be meant to be.

    Attributes:
        groups: of each weight of draws what it has in common with those that it equals.
        matrices: those with two axes and more.
        unnamed: those that no layer is known to train, as buffers of a file.
    """

    groups: Mapping[str, object]
    matrices: frozenset[str]
    unnamed: frozenset[str]

    def reason(self, one: str, other: str) -> str:
        """Say why two equal weights may be meant to be; ``""`` where nothing speaks for it.

        Args:
            one, other: their paths.
        """
        words = [set(re.split(r"[/._]", path)) for path in (one, other)]
        named = [bool(_NAMES.search(" ".join(sorted(w - v)))) for w, v in (words, words[::-1])]
        if named[0] != named[1]:
            return "Called a copy by its name: a target, a teacher or a moving average starts so."
        if (one in self.unnamed) != (other in self.unnamed):
            return "A tensor of no known layer that holds a weight: a buffer may keep a copy of it."
        ends = _different_parts(one, other)
        if ends is None:
            return ""
        first, second = ends
        if self._is_copied(first, second) and self._is_copied(second, first):
            return f"All of {first} is equal to {second}: a part of a model that was copied."
        return ""

    def _is_copied(self, part: str, other: str) -> bool:
        """Tell whether all weights of a part of a model are those of another."""
        inside = self._below.get(part, ())
        return (
            len(self.matrices.intersection(inside)) >= _WHOLE
            and len({path.rpartition("/")[0] for path in inside}) >= _WHOLE
            and all(
                self.groups[path] == self.groups.get(other + path.removeprefix(part), path)
                for path in inside
            )
        )

    @cached_property
    def _below(self) -> Mapping[str, list[str]]:
        """List the weights of every part."""
        below: dict[str, list[str]] = {}
        for path in self.groups:
            segments = path.split("/")
            for depth in range(1, len(segments)):
                below.setdefault("/".join(segments[:depth]), []).append(path)
        return below


def _different_parts(one: str, other: str) -> tuple[str, str] | None:
    """Return the two parts of a model in whose names two paths differ; None where that is no sign.

    Parts that only their numbers tell apart are layers, and so are those within a numbered one.
    """
    first, second = one.split("/"), other.split("/")
    if len(first) != len(second):
        return None
    different = [
        place for place, pair in enumerate(zip(first, second, strict=True)) if pair[0] != pair[1]
    ]
    if len(different) != 1:
        return None
    (place,) = different
    numbered = any(segment.isdecimal() for segment in first[:place])
    names = [_NUMBER.sub("#", path[place]) for path in (first, second)]
    if numbered or names[0] == names[1]:
        return None
    return "/".join(first[: place + 1]), "/".join(second[: place + 1])
