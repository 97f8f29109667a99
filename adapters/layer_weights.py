"""What a layer stores: each of its weights, and where in its parameters the weight lies.

The one vocabulary of all three frameworks: a table of :class:`LayerWeight` describes every
layer, and whatever looks at a model reads that table.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean
from fanwise.spec.recipe import ROLES

#: The kind of a parameter that belongs to no known layer.
PARAMETER: Final = "parameter"

Index = tuple[Any, ...]
Shape = tuple[int, ...]
#: The shapes of a layer's parameters, by their names in the layer.
Shapes = Mapping[str, Shape]


@dataclass(frozen=True, slots=True)
class Span:
    """A block of a parameter that holds a block of a weight.

    Attributes:
        parameter: its name in the layer.
        at: the block of the parameter: an integer or a slice for each of its first axes;
            empty for all of it.
        part: the block of the weight, likewise.
    """

    parameter: str
    at: Index = ()
    part: Index = ()


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
        zero_row: a row that is zero whatever the recipe, as that of an embedding's padding.
        followers: parameters that start as a function of what this one starts with: each a
            name, and a function of an array.

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
        last = self.path.rpartition("/")[2]
        if last not in ROLES and self.kind != PARAMETER:
            hint = f"Let {self.path!r} end in the role. {did_you_mean(last, ROLES)}"
            raise FanwiseError("a path that ends in a role", self.path, hint)
        kinds = {isinstance(span, Span) for span in self.spans}
        if len(kinds) > 1 or (self.shape is None) == (True in kinds):
            hint = "Pass pairs on one axis, or Span values and the shape of the weight."
            raise FanwiseError(f"spans of {self.path!r} of one kind", self.spans, hint)

    @property
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


def checked_description(
    weights: Iterable[object], shapes: Shapes, layer: str
) -> tuple[LayerWeight, ...]:
    """Check what is told of a layer against the parameters that it has.

    Args:
        weights: one for each weight, as :func:`register_layer` asks for.
        shapes: of the layer's parameters.
        layer: what errors call the layer.

    Raises:
        FanwiseError: for anything but a LayerWeight, a parameter that the layer does not
            have, a kernel that a bias stands beside and nobody described, and a parameter
            that is described in part, or twice.
    """
    described = tuple(weights)
    context = f"The description of {layer} does not fit it"
    hint = "Correct what register_layer was given."
    covered: dict[str, list[Index]] = {}
    for weight in described:
        if not isinstance(weight, LayerWeight):
            received = Phrase(type(weight).__name__)
            raise FanwiseError("a LayerWeight for each weight", received, hint, context=context)
        for block in weight.blocks():
            if block.parameter not in shapes:
                names = ", ".join(shapes) or "none"
                expected = f"a parameter of {layer}: {names}"
                raise FanwiseError(expected, block.parameter, hint, context=context)
            covered.setdefault(block.parameter, []).append(block.at)
        paths = {other.path for other in described if isinstance(other, LayerWeight)}
        if weight.beside is not None and weight.beside not in paths:
            expected = f"the path of a kernel as what {weight.path} stands beside"
            raise FanwiseError(expected, weight.beside, hint, context=context)
    for name, blocks in covered.items():
        if blocks == [()]:
            continue  # a weight that is the whole parameter, as most are
        if not _make_up(blocks, shapes[name]):
            expected = f"spans that make up {name} of shape {shapes[name]}, each element once"
            raise FanwiseError(expected, Phrase(blocks), hint, context=context)
    return described  # type: ignore[return-value]


def _make_up(blocks: Sequence[Index], shape: Shape) -> bool:
    """Tell whether blocks hold every element of a shape, and none twice."""
    boxes = [_box(at, shape) for at in blocks]
    if any(box is None for box in boxes):
        return False
    known = [box for box in boxes if box is not None]
    apart = all(
        any(a[1] <= b[0] or b[1] <= a[0] for a, b in zip(box, other, strict=True))
        for box, other in itertools.combinations(known, 2)
    )
    held = sum(math.prod(stop - start for start, stop in box) for box in known)
    return (apart or math.prod(shape) == 0) and held == math.prod(shape)


def _box(at: Index, shape: Shape) -> list[tuple[int, int]] | None:
    """Return the (start, stop) of a block on every axis; None for what is outside of the shape."""
    if len(at) > len(shape):
        return None
    box = []
    for axis, size in enumerate(shape):
        part = at[axis] if axis < len(at) else slice(None)
        if isinstance(part, slice):
            start = 0 if part.start is None else part.start
            stop = size if part.stop is None else part.stop
        else:
            start, stop = part, part + 1
        if not 0 <= start <= stop <= size:
            return None
        box.append((start, stop))
    return box
