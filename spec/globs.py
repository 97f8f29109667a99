"""Patterns of canonical paths: ``*`` within a segment, ``**`` any number of segments."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from fanwise.spec.errors import FanwiseError

_TOKEN: Final = re.compile(r"\*\*|\*|\?|\{|\}|,|/|[^*?{},/]+")
_FORM: Final = "a pattern of segments with *, **, ? and {a,b}"


def matches(pattern: str, path: str) -> bool:
    """Whether a whole path fits a pattern.

    Args:
        pattern: ``*`` is any part of a segment, ``**`` any number of whole segments, none
            among them, ``?`` one character, and ``{a,b}`` one of some texts.
        path: "/"-joined segments.

    Examples:
        >>> matches("**/{query,key}/kernel", "blocks/0/attention/key/kernel")
        True
        >>> matches("*/kernel", "blocks/0/kernel")
        False
    """
    return compiled(pattern).fullmatch(path) is not None


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression, with a group for every ``*`` and ``**``.

    Raises:
        FanwiseError: for an empty pattern or segment, a ``**`` that is not a whole
            segment, or braces that do not match.
    """
    if not isinstance(pattern, str) or not pattern:
        raise FanwiseError(_FORM, pattern, "Write e.g. '**/kernel'.")
    segments = _segments(pattern)
    made = ""
    for number, segment in enumerate(segments):
        last = number == len(segments) - 1
        if segment == "**":
            # With the slash that follows; at the end, with the one before.
            made += "(.*)" if last and number == 0 else "((?:/.+)?)" if last else "((?:[^/]+/)*)"
            continue
        made += _segment(segment, pattern)
        if not last and not (segments[number + 1] == "**" and number + 2 == len(segments)):
            made += "/"
    return re.compile(made)


def _segments(pattern: str) -> list[str]:
    """The segments, split at slashes outside of braces."""
    found, depth, start = [], 0, 0
    for place, letter in enumerate(pattern):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "/" and depth == 0:
            found.append(pattern[start:place])
            start = place + 1
    found.append(pattern[start:])
    if not all(found):
        raise FanwiseError(_FORM, pattern, "Leave out empty segments.")
    return found


def _segment(segment: str, pattern: str) -> str:
    made, depth = "", 0
    for token in _TOKEN.findall(segment):
        if token == "**":
            raise FanwiseError(_FORM, pattern, "Write ** as a segment of its own.")
        if token == "{":
            depth += 1
            made += "(?:"
        elif token == "}":
            depth -= 1
            made += ")"
        elif token == "," and depth:
            made += "|"
        else:
            made += {"*": "([^/]*)", "?": "[^/]"}.get(token, re.escape(token))
        if depth < 0:
            break
    if depth:
        raise FanwiseError(_FORM, pattern, "Close every brace.")
    return made


def renamed(path: str, names: dict[str, str]) -> str:
    """A path with its beginning exchanged by the first pattern that it fits.

    Args:
        path: "/"-joined segments.
        names: what each pattern of the beginning becomes; the ``*`` of the new beginning
            are, in order, what those of the pattern stood for.

    Examples:
        >>> renamed("h/3/attn/c_proj/kernel", {"h/*/attn/c_proj": "blocks/*/attention/out"})
        'blocks/3/attention/out/kernel'
    """
    for pattern, target in names.items():
        found = compiled(f"{pattern}/**").fullmatch(path)
        if found is not None:
            *stars, rest = found.groups()
            taken = iter(stars)
            made = re.sub(r"\*\*|\*", lambda _: next(taken, "").strip("/"), target)
            return f"{made}{rest}".strip("/")
    return path
