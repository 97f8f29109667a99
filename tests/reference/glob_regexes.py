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
    texts = _texts(segment)
    if "" not in texts:
        return f"/{_text(segment)}"
    # It may be missing, and with it the slash before it.
    return "(?:" + "|".join(f"/{_text(text)}" if text else "" for text in texts) + ")"


def _texts(segment: str) -> list[str]:
    """The texts in the braces that a segment is; those of one that is not braces alone: itself."""
    texts, depth = [""], 0
    for place, letter in enumerate(segment):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth == 0 and (place, letter) != (len(segment) - 1, "}"):
            return [segment]
        if letter == "," and depth == 1:
            texts.append("")
        elif 0 < place < len(segment) - 1:
            texts[-1] += letter
    return texts


def _text(segment: str) -> str:
    regex, depth = "", 0
    for piece in _PIECE.findall(segment):
        depth += {"{": 1, "}": -1}.get(piece, 0)
        regex += _AS_REGEX.get(piece) or ("|" if piece == "," and depth else re.escape(piece))
    return regex
