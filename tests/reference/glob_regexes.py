"""Patterns of paths as regular expressions: right, and too slow on some, as these backtrack."""

import re

_PIECE = re.compile(r"\*\*|[*?{},/]|[^*?{},/]+")
_AS_REGEX = {"*": "([^/]*)", "?": "[^/]", "{": "(?:", "}": ")"}


def regex_of(pattern: str) -> re.Pattern[str]:
    """The expression of a sound pattern, for a path after a slash: a group for each star."""
    segments, depth, start = [], 0, 0
    for place, letter in enumerate(pattern):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "/" and depth == 0:
            segments.append(pattern[start:place])
            start = place + 1
    segments.append(pattern[start:])
    return re.compile("".join(map(_segment, segments)))


def _segment(segment: str) -> str:
    if segment == "**":
        return "((?:/[^/]+)*)"
    regex, depth = "/", 0
    for piece in _PIECE.findall(segment):
        depth += {"{": 1, "}": -1}.get(piece, 0)
        regex += _AS_REGEX.get(piece) or ("|" if piece == "," and depth else re.escape(piece))
    return regex
