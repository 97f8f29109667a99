"""New names for the beginnings of paths: what ``[names]`` of a recipe say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from fanwise.spec import expressions
from fanwise.spec.captures import check_for_some
from fanwise.spec.errors import FanwiseError
from fanwise.spec.globs import beginning, captures_in, check, groups_in, whole_number

#: What a new name takes from the pattern: a star, or an expression of the captures.
_TAKEN: Final = re.compile(r"\*\*?|<([^<>]*)>")
#: Below it two whole numbers in float64 are never the same.
_LARGEST: Final = 2**53


def check_name(pattern: str, target: str) -> None:
    """Raise for a new name that the pattern of the old one cannot fill.

    Args:
        pattern: of how paths begin.
        target: what that becomes; empty where it is left out.

    Raises:
        FanwiseError: for a bad pattern, for a target with braces or ``?``, for one with more
            stars than the pattern has, and for expressions of anything but the captures.
    """
    check(pattern)
    rest = _TAKEN.sub("", target)
    if any(letter in rest for letter in "{}?<>"):
        hint = "Write one name, with a * wherever the pattern has one, and <i> or <i + 1>."
        raise FanwiseError(f"one new name for {pattern!r}", target, hint)
    taken = [match[1] for match in _TAKEN.finditer(target)]
    if taken.count(None) > groups_in(pattern).count(""):
        hint = "Each * of the new name is, in order, what one of the pattern stands for."
        raise FanwiseError(f"no more stars than in {pattern!r}", target, hint)
    for text in taken:
        if text is not None:
            _check_index(text, pattern, target)


def _check_index(text: str, pattern: str, target: str) -> None:
    """Raise for an expression of a new name that cannot be worked out from the captures."""
    context = f"The new name {target!r} of {pattern!r} cannot be read"
    try:
        unknown = sorted(expressions.names_in(text) - set(captures_in(pattern)))
        if not unknown:
            check_for_some(lambda numbers: expressions.value(text, numbers), captures_in(pattern))
    except FanwiseError as error:
        raise error.within(context) from error
    if unknown:
        hint = "Write <name> in the pattern, where the whole number stands."
        expected = f"numbers that {pattern!r} captures"
        raise FanwiseError(expected, ", ".join(unknown), hint, context=context)


def first_fitting(path: str, names: Mapping[str, str]) -> str | None:
    """Return the first pattern that fits the beginning of a path; None where there is none.

    Examples:
        >>> first_fitting("h/3/attn/kernel", {"g/*": "a", "h/*": "b", "**": "c"})
        'h/*'
    """
    return next((pattern for pattern in names if beginning(pattern).fits(f"/{path}")), None)


def renamed(path: str, names: Mapping[str, str]) -> str:
    """Exchange the beginning of a path by the first pattern that it fits.

    Args:
        path: "/"-joined segments.
        names: what each pattern of the beginning becomes; the ``*`` of the new beginning
            are, in order, what those of the pattern stood for, and ``<i + 1>`` is worked out from
            what the pattern captured.

    Raises:
        FanwiseError: for an index that is no whole number from 0 on.

    Examples:
        >>> renamed("h/3/attn/c_proj/kernel", {"h/*/attn/c_proj": "blocks/*/attention/out"})
        'blocks/3/attention/out/kernel'
        >>> renamed("stack0/kernel", {"stack<i>": "layer<i + 1>"})
        'layer1/kernel'
    """
    pattern = first_fitting(path, names)
    if pattern is None:
        return path
    *texts, rest = beginning(pattern).groups(f"/{path}")
    stars, captures = [], {}
    for name, text in zip(groups_in(pattern), texts, strict=True):
        if name:
            captures[name] = whole_number(text)
        else:
            stars.append(text.strip("/"))
    target, place, pieces = names[pattern], 0, []
    for taken in _TAKEN.finditer(target):
        pieces.append(target[place : taken.start()])
        expression = taken[1]
        pieces.append(stars.pop(0) if expression is None else _index(expression, captures, path))
        place = taken.end()
        # A ** that stands for no segment takes a slash with it.
        if taken[0] == "**" and not pieces[-1] and target.startswith("/", place):
            place += 1
    return "".join([*pieces, target[place:], rest]).strip("/")


def _index(expression: str, captures: Mapping[str, int], path: str) -> str:
    if expression.strip() in captures:
        return str(captures[expression.strip()])
    context = f"{path} cannot be renamed"
    try:
        number = _value(expression, tuple(captures.items()))
    except FanwiseError as error:
        raise error.within(context) from error
    is_exact = max(number, *captures.values()) < _LARGEST
    if not (number >= 0 and number.is_integer() and is_exact):
        hint = "Correct the expression, or give these paths names of their own, earlier in [names]."
        expected = f"a whole number from 0 on, below 2^53, as <{expression}>"
        raise FanwiseError(expected, number, hint, context=context)
    return str(int(number))


@lru_cache(maxsize=4096)
def _value(expression: str, captures: tuple[tuple[str, int], ...]) -> float:
    return expressions.value(expression, dict(captures))
