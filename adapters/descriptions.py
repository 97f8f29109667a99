"""Whether the description of a layer fits the parameters that it has."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import replace
from typing import Final

from fanwise.adapters.layer_weights import Index, LayerWeight, Shape, Shapes
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.roles import FAN_ROLES

_HINT: Final = "Correct the description that register_layer was given."
#: Roles of which a layer may store a part only: the cells of Flax have a second bias for one gate.
_PARTIAL: Final = frozenset({"bias", "recurrent_bias"})


def listed_weights(weights: object, layer: str) -> tuple[LayerWeight, ...]:
    """List what a description gives.

    Args:
        weights: what the function that :func:`register_layer` was given returned.
        layer: what errors call the layer.

    Raises:
        FanwiseError: for anything but LayerWeights.
    """
    if not isinstance(weights, Iterable):
        raise _misfit(layer, "a LayerWeight for each weight", Phrase(type(weights).__name__))
    described = tuple(weights)
    for weight in described:
        if not isinstance(weight, LayerWeight):
            received = Phrase(type(weight).__name__)
            raise _misfit(layer, "a LayerWeight for each weight", received)
    return described


def present_weights(
    described: tuple[LayerWeight, ...], held: Container[str]
) -> tuple[LayerWeight, ...]:
    """Leave out what a layer does without, and the kernels so left out from their biases.

    Args:
        described: all that the layer may store.
        held: the names of the parameters that it has.
    """
    absent = {
        weight.path for weight in described if not any(name in held for name in weight.parameters)
    }
    if not absent:
        return described
    return tuple(
        replace(weight, beside=None) if weight.beside in absent else weight
        for weight in described
        if weight.path not in absent
    )


def checked_description(weights: object, shapes: Shapes, layer: str) -> tuple[LayerWeight, ...]:
    """Check the description of a layer against the parameters that it has.

    Args:
        weights: one for each weight, as :func:`register_layer` asks for.
        shapes: of the layer's parameters.
        layer: what errors call the layer.

    Raises:
        FanwiseError: for anything but a LayerWeight, a parameter that the layer does not
            have, a bias beside anything but a kernel, a parameter that is described in part,
            or twice, and blocks that do not make up their weight.
    """
    described = listed_weights(weights, layer)
    kernels = {weight.path for weight in described if weight.role in FAN_ROLES}
    for weight in described:
        _check_weight(weight, shapes, kernels, layer)
    _check_covered(described, shapes, layer)
    return described


def _check_weight(
    weight: LayerWeight, shapes: Shapes, kernels: Collection[str], layer: str
) -> None:
    """Raise where a weight lies in no parameter, or beside no kernel, or has no such row."""
    for name in weight.parameters:
        if name not in shapes:
            expected = f"a parameter of {layer}: {', '.join(shapes) or 'none'}"
            raise _misfit(layer, expected, name)
    if weight.beside is not None and weight.beside not in kernels:
        expected = f"the path of a kernel as what {weight.path} stands beside"
        raise _misfit(layer, expected, weight.beside)
    if weight.whole:
        rows = shapes[weight.parameter][:1]
        if weight.zero_row is not None and not (rows and weight.zero_row < rows[0]):
            raise _misfit(layer, f"a row of {weight.path} as zero_row", weight.zero_row)
    else:
        _check_blocks(weight, shapes, layer)


def _check_covered(described: Iterable[LayerWeight], shapes: Shapes, layer: str) -> None:
    """Raise where a parameter is described in part, or twice."""
    covered: dict[str, list[Index]] = {}
    for weight in described:
        if weight.whole:
            covered.setdefault(weight.parameter, []).append(())
            continue
        for block in weight.blocks():
            covered.setdefault(block.parameter, []).append(block.at)
    for name, blocks in covered.items():
        # Most weights are a whole parameter.
        if blocks != [()] and not _make_up(blocks, shapes[name]):
            expected = f"spans that make up {name} of shape {shapes[name]}, each element once"
            raise _misfit(layer, expected, Phrase(blocks))


def _check_blocks(weight: LayerWeight, shapes: Shapes, layer: str) -> None:
    """Raise where the blocks of a weight are not those of its parameters, or leave gaps."""
    if weight.shape is None and weight.axis >= len(shapes[weight.parameter]):
        raise _misfit(layer, f"an axis of {weight.parameter}", weight.axis)
    shape = weight.shape_in(shapes)
    blocks = weight.blocks()
    for block in blocks:
        stored, part = _box(block.at, shapes[block.parameter]), _box(block.part, shape)
        if stored is None or part is None or _size(stored) != _size(part):
            expected = f"blocks of {weight.path} as large in the weight as in the parameter"
            raise _misfit(layer, expected, Phrase(block))
    parts = [block.part for block in blocks]
    if not _make_up(parts, shape, gaps=weight.role in _PARTIAL):
        expected = f"blocks that make up {weight.path} of shape {shape}, each element once"
        raise _misfit(layer, expected, Phrase(parts))


def _misfit(layer: str, expected: str, received: object) -> FanwiseError:
    context = f"The description of {layer} does not fit it"
    return FanwiseError(expected, received, _HINT, context=context)


def _make_up(blocks: Sequence[Index], shape: Shape, *, gaps: bool = False) -> bool:
    """Tell whether blocks hold every element of a shape, or leave gaps, and hold none twice."""
    boxes = [_box(at, shape) for at in blocks]
    if any(box is None for box in boxes):
        return False
    known = [box for box in boxes if box is not None]
    apart = all(
        any(a[1] <= b[0] or b[1] <= a[0] for a, b in zip(box, other, strict=True))
        for box, other in itertools.combinations(known, 2)
    )
    held = sum(map(_size, known))
    return (apart or math.prod(shape) == 0) and (gaps or held == math.prod(shape))


def _size(box: Sequence[tuple[int, int]]) -> int:
    return math.prod(stop - start for start, stop in box)


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
