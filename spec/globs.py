"""Patterns of canonical paths: ``*`` within a segment, ``**`` any number of segments."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from fanwise.spec.automata import ANY, DIGIT, Automaton, Node
from fanwise.spec.errors import FanwiseError, Phrase

#: The characters of the longest pattern: reading a path takes time in proportion to them.
LONGEST: Final = 500
_CAPTURE: Final = re.compile(r"<([^<>]*)>")
_GROUPS: Final = re.compile(r"\*\*?|<(?P<name>[^<>]*)>")
#: The digits of the largest power of ten that a float64 has.
_MOST_DIGITS: Final = 308
#: What stands for a capture while a segment is read.
_NUMBER: Final = "\0"
_FORM: Final = "a pattern of segments with *, **, ?, {a,b} and <i>"


def matches(pattern: str, path: str) -> bool:
    """Return whether a whole path fits a pattern.

    Args:
        pattern: ``*`` is any part of a segment, ``**`` any number of whole segments, none
            among them, ``?`` one character, ``{a,b}`` one of some texts, ``{a,}/`` a segment
            that may be missing, and ``<i>`` a whole number.
        path: "/"-joined segments.

    Raises:
        FanwiseError: for what :func:`check` refuses.

    Examples:
        >>> matches("**/{query,key}/kernel", "blocks/0/attention/key/kernel")
        True
        >>> matches("*/kernel", "blocks/0/kernel")
        False
        >>> matches("{model,}/norm/scale", "norm/scale")
        True
    """
    if not isinstance(pattern, str):  # perhaps not hashable
        check(pattern)
    text = f"/{path}"
    # Most paths lack a word of the pattern, which is seen faster than they are read.
    return _longest_word(pattern) in text and _compiled(pattern).fits(text)


def check(pattern: object) -> None:
    """Raise for what is not a pattern.

    Raises:
        FanwiseError: for an empty pattern or segment, a ``**`` that is not a whole
            segment, braces that do not match, captures without a name of their own, and more
            than :data:`LONGEST` characters.
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
    _check_captures(pattern)


def is_pattern(text: str) -> bool:
    """Return whether a text is a pattern.

    Examples:
        >>> is_pattern("h/*"), is_pattern("h/{a")
        (True, False)
    """
    try:
        check(text)
    except FanwiseError:
        return False
    return True


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


def captures_in(pattern: str) -> tuple[str, ...]:
    """Return the names of the whole numbers that a pattern captures, in order.

    Examples:
        >>> captures_in("stages/<s>/block_<b>/**")
        ('s', 'b')
    """
    return tuple(_CAPTURE.findall(pattern))


def captured(pattern: str, path: str) -> dict[str, int] | None:
    """Return the whole numbers that a pattern captures in a path; None where it does not fit.

    Examples:
        >>> captured("blocks/<i>/**", "blocks/11/mlp/kernel")
        {'i': 11}
    """
    if not matches(pattern, path):
        return None
    groups = _compiled(pattern).groups(f"/{path}")
    pairs = zip(groups_in(pattern), groups, strict=True)
    return {name: whole_number(text) for name, text in pairs if name}


def whole_number(digits: str) -> int:
    """Return the number that a capture has read.

    Raises:
        FanwiseError: for more digits than a float64 can have.
    """
    if len(digits.lstrip("0")) > _MOST_DIGITS:
        hint = "Write * in the place of the capture, if its number is not needed."
        raise FanwiseError(f"a whole number of at most {_MOST_DIGITS} digits", digits, hint)
    return int(digits.lstrip("0") or "0")


def groups_in(pattern: str) -> tuple[str, ...]:
    """Return the stars and captures of a pattern in order: a name for each capture, else ""."""
    return tuple(match["name"] or "" for match in _GROUPS.finditer(pattern))


def beginning(pattern: str) -> Automaton:
    """Return the automaton of the paths that begin as a pattern says; the rest is its last star."""
    return _begins(pattern)


def _check_captures(pattern: str) -> None:
    """Raise for angle brackets that are no captures, and captures that have no one meaning."""
    if _NUMBER in pattern:
        raise FanwiseError(_FORM, pattern, "Leave out the null characters.")
    names = captures_in(pattern)
    rest, depth = _CAPTURE.sub(_NUMBER, pattern), 0
    for letter in rest:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == _NUMBER and depth:
            raise FanwiseError(_FORM, pattern, "Write <i> outside of braces.")
    if "<" in rest or ">" in rest or not all(name.isidentifier() for name in names):
        raise FanwiseError(_FORM, pattern, "Write a capture as a name in angle brackets: <i>.")
    if len(set(names)) < len(names):
        raise FanwiseError(_FORM, pattern, "Give every capture a name of its own.")
    if _NUMBER * 2 in rest:
        raise FanwiseError(_FORM, pattern, "Write something between two captures.")


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


@lru_cache(maxsize=1024)
def _longest_word(pattern: str) -> str:
    """Return the longest text that every path must have that fits, with a slash before it."""
    check(pattern)
    words = [""]
    for segment in _segments(pattern):
        if segment == "**" or _texts(segment) != [segment]:
            words.append("")
            continue
        first, *others = _literals(segment)
        words[-1] += f"/{first}"
        words += others
    return max(words, key=len)


def _literals(segment: str) -> list[str]:
    """Split a segment at what stands for other text, braces and captures included."""
    texts, depth = [""], 0
    for letter in _CAPTURE.sub(_NUMBER, segment):
        depth += letter == "{"
        if depth or letter in ("*", "?", _NUMBER):
            texts.append("")
        else:
            texts[-1] += letter
        depth -= letter == "}"
    return texts


def _automaton(segments: list[str]) -> Automaton:
    groups = sum(len(groups_in(segment)) for segment in segments)
    nodes, start, group = [Node(None, ())], 0, groups
    # From the end to the beginning: what follows a place is known when it is made.
    for segment in reversed(segments):
        if segment == "**":
            group -= 1
            start = _whole_segments(nodes, start, group)
            continue
        begins, after = [], start
        for text in reversed(_texts(segment)):
            start = after
            if text:
                start = _added(nodes, Node("/", (_part(nodes, text, after, group),)))
            begins.append(start)
            group -= len(groups_in(text))
        if len(begins) > 1:
            start = _added(nodes, Node(None, tuple(reversed(begins))))
    return Automaton(tuple(nodes), start, groups)


def _texts(segment: str) -> list[str]:
    """List the texts of a segment that may be missing: in braces, one of them empty."""
    inner, depth, places = segment[1:-1], 0, [-1]
    for place, letter in enumerate(inner):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth < 0:  # "{a}{b}" begins and ends with braces of their own
            return [segment]
        if letter == "," and depth == 0:
            places.append(place)
    pairs = zip(places, [*places[1:], len(inner)], strict=True)
    texts = [inner[start + 1 : end] for start, end in pairs]
    is_braced = segment.startswith("{") and segment.endswith("}")
    return texts if is_braced and "" in texts else [segment]


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
    """Add the places of one segment; ``group`` counts its stars and captures down."""
    braces: list[tuple[int, list[int]]] = []
    for letter in reversed(_CAPTURE.sub(_NUMBER, segment)):
        if letter == _NUMBER:
            group -= 1
            loop = len(nodes)
            nodes += [Node(None, (loop + 1, after)), Node(DIGIT, (loop,), group)]
            after = loop + 1
        elif letter == "*":
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
