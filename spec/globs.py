"""Patterns of canonical paths: ``*`` within a segment, ``**`` any number of segments."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from fanwise.spec.errors import FanwiseError

_PIECE: Final = re.compile(r"\*\*|[*?{},/]|[^*?{},/]+")
_AS_REGEX: Final = {"*": "([^/]*)", "?": "[^/]", "{": "(?:", "}": ")"}
_FORM: Final = "a pattern of segments with *, **, ? and {a,b}"


def matches(pattern: str, path: str) -> bool:
    """Return whether a whole path fits a pattern.

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
    return compiled(pattern).fullmatch(f"/{path}") is not None


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern for a path with a slash before it: a group for every ``*`` and ``**``.

    Raises:
        FanwiseError: for an empty pattern or segment, a ``**`` that is not a whole
            segment, or braces that do not match.
    """
    if not isinstance(pattern, str) or not pattern:
        raise FanwiseError(_FORM, pattern, "Write e.g. '**/kernel'.")
    return re.compile(
        "".join(
            "((?:/[^/]+)*)" if segment == "**" else f"/{_segment(segment, pattern)}"
            for segment in _segments(pattern)
        )
    )


def _segments(pattern: str) -> list[str]:
    """Split at slashes outside of braces."""
    segments, depth, start = [], 0, 0
    for place, letter in enumerate(pattern):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "/" and depth == 0:
            segments.append(pattern[start:place])
            start = place + 1
    segments.append(pattern[start:])
    if not all(segments):
        raise FanwiseError(_FORM, pattern, "Leave out empty segments.")
    return segments


def _segment(segment: str, pattern: str) -> str:
    regex, depth = "", 0
    for piece in _PIECE.findall(segment):
        if piece == "**":
            raise FanwiseError(_FORM, pattern, "Write ** as a segment of its own.")
        depth += {"{": 1, "}": -1}.get(piece, 0)
        if depth < 0:
            break
        regex += _AS_REGEX.get(piece) or ("|" if piece == "," and depth else re.escape(piece))
    if depth:
        raise FanwiseError(_FORM, pattern, "Close every brace.")
    return regex


def renamed(path: str, names: dict[str, str]) -> str:
    """Exchange the beginning of a path by the first pattern that it fits.

    Args:
        path: "/"-joined segments.
        names: what each pattern of the beginning becomes; the ``*`` of the new beginning
            are, in order, what those of the pattern stood for.

    Examples:
        >>> renamed("h/3/attn/c_proj/kernel", {"h/*/attn/c_proj": "blocks/*/attention/out"})
        'blocks/3/attention/out/kernel'
    """
    for pattern, target in names.items():
        match = compiled(f"{pattern}/**").fullmatch(f"/{path}")
        if match is not None:
            *stars, rest = match.groups()
            pieces = re.split(r"\*\*?", target)
            taken = [*(star.strip("/") for star in stars), *[""] * len(pieces)]
            beginning = "".join(
                piece + star for piece, star in zip(pieces[:-1], taken, strict=False)
            )
            return f"{beginning}{pieces[-1]}{rest}".strip("/")
    return path
