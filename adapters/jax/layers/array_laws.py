"""What an array is drawn by, as the layer that holds it declares it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from fanwise.adapters.layer_weights import LayerWeight, Shape
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE, layout
from fanwise.spec.fans import MODES
from fanwise.spec.scheme import Scheme
from fanwise.spec.weights import Start, Weight


@dataclass(frozen=True)
class ArrayLaw:
    """What a layer gives to draw one of its arrays by.

    Attributes:
        scheme: what is drawn; None where that has no translation.
        fan: the fan that the framework counts, where the scheme needs one.
        axes: of the array, where the scheme is about a matrix, whose columns are the outputs.
        text: what the layer gives, in words.
    """

    scheme: Scheme | None
    fan: float | None = None
    axes: str | None = None
    text: str = field(default="", compare=False)


def start_of(
    weight: Weight, laws: Sequence[ArrayLaw | None], described: LayerWeight | None = None
) -> Start | None:
    """Say what a weight starts with, by what its arrays are drawn by.

    Args:
        weight: the weight, as one layer has it.
        laws: of the arrays that hold it.
        described: where it lies in them; None for all of one array.

    Returns:
        The start: without a scheme where none has the same law. None where nothing is declared.
    """
    told = [law for law in laws if law is not None]
    if not told or len(told) < len(laws):
        return None
    law = told[0]
    if any(other != law for other in told):
        texts = " and ".join(dict.fromkeys(other.text for other in told))
        return Start(None, text=f"parts that start each in its own way: {texts}")
    if law.scheme is None:
        return Start(None, text=law.text)
    if not law.scheme.entry.structured:
        return Start(_with_fan(law.scheme, law.fan, weight), text=law.text)
    stored = (weight.shape, weight.axes) if described is None else _as_stored(weight, described)
    batches = None if stored is None else _count_batches(law.scheme, law.axes or "kernel", *stored)
    if batches is None:
        return Start(None, text=f"{law.text}, a matrix of other axes than {weight.axes!r}")
    return Start(law.scheme, batches or None, law.text)


def spread_axes(axes: str, flat: Shape, shape: Shape) -> str:
    """Return the axes of an array that is drawn as a flat matrix, and then given its shape."""
    rows, columns = axes.split()
    count = next(n for n in range(len(shape) + 1) if math.prod(shape[len(shape) - n :]) == flat[1])
    return " ".join([*[rows] * (len(shape) - count), *[columns] * count])


def _with_fan(scheme: Scheme, fan: float | None, weight: Weight) -> Scheme:
    """Give a scheme the fan that the framework counts, unless Fanwise counts the same."""
    fans, mode = weight.fans, scheme.fan_mode
    if fan is None or mode is None:
        return scheme
    if weight.beside is None and fans is not None and MODES[mode](fans) == fan:
        return scheme
    return scheme.replace(fan=fan)


def _as_stored(weight: Weight, described: LayerWeight) -> tuple[Shape, str] | None:
    """Return the shape and the axes of a weight in its array; None for a part of an array."""
    if described.whole:
        return weight.shape, weight.axes
    if described.shape is None or not weight.axes.startswith(f"{BATCH} "):
        return None
    (count, *shape), words = weight.shape, weight.axes.split()[1:]
    if len(described.parameters) == count:
        return tuple(shape), " ".join(words)
    # The batches lie side by side, on the last axis.
    return (*shape[:-1], count * shape[-1]), " ".join([*words[:-1], f"({count} {words[-1]})"])


def _count_batches(scheme: Scheme, drawn: str, shape: Shape, axes: str) -> str | None:
    """Say what the batches of a weight count as in the matrix that it is drawn as.

    Args:
        scheme: a structured one.
        drawn: the axes of the matrix.
        shape, axes: of the weight.

    Returns:
        ``"in"``, ``"out"``, or ``""`` for a matrix each; None where the weight is no such matrix.
    """
    stored, matrix = layout(shape, axes), layout(shape, drawn)
    if stored.axes == matrix.axes:
        return ""
    if scheme.family != "orthogonal" or BATCH in matrix.roles:
        return None
    # Any order of its rows and columns is as likely as any other, and so is the transpose.
    columns: dict[str, set[bool]] = {IN: set(), OUT: set(), BATCH: set()}
    for size, axis, given in zip(shape, stored.axes, matrix.axes, strict=True):
        if size > 1:
            role = IN if axis.role == RECEPTIVE else axis.role
            for named in (role, BATCH) if axis.batches > 1 else (role,):
                columns[named].add(given.role == OUT)
    apart = columns[IN] != columns[OUT] or not columns[IN]
    if any(len(sides) > 1 for sides in columns.values()) or not apart:
        return None
    if not columns[BATCH]:
        return ""
    return OUT if columns[BATCH] == columns[OUT] else IN
