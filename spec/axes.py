"""Axes patterns: the role of every axis of a weight, and the canonical order.

A pattern is a line of words, one per axis: ``in``, ``out``, ``batch``, and ``*``
for the axes that are not named (the receptive field). ``(3 out)`` splits an axis
into 3 batches of ``out``. A role may occur more than once. A first word ``batch=in``
or ``batch=out`` says that the batches are no weights apart: they are more of the inputs,
or of the outputs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeGuard

from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean

BATCH: Final = "batch"
RECEPTIVE: Final = "*"
IN: Final = "in"
OUT: Final = "out"

#: The order in which the stream counts the axes, whatever their storage order.
CANONICAL_ROLES: Final = (BATCH, RECEPTIVE, IN, OUT)

#: The one that torch's own kernels have.
TORCH: Final = "torch"

#: First words of a pattern, of no axis: the role that its batches have.
COUNTED: Final = {"batch=in": IN, "batch=out": OUT}

#: Patterns that have a name.
PATTERNS: Final[dict[str, str]] = {
    "kernel": "* in out",
    "torch": "out in *",
    "torch_transposed": "in out *",
    "keras_transposed": "* out in",
}

#: With groups, the axis that holds all of them is ``out``, except here.
_GROUPS_ON_IN: Final = PATTERNS["torch_transposed"]

#: A shape has fewer elements than this, zero-size axes aside: an index is an int64.
LARGEST_SIZE: Final = 1 << 63
#: As many axes as NumPy's arrays have in every version.
MOST_AXES: Final = 32

_INTEGERS: Final = frozenset({int})
_TOKEN = re.compile(r"\(\s*(?P<count>\d+)\s+(?P<split>\S+?)\s*\)|(?P<word>[^\s()]+)|(?P<bad>\S)")


@dataclass(frozen=True, slots=True)
class Axis:
    """One storage axis: its role, and the number of batches that it is split into."""

    role: str
    batches: int = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """How a storage shape lies in canonical order.

    Attributes:
        shape: the storage shape.
        axes: one :class:`Axis` per storage axis.
        expanded: the storage shape with every split axis written as two.
        roles: one role per expanded axis.
        order: the expanded axes in canonical order (batch, receptive, in, out); batches
            that count as one of these come first among them.
        groups_on: the role of the axis that holds all groups of a grouped convolution:
            ``"out"``, or ``"in"`` for the pattern ``"torch_transposed"``.
    """

    shape: tuple[int, ...]
    axes: tuple[Axis, ...]
    expanded: tuple[int, ...]
    roles: tuple[str, ...]
    order: tuple[int, ...]
    groups_on: str = OUT

    def __hash__(self) -> int:
        # The rest follows from these, but for the roles of axes in the same order.
        return hash((self.shape, self.order))

    @property
    def canonical(self) -> tuple[int, ...]:
        """The shape in canonical order."""
        return tuple(self.expanded[axis] for axis in self.order)

    @property
    def canonical_roles(self) -> tuple[str, ...]:
        """The role of every axis of :attr:`canonical`."""
        return tuple(self.roles[axis] for axis in self.order)

    @property
    def size(self) -> int:
        """The number of elements."""
        return math.prod(self.shape)

    def extent(self, role: str) -> int:
        """Multiply the sizes of the axes with this role (1 if there is none)."""
        return math.prod(n for n, r in zip(self.expanded, self.roles, strict=True) if r == role)

    def group_extents(self, groups: int) -> tuple[int, int]:
        """Count the inputs and the outputs of one group.

        Raises:
            FanwiseError: where the groups do not divide the axis that holds them.
        """
        inputs, outputs = self.extent(IN), self.extent(OUT)
        whole = inputs if self.groups_on == IN else outputs
        if not is_integer(groups) or groups < 1 or whole % groups:
            raise FanwiseError(
                f"a number of groups that divides {whole}", groups, "Pass the layer's own groups."
            )
        if self.groups_on == IN:
            return inputs // groups, outputs
        return inputs, outputs // groups


def layout(shape: Sequence[int], axes: str = "kernel") -> Layout:
    """Lay a shape out by an axes pattern.

    A named pattern on a shape of fewer than two axes has no roles to give; such
    a weight (a bias, a scalar) is in canonical order as it stands.

    Args:
        shape: the storage shape, e.g. ``(3, 3, 16, 32)``.
        axes: a pattern, e.g. ``"* in out"``, or the name of one in ``PATTERNS``.

    Raises:
        FanwiseError: for a bad shape or pattern, or where they do not fit.

    Examples:
        >>> layout((4, 3), "torch").canonical
        (3, 4)
        >>> layout((12, 4), "(3 out) in").canonical
        (3, 4, 4)
        >>> layout((12, 4), "batch=out (3 out) in").canonical
        (4, 3, 4)
    """
    if not (is_plain(shape) and isinstance(axes, str)):
        shape, axes = checked_shape(shape), checked_pattern(axes)
    return _layout(shape, axes)


def is_plain(shape: object) -> TypeGuard[tuple[int, ...]]:
    """Return whether a shape is what most are, a tuple of Python's integers, to be looked up."""
    # By type, since 2.0 and True would be found where 2 and 1 are kept.
    return type(shape) is tuple and _INTEGERS.issuperset(map(type, shape))


