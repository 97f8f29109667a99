"""What a model has for a name that it has not: the one that is most like it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Final

from fanwise.spec import globs
from fanwise.spec.weight_groups import general_path

#: How alike a word must be to what is suggested in its place.
_ALIKE: Final = 0.75
_CAPTURE: Final = re.compile(r"<\w+>")


def near_words(word: str, known: Iterable[str]) -> list[str]:
    """Return the words that are most like one, the nearest first; capitals do not count.

    Examples:
        >>> near_words("linaer", ["Linear", "LayerNorm"])
        ['Linear']
    """
    folded: dict[str, list[str]] = {}
    for name in sorted(known):
        folded.setdefault(name.casefold(), []).append(name)
    near = difflib.get_close_matches(word.casefold(), folded, n=3, cutoff=_ALIKE)
    return [name for key in near for name in folded[key]][:3]


def near_classes(pattern: str, known: Iterable[str]) -> list[str]:
    """Return the classes that fit a pattern but for its capitals, or else are most like it.

    Examples:
        >>> near_classes("*rmsnorm", ["LlamaRMSNorm", "Linear"])
        ['LlamaRMSNorm']
    """
    names = sorted(known)
    fitting = [name for name in names if globs.matches(pattern.casefold(), name.casefold())]
    return fitting or near_words(pattern, names)


def near_pattern(pattern: str, paths: Sequence[str]) -> str:
    """Return a pattern with the segments that paths have for those that they have not.

    Returns:
        ``""`` where nothing is like it.

    Examples:
        >>> near_pattern("**/querry/kernel", ["h/0/query/kernel", "h/1/query/kernel"])
        '**/query/kernel'
        >>> near_pattern("blok_<i>/up", ["block_0/up/kernel", "block_1/up/kernel"])
        'block_<i>/up'
    """
    if "{" in pattern:
        return ""
    known = {segment for path in paths for segment in path.split("/")}
    segments = []
    for segment in pattern.split("/"):
        if segment == "**" or any(globs.matches(segment, other) for other in known):
            segments.append(segment)
            continue
        near = _near_segment(segment, known)
        if not near:
            return ""
        segments.append(near)
    return "/".join(segments)


def _near_segment(segment: str, known: Iterable[str]) -> str:
    """Return the nearest segment that has the stars and the captures of one."""
    captures = _CAPTURE.findall(segment)
    plain = _CAPTURE.sub("*", segment)
    stars = plain.count("*")
    options = {general_path(other) for other in known} if stars else known
    near = next((word for word in near_words(plain, options) if word.count("*") == stars), "")
    if len(captures) == stars:
        for capture in captures:
            near = near.replace("*", capture, 1)
    return near if stars in (0, len(captures)) or not captures else ""
