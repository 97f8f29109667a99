"""What a layer stores: each of its weights, and where in its parameters the weight lies.

The one vocabulary of all three frameworks: a table of :class:`LayerWeight` describes every
layer, and whatever looks at a model reads that table.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from fanwise.spec import roles
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean
from fanwise.spec.roles import ROLES
from fanwise.spec.weights import Part

#: The kind of a parameter that belongs to no known layer.
PARAMETER: Final = roles.PARAMETER

Index = tuple[Any, ...]
Shape = tuple[int, ...]
#: The shapes of a layer's parameters, by their names in the layer.
Shapes = Mapping[str, Shape]


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_position(value: object) -> bool:
    if isinstance(value, slice):
        ends = (value.start, value.stop)
        return value.step is None and all(end is None or _is_count(end) for end in ends)
    return _is_count(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_spans(value: object) -> bool:
    return isinstance(value, tuple) and all(
        isinstance(span, Span)
        or (
            isinstance(span, tuple)
            and len(span) == 2
            and all(map(_is_count, span))
            and span[0] <= span[1]
        )
        for span in value
    )


def _are_followers(value: object) -> bool:
    return isinstance(value, tuple) and all(
        isinstance(follower, tuple)
        and len(follower) == 2
        and isinstance(follower[0], str)
        and callable(follower[1])
        for follower in value
    )


#: What every field of a LayerWeight must be: in words, and a test.
_FIELDS: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "parameter": ("a name", _is_text),
    "path": ("text", _is_text),
    "axes": ("an axes pattern", _is_text),
    "kind": ("text", _is_text),
    "groups": ("a whole number", _is_count),
    "beside": ("a path or None", lambda value: value is None or _is_text(value)),
    "spans": ("a tuple of (start, stop) or Span", _are_spans),
    "axis": ("the number of an axis, from 0,", _is_count),
    "shape": (
        "a tuple of sizes or None",
        lambda value: value is None or (isinstance(value, tuple) and all(map(_is_count, value))),
    ),
    "zero_row": ("the number of a row or None", lambda value: value is None or _is_count(value)),
    "followers": ("a tuple of (name, function)", _are_followers),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A block of a parameter that holds a block of a weight.

    Attributes:
        parameter: its name in the layer.
        at: the block of the parameter: an integer or a slice for each of its first axes;
            empty for all of it.
        part: the block of the weight, likewise.

    Examples:
        >>> Span("in_proj_weight", at=(slice(0, 64),))  # the query of a packed attention
        Span(parameter='in_proj_weight', at=(slice(0, 64, None),), part=())
    """

    parameter: str
    at: Index = ()
    part: Index = ()

    def __post_init__(self) -> None:
        hint = "Pass a name, and tuples of whole numbers and slices without a step."
        for name in ("at", "part"):
            index = getattr(self, name)
            if not (isinstance(index, tuple) and all(map(_is_position, index))):
                raise FanwiseError(f"a tuple of positions as {name} of a Span", index, hint)
        if not isinstance(self.parameter, str):
            raise FanwiseError("a name as parameter of a Span", self.parameter, hint)


