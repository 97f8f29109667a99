"""Weights that lie side by side in one: what the axes of a rule say of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from fanwise.spec.axes import checked_pattern, layout, with_batches_as
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import Fans
from fanwise.spec.roles import PARAMETER
from fanwise.spec.scheme_fans import fans_counted, with_fans
from fanwise.spec.weights import Part, Start, Weight

#: A word of the axes such as ``(query=32 key=4 value=4 out)``.
_WORD: Final = re.compile(r"\(\s*((?:[^\s()=]+=[0-9]{1,15}\s+)+)([^\s()=]+)\s*\)")
_HINT: Final = "Write e.g. axes = '(query=32 key=4 value=4 out) in'."


@dataclass(frozen=True)
class Split:
    """Axes of which one is that of several weights, one after another.

    Attributes:
        axes: the pattern of each of them.
        role: of the axis that they share.
        axis: its number.
        sizes: how much of it each has, in proportion, by their names.
    """

    axes: str
    role: str
    axis: int
    sizes: dict[str, int]


@lru_cache(maxsize=256)
def split_of(axes: str | None) -> Split | None:
    """Read the split in an axes pattern; None where there is none.

    Raises:
        FanwiseError: for two splits, names that are no segment of a path, or twice, and sizes of 0.

    Examples:
        >>> split_of("(query=32 key=4 value=4 out) in").sizes
        {'query': 32, 'key': 4, 'value': 4}
    """
    if axes is None or "=" not in axes.removeprefix("batch="):
        return None
    words = list(_WORD.finditer(axes))
    rest = _WORD.sub("", axes)
    if len(words) != 1 or "=" in rest.removeprefix("batch="):
        raise FanwiseError("axes with one split, of names and sizes", axes, _HINT)
    (word,) = words
    pairs = [pair.split("=") for pair in word[1].split()]
    sizes = {name: int(size) for name, size in pairs}
    bad = any(letter in name for name in sizes for letter in '/*?{}<>"')
    if len(sizes) < len(pairs) or bad or 0 in sizes.values():
        raise FanwiseError("different names, each with a size from 1 on", axes, _HINT)
    plain = checked_pattern(_WORD.sub(lambda match: match[2], axes))
    axis = len(axes[: word.start()].split())
    return Split(plain, word[2], axis, sizes)


def parts_of(weight: Weight, axes: str, rule: int) -> Iterator[Weight]:
    """Give the weights that lie side by side in one, each under a path of its own.

    The name of a part stands before the last segment of the path.

    Args:
        weight: the weight that holds them.
        axes: a pattern with a split.
        rule: the number of the rule that says so.

    Raises:
        FanwiseError: for axes that are not those of the weight, and for an axis that cannot be
            divided so.
    """
    split = split_of(axes)
    assert split is not None
    is_read = weight.kind == PARAMETER or bool(weight.guess)
    pattern = split.axes if is_read else weight.axes
    axis = split.axis if is_read else _axis_of(weight, split)
    if is_read:
        layout(weight.shape, pattern)
    size, total = weight.shape[axis], sum(split.sizes.values())
    if size % total:
        expected = f"a size of axis {axis} of {weight.path} that {total} divides"
        raise FanwiseError(expected, size, "Correct the sizes in axes: they are in proportion.")
    before, _, last = weight.path.rpartition("/")
    own = _own_of_parts(weight)
    start = 0
    for name, share in split.sizes.items():
        stop = start + size // total * share
        path = "/".join(filter(None, (before, name, last)))
        shape = (*weight.shape[:axis], stop - start, *weight.shape[axis + 1 :])
        yield replace(
            weight,
            path=path,
            shape=shape,
            axes=pattern,
            beside=_beside(weight.beside, share, total),
            told=is_read,
            own=own,
            part=Part(weight.path, rule, axis, start, stop),
        )
        start = stop


def _axis_of(weight: Weight, split: Split) -> int:
    """Find the axis that is split in a weight whose axes are known, in whatever order they are."""
    laid_out = layout(weight.shape, weight.axes)
    roles = [axis.role for axis in laid_out.axes]
    told = [axis.role for axis in layout(weight.shape, split.axes).axes]
    whole = all(axis.batches == 1 for axis in laid_out.axes)
    if sorted(roles) != sorted(told) or roles.count(split.role) != 1 or not whole:
        hint = "Name each of its axes once, in any order, with the split in one of them."
        raise FanwiseError(f"the axes of its layer, {weight.axes!r}", split.axes, hint)
    return roles.index(split.role)


def _own_of_parts(weight: Weight) -> Start | None:
    """Return what is declared for the parts of a weight, whose layer draws it as a whole."""
    own = weight.own
    if own is None or own.scheme is None:
        return own
    if own.scheme.entry.structured:
        return Start(None, text=f"{own.text}, of the whole that these are parts of")
    if not fans_counted(own.scheme):
        return own
    if own.batch is not None and weight.beside is None:
        weight = replace(weight, axes=with_batches_as(own.batch, weight.shape, weight.axes))
    counted = weight.fans
    if counted is None:
        return own
    given = with_fans(own.scheme, counted)
    text = own.text if given else f"{own.text}, of the whole that these are parts of"
    return replace(own, scheme=given, text=text)


def _beside(fans: Fans | None, share: int, total: int) -> Fans | None:
    """Return the fans of the part of a kernel that a part of a bias stands beside."""
    return None if fans is None else Fans(fans.fan_in, fans.fan_out * share // total)