def checked_shape(shape: Sequence[int]) -> tuple[int, ...]:
    """Check a shape, and return it as a tuple of non-negative Python integers."""
    hint = "Pass a tuple of non-negative integers, e.g. (512, 256)."
    expected = "a shape, one non-negative integer per axis"
    try:
        sizes = tuple(_integer(n) for n in shape)
    except TypeError:
        raise FanwiseError(expected, shape, hint) from None
    if any(n < 0 for n in sizes):
        raise FanwiseError(expected, sizes, hint)
    if math.prod(n for n in sizes if n) >= LARGEST_SIZE:
        hint = "Check the shape: no weight is that large."
        raise FanwiseError("a shape of fewer than 2**63 elements", sizes, hint)
    if len(sizes) > MOST_AXES:
        hint = "Reshape the weight, with axes of size 1 left out."
        raise FanwiseError(f"a shape of at most {MOST_AXES} axes", Phrase(len(sizes)), hint)
    return sizes


def is_integer(value: object) -> bool:
    """Return whether a value counts something: an integer of any type, but no boolean."""
    return hasattr(value, "__index__") and not isinstance(value, bool)


def _integer(value: Any) -> int:
    if not is_integer(value):
        raise TypeError
    return int(value.__index__())


def checked_pattern(axes: str) -> str:
    """Check a pattern, and return its text; the name of a pattern gives its text."""
    if not isinstance(axes, str) or not axes.strip():
        hint = f"Pass a pattern such as 'out in *', or one of {sorted(PATTERNS)}."
        raise FanwiseError("axes as a line of words", axes, hint)
    return PATTERNS.get(axes, axes)


@lru_cache(maxsize=4096)
def _layout(shape: tuple[int, ...], axes: str) -> Layout:
    shape, pattern = checked_shape(shape), checked_pattern(axes)
    named = pattern in PATTERNS.values()
    first, *rest = pattern.split(maxsplit=1)
    batches = COUNTED.get(first, BATCH)
    if named and len(shape) < 2:
        words: tuple[Axis, ...] = (Axis(OUT),) * len(shape)
    elif batches != BATCH:
        words = _fit(_parse("".join(rest)), pattern, shape)
    else:
        words = _fit(_parse(pattern), pattern, shape)
    expanded: list[int] = []
    roles: list[str] = []
    for size, axis in zip(shape, words, strict=True):
        if axis.batches > 1:
            if size % axis.batches:
                raise FanwiseError(
                    f"an axis that {axis.batches} divides, for axes {pattern!r}",
                    shape,
                    "Give the number of equal parts that the axis really holds.",
                )
            expanded.append(axis.batches)
            roles.append(BATCH)
        expanded.append(size // axis.batches)
        roles.append(axis.role)
    counted = [batches if role == BATCH else role for role in roles]
    # Of one role the batches are first, wherever they are stored.
    rank = [
        (CANONICAL_ROLES.index(role), CANONICAL_ROLES.index(stored))
        for role, stored in zip(counted, roles, strict=True)
    ]
    order = sorted(range(len(roles)), key=rank.__getitem__)
    groups_on = IN if pattern == _GROUPS_ON_IN else OUT
    return Layout(shape, words, tuple(expanded), tuple(counted), tuple(order), groups_on)


def with_batches_as(role: str, shape: Sequence[int], axes: str) -> str:
    """Return the pattern of a weight with its batches counted as inputs or outputs.

    Args:
        role: ``"in"`` or ``"out"``.
        shape: the weight's shape.
        axes: its pattern; returned as it is where it has no batches.

    Examples:
        >>> with_batches_as("out", (12, 4), "(3 out) in")
        'batch=out (3 out) in'
    """
    if BATCH not in layout(shape, axes).roles:
        return axes
    return f"{BATCH}={role} {checked_pattern(axes)}"


def check_words(axes: str) -> None:
    """Check the words of a pattern before any shape is known.

    Raises:
        FanwiseError: for what is no pattern, and for one that says what its batches count as.
    """
    pattern = checked_pattern(axes)
    if pattern.split(maxsplit=1)[0] in COUNTED:
        hint = "Say with batch, in the rule, what the batches count as."
        raise FanwiseError("axes that begin with the role of an axis", axes, hint)
    _parse(pattern)


@lru_cache(maxsize=256)
def _parse(pattern: str) -> tuple[Axis, ...]:
    parsed = []
    for token in _TOKEN.finditer(pattern):
        if token["bad"] is not None:
            hint = "Write a split axis as '(3 out)': a number, a role, one pair of parentheses."
            raise FanwiseError("a well-formed axes pattern", pattern, hint)
        role = token["word"] or token["split"]
        if role not in CANONICAL_ROLES or (token["split"] and role == RECEPTIVE):
            names = (*CANONICAL_ROLES, *PATTERNS)
            context = f"Unknown word {token[0]!r} in axes {pattern!r}"
            hint = did_you_mean(role, names) if role != RECEPTIVE else "Split in, out or batch."
            raise FanwiseError("the words in, out, batch and *", role, hint, context=context)
        batches = int(token["count"] or 1)
        if batches < 1:
            raise FanwiseError(
                "a positive number of parts in a split axis", pattern, "Write e.g. '(3 out)'."
            )
        parsed.append(Axis(role, batches))
    return tuple(parsed)


def _fit(words: tuple[Axis, ...], pattern: str, shape: tuple[int, ...]) -> tuple[Axis, ...]:
    """Give the shape one axis each: a lone ``*`` stands for all that are not named."""
    if len(words) == len(shape):
        return words
    stars = [i for i, axis in enumerate(words) if axis.role == RECEPTIVE]
    rest = len(shape) - (len(words) - 1)
    if len(stars) != 1 or rest < 0:
        raise FanwiseError(
            f"a shape that the axes {pattern!r} fit, word by word",
            shape,
            "Name every axis of the shape, or let one '*' stand for the receptive field.",
        )
    at = stars[0]
    return words[:at] + (Axis(RECEPTIVE),) * rest + words[at + 1 :]
