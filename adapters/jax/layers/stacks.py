"""Layers whose arrays hold several of their kind: which axes tell them apart.

``nnx.vmap``, ``equinox.filter_vmap`` and Haiku's ``layer_stack`` leave the layer as it is, and
give its arrays one axis more. What the layer says of itself, e.g. ``in_features``, tells which.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from fanwise.adapters.jax.layers.collection import Names, Stack, StoredArray
from fanwise.spec.errors import FanwiseError, Phrase

Shape = tuple[int, ...]

_HINT: Final = "Set these layers one by one, or exclude them."


@dataclass(frozen=True)
class SeenArray:
    """An array of a model, and what its layer says of it.

    Attributes:
        path: of the layer that it belongs to.
        name: of the array, for errors.
        shape: that which is stored.
        declared: that which the layer has by its own account; None where nothing says it.
    """

    path: Names
    name: str
    shape: Shape
    declared: Shape | None = None


@dataclass(frozen=True)
class _Level:
    """One axis of layers of the arrays below a path.

    Attributes:
        root: the path.
        axes: of each array, the axis.
        unsure: the arrays of which other axes would do as well.
    """

    root: Names
    axes: dict[int, int]
    unsure: set[int]


def find_stacks(arrays: Mapping[int, SeenArray]) -> dict[int, StoredArray]:
    """Find the shape that its layer sees of each array, and the axes that it has beyond that.

    The number of a layer stands after the topmost path of which all arrays are stacked. An
    array of which nothing is declared is taken to be stacked where those around it are.

    Args:
        arrays: all arrays of a model, by their keys.

    Returns:
        The arrays by their keys.

    Raises:
        FanwiseError: for arrays that have not the axes that their layer declares, nor these
            and some more, and for layers of which some arrays are stacked, and some are not.
    """
    stored = {key: StoredArray(key, array.shape) for key, array in arrays.items()}
    left = dict(arrays)
    levels = list(_levels((), left))
    while levels:
        for level in levels:
            for key, axis in level.axes.items():
                array = left[key]
                shape = _without(array.shape, axis)
                stack = Stack(axis, array.shape[axis], len(level.root))
                left[key] = replace(array, shape=shape)
                stored[key] = replace(
                    stored[key],
                    shape=shape,
                    stacks=(*stored[key].stacks, stack),
                    certain=stored[key].certain and key not in level.unsure,
                )
        levels = [
            inner
            for level in levels
            for inner in _levels(level.root, {key: left[key] for key in level.axes})
        ]
    for array in left.values():
        if array.declared is not None and len(array.shape) != len(array.declared):
            name = "/".join((*array.path, array.name))
            received = Phrase(f"{name} of shape {array.shape}, declared as {array.declared}")
            expected = "a layer whose arrays are all stacked alike, or not at all"
            raise FanwiseError(expected, received, _HINT)
    return stored


def _levels(path: Names, arrays: Mapping[int, SeenArray]) -> Iterator[_Level]:
    """Find the topmost paths, from one on, below which all arrays are stacked."""
    level = _level(path, arrays)
    if level is not None:
        yield level
        return
    end = len(path)
    below: dict[Names, dict[int, SeenArray]] = {}
    for key, array in arrays.items():
        if len(array.path) > end:
            below.setdefault(array.path[: end + 1], {})[key] = array
    for inner, some in below.items():
        yield from _levels(inner, some)


def _level(root: Names, arrays: Mapping[int, SeenArray]) -> _Level | None:
    """Find the outermost axis of layers of some arrays; None where they have none together."""
    sizes = {
        key: {axis: array.shape[axis] for axis in _outer_axes(array)}
        for key, array in arrays.items()
    }
    if all(array.declared is None for array in arrays.values()) or not all(sizes.values()):
        return None
    # As vmap counts its axes: from the front, or the last one of all.
    front = set.intersection(*(set(axes.items()) for axes in sizes.values()))
    last = set.intersection(
        *(
            {(-1, size) for axis, size in axes.items() if axis == len(arrays[key].shape) - 1}
            for key, axes in sizes.items()
        )
    )
    counts = set.intersection(*(set(axes.values()) for axes in sizes.values()))
    if not counts:
        return None
    axes, unsure = {}, set()
    for key, array in arrays.items():
        options = [axis % len(array.shape) for axis, _ in (*sorted(front), *last)]
        # Or each by its shape alone.
        options = options or [axis for axis, size in sizes[key].items() if size == min(counts)]
        axes[key] = options[0]
        if len(set(options)) > 1:
            unsure.add(key)
    return _Level(root, axes, unsure)


def _outer_axes(array: SeenArray) -> list[int]:
    """Return the axes that may tell layers apart, the outermost where there are several."""
    if array.declared is None:
        return list(range(len(array.shape)))
    more = len(array.shape) - len(array.declared)
    if more <= 0:
        return []
    return sorted(
        {
            axes[0]
            for axes in itertools.combinations(range(len(array.shape)), more)
            if _without(array.shape, *axes) == array.declared
        }
    )


def _without(shape: Shape, *axes: int) -> Shape:
    return tuple(size for axis, size in enumerate(shape) if axis not in axes)
