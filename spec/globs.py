"""Patterns of canonical paths: ``*`` within a segment, ``**`` any number of segments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from fanwise.spec.automata import ANY, Automaton, Node
from fanwise.spec.errors import FanwiseError, Phrase

#: The characters of the longest pattern: reading a path takes time in proportion to them.
LONGEST: Final = 500
_STARS: Final = re.compile(r"\*\*?")
_FORM: Final = "a pattern of segments with *, **, ? and {a,b}"


def matches(pattern: str, path: str) -> bool:
    """Return whether a whole path fits a pattern.

    Args:
        pattern: ``*`` is any part of a segment, ``**`` any number of whole segments, none
            among them, ``?`` one character, and ``{a,b}`` one of some texts.
        path: "/"-joined segments.

    Raises:
        FanwiseError: for what :func:`check` refuses.

    Examples:
        >>> matches("**/{query,key}/kernel", "blocks/0/attention/key/kernel")
        True
        >>> matches("*/kernel", "blocks/0/kernel")
        False
    """
    if not isinstance(pattern, str):  # perhaps not hashable
        check(pattern)
    return _compiled(pattern).fits(f"/{path}")


def check(pattern: object) -> None:
    """Raise for what is not a pattern.

    Raises:
        FanwiseError: for an empty pattern or segment, a ``**`` that is not a whole
            segment, braces that do not match, and more than :data:`LONGEST` characters.
    """
    if not isinstance(pattern, str) or not pattern:
        raise FanwiseError(_FORM, pattern, "Write e.g. '**/kernel'.")
    if len(pattern) > LONGEST:
        received = Phrase(f"{pattern[:40]!r}… of {len(pattern)}")
        hint = "Write several shorter ones, each a rule or an entry of its own."
        raise FanwiseError(f"a pattern of at most {LONGEST} characters", received, hint)
    depth = 0
    for letter in pattern:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth < 0:
            break
    if depth:
        raise FanwiseError(_FORM, pattern, "Close every brace.")
    segments = _segments(pattern)
    if not all(segments):
        raise FanwiseError(_FORM, pattern, "Leave out empty segments.")
    if any("**" in segment and segment != "**" for segment in segments):
        raise FanwiseError(_FORM, pattern, "Write ** as a segment of its own.")


def listed(option: str, patterns: object) -> tuple[str, ...]:
    """Return the patterns of an option that takes one or several; none where it is None.

    Args:
        option: what errors call it.
        patterns: a pattern, a list of some, or None.

    Raises:
        FanwiseError: for anything else.

    Examples:
        >>> listed("only", "**/kernel"), listed("exclude", None)
        (('**/kernel',), ())
    """
    given = (patterns,) if isinstance(patterns, str) else () if patterns is None else patterns
    if not isinstance(given, list | tuple | set | frozenset):
        hint = f"Pass {option}='**/kernel', or a list of patterns."
        raise FanwiseError(f"patterns of paths as {option}", patterns, hint)
    for pattern in given:
        check(pattern)
    return tuple(given)


def check_name(pattern: str, target: str) -> None:
    """Raise for a new name that the pattern of the old one cannot fill.

    Args:
        pattern: of how paths begin.
        target: what that becomes; empty where it is left out.

    Raises:
        FanwiseError: for a bad pattern, for a target with braces or ``?``, and for one with more
            stars than the pattern has.
    """
    check(pattern)
    if any(letter in target for letter in "{}?"):
        hint = "Write one name, with a * wherever the pattern has one."
        raise FanwiseError(f"one new name for {pattern!r}", target, hint)
    if len(_STARS.findall(target)) > len(_STARS.findall(pattern)):
        hint = "Each * of the new name is, in order, what one of the pattern stands for."
        raise FanwiseError(f"no more stars than in {pattern!r}", target, hint)


def first_fitting(path: str, names: Mapping[str, str]) -> str | None:
    """Return the first pattern that fits the beginning of a path; None where there is none.

    Examples:
        >>> first_fitting("h/3/attn/kernel", {"g/*": "a", "h/*": "b", "**": "c"})
        'h/*'
    """
    return next((pattern for pattern in names if _begins(pattern).fits(f"/{path}")), None)


def renamed(path: str, names: Mapping[str, str]) -> str:
    """Exchange the beginning of a path by the first pattern that it fits.

    Args:
        path: "/"-joined segments.
        names: what each pattern of the beginning becomes; the ``*`` of the new beginning
            are, in order, what those of the pattern stood for.

    Examples:
        >>> renamed("h/3/attn/c_proj/kernel", {"h/*/attn/c_proj": "blocks/*/attention/out"})
        'blocks/3/attention/out/kernel'
    """
    pattern = first_fitting(path, names)
    if pattern is None:
        return path
    *stars, rest = _begins(pattern).starred(f"/{path}")
    pieces = _STARS.split(names[pattern])
    taken = [*(star.strip("/") for star in stars), *[""] * len(pieces)]
    beginning = "".join(piece + star for piece, star in zip(pieces[:-1], taken, strict=False))
    return f"{beginning}{pieces[-1]}{rest}".strip("/")


def _segments(pattern: str) -> list[str]:
    """Split at slashes outside of braces."""
    segments, depth, start = [], 0, 0
    for place, letter in enumerate(pattern):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "/" and depth == 0:
            segments.append(pattern[start:place])
            start = place + 1
    return [*segments, pattern[start:]]


@lru_cache(maxsize=1024)
def _begins(pattern: str) -> Automaton:
    """Return the automaton of the paths that begin as a pattern says; the rest is its last star."""
    check(pattern)
    return _automaton([*_segments(pattern), "**"])


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Automaton:
    """Compile a pattern, for a path with a slash before it."""
    check(pattern)
    return _automaton(_segments(pattern))


def _automaton(segments: list[str]) -> Automaton:
    stars = sum(1 if segment == "**" else segment.count("*") for segment in segments)
    nodes, start, group = [Node(None, ())], 0, stars
    # From the end to the beginning: what follows a place is known when it is made.
    for segment in reversed(segments):
        if segment == "**":
            group -= 1
            start = _whole_segments(nodes, start, group)
        else:
            start = _part(nodes, segment, start, group)
            group -= segment.count("*")
            start = _added(nodes, Node("/", (start,)))
    return Automaton(tuple(nodes), start, stars)


def _whole_segments(nodes: list[Node], after: int, group: int) -> int:
    """Add the places of ``**``: a slash and a segment, again and again."""
    loop = len(nodes)
    nodes += [
        Node(None, (loop + 1, after)),
        Node("/", (loop + 2,), group),
        Node(ANY, (loop + 3,), group),
        Node(None, (loop + 2, loop)),
    ]
    return loop


def _part(nodes: list[Node], segment: str, after: int, group: int) -> int:
    """Add the places of one segment; ``group`` counts its stars down."""
    braces: list[tuple[int, list[int]]] = []
    for letter in reversed(segment):
        if letter == "*":
            group -= 1
            loop = len(nodes)
            nodes += [Node(None, (loop + 1, after)), Node(ANY, (loop,), group)]
            after = loop
        elif letter == "}":
            braces.append((after, []))
        elif letter == "," and braces:
            behind, choices = braces[-1]
            choices.append(after)
            after = behind
        elif letter == "{":
            _, choices = braces.pop()
            after = _added(nodes, Node(None, (after, *reversed(choices))))
        else:
            after = _added(nodes, Node(ANY if letter == "?" else letter, (after,)))
    return after


def _added(nodes: list[Node], node: Node) -> int:
    nodes.append(node)
    return len(nodes) - 1