@dataclass(frozen=True)
class LayerWeight:
    """One weight of a layer, and where the layer stores it; checked when it is made.

    Attributes:
        parameter: the name of the parameter, or running statistic, in the layer, as the
            framework writes it: ``"out_proj.weight"`` in torch and Keras,
            ``"query/kernel"`` in JAX.
        path: of the weight below the layer, ending in its role: ``"kernel"``,
            ``"query/kernel"``.
        axes: the role of each axis of the weight.
        kind: the kind of layer, e.g. ``"dense"`` or ``"attention"``, with its variant after
            a slash, if any.
        groups: the number of groups of a grouped convolution.
        beside: for a bias, the path of the kernel that it stands beside.
        spans: where the weight lies, if it is not the whole parameter: each a
            (start, stop) on ``axis``, in the order in which the weight has them; or a
            :class:`Span`, for what lies in any other way.
        axis: the axis that pairs in ``spans`` are about.
        shape: of the weight, where ``spans`` are of class :class:`Span`.
        zero_row: a row that is zero whatever the recipe, as that of an embedding's padding; of
            a weight that is its whole parameter. JAX's layers have none.
        followers: parameters that start as a function of what this one starts with: each a
            name, and a function of an array; of a weight that is its whole parameter. JAX's
            layers have none.

    Examples:
        >>> LayerWeight("c_attn.weight", "key/kernel", "torch", "attention", spans=((8, 16),)).role
        'kernel'
    """

    parameter: str
    path: str
    axes: str = "kernel"
    kind: str = "dense"
    groups: int = 1
    beside: str | None = None
    spans: tuple[tuple[int, int] | Span, ...] = ()
    axis: int = 0
    shape: Shape | None = None
    zero_row: int | None = None
    followers: tuple[tuple[str, Callable[[Any], Any]], ...] = ()

    def __post_init__(self) -> None:
        for name, (expected, holds) in _FIELDS.items():
            if not holds(getattr(self, name)):
                hint = "See fanwise.adapters.layer_weights.LayerWeight."
                raise FanwiseError(
                    f"{expected} as {name} of a LayerWeight", getattr(self, name), hint
                )
        last = self.path.rpartition("/")[2]
        if last not in ROLES and self.kind != PARAMETER:
            hint = f"Let {self.path!r} end in the role. {did_you_mean(last, ROLES)}"
            raise FanwiseError("a path that ends in a role", self.path, hint)
        kinds = {isinstance(span, Span) for span in self.spans}
        if len(kinds) > 1 or (self.shape is None) == (True in kinds):
            hint = "Pass pairs on one axis, or Span values and the shape of the weight."
            raise FanwiseError(f"spans of {self.path!r} of one kind", self.spans, hint)
        if self.spans and (self.zero_row is not None or self.followers):
            hint = "Describe the whole parameter as one weight, or leave the two out."
            expected = f"no spans of {self.path!r}, which has a zero row or followers"
            raise FanwiseError(expected, self.spans, hint)

    def cut(self, part: Part, path: str) -> LayerWeight:
        """Describe a part of this weight.

        Args:
            part: where it lies in this one.
            path: its own, of which the last two segments count.

        Raises:
            FanwiseError: where this weight is not the whole parameter, or has rows or parameters
                that depend on it.
        """
        if not self.whole or self.zero_row is not None or self.followers:
            hint = "Leave out the split from the axes of its rule."
            received = Phrase(f"{part.whole}, which is a part of {self.parameter!r} or more")
            raise FanwiseError("a weight that is its whole parameter", received, hint)
        below = "/".join(path.split("/")[-2:])
        spans = ((part.start, part.stop),)
        return replace(self, path=below, spans=spans, axis=part.axis)

    def __hash__(self) -> int:
        # The rest mostly follows from these, and a slice has no hash.
        return hash((self.parameter, self.path, self.axes, self.kind))

    @cached_property
    def role(self) -> str:
        """The last segment of the path, where it is a role; else none, ``""``."""
        last = self.path.rpartition("/")[2]
        return last if last in ROLES else ""

    @property
    def whole(self) -> bool:
        """Whether it is all of its parameter."""
        return not self.spans

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters that it lies in."""
        if not self.spans:
            return (self.parameter,)
        names = [span.parameter for span in self.spans if isinstance(span, Span)]
        return tuple(dict.fromkeys(names)) or (self.parameter,)

    def shape_in(self, shapes: Shapes) -> Shape:
        """Work out the shape of the weight from those of the layer's parameters."""
        if self.shape is not None:
            return self.shape
        stored = shapes[self.parameter]
        if not self.spans:
            return stored
        length = sum(stop - start for start, stop in self._pairs)
        return (*stored[: self.axis], length, *stored[self.axis + 1 :])

    def blocks(self) -> tuple[Span, ...]:
        """Say where the weight lies, block by block."""
        if self.shape is not None:
            return tuple(span for span in self.spans if isinstance(span, Span))
        if not self.spans:
            return (Span(self.parameter),)
        before = (slice(None),) * self.axis
        ends = itertools.accumulate(stop - start for start, stop in self._pairs)
        return tuple(
            Span(
                self.parameter,
                (*before, slice(start, stop)),
                (*before, slice(end - (stop - start), end)),
            )
            for (start, stop), end in zip(self._pairs, ends, strict=True)
        )

    @property
    def _pairs(self) -> tuple[tuple[int, int], ...]:
        return tuple(span for span in self.spans if not isinstance(span, Span))
