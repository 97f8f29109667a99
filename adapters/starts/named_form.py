"""The tensors of a start under the names, and in the shapes, that a model has for them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.starts.placed_weights import PlacedWeight
from fanwise.adapters.starts.start_tensors import Blocks, StartPart, StartTensor, whole_of
from fanwise.adapters.starts.weight_blocks import CopiedBlocks, WholeBlocks, in_storage
from fanwise.adapters.stored_weights import StoredTensor
from fanwise.core.dtypes import format_of
from fanwise.spec.plan import Planned

#: The dtype that a tensor has in the file.
DtypeOf = Callable[[StoredTensor], str]
#: What makes an array of NumPy into one that the functions of a framework's layers take.
ArrayOf = Callable[[NDArray[Any]], Any]


class NamedTensors:
    """The tensors of a model, with what of them is drawn.

    Args:
        tensors: all that the file is to hold, by their names.
        dtype_of: tells the dtype that one has in the file.
        array_of: makes what functions of a framework's layers take.
    """

    def __init__(
        self, tensors: Mapping[str, StoredTensor], dtype_of: DtypeOf, array_of: ArrayOf
    ) -> None:
        self._tensors, self._dtype_of, self._array_of = tensors, dtype_of, array_of
        self._parts: dict[str, list[StartPart]] = {}
        self._paths: dict[str, list[str]] = {}

    def name_of(self, tensor: StoredTensor) -> str:
        """Return the name that the file has for a tensor; ``""`` where it leaves it out."""
        names = (tensor.name, *tensor.aliases)
        return next((name for name in names if name in self._tensors), "")

    def names_of(self, placed: PlacedWeight) -> tuple[str, ...]:
        """Return the names that the file has for the tensors that a weight lies in."""
        names = (self.name_of(tensor) for tensor in placed.tensors.values())
        return tuple(dict.fromkeys(filter(None, names)))

    def add(self, placed: PlacedWeight, planned: Planned, seed: int) -> None:
        """Note what is drawn of a weight.

        Args:
            placed: the weight.
            planned: it and its scheme.
            seed: of the whole start.
        """
        dtype = self._dtype_of(placed.first)
        source = placed.drawn(planned, seed, dtype)
        for tensor, part in placed.parts(source, dtype):
            self._add(self.name_of(tensor), part, planned.weight.path)
        for follower, function in placed.description.followers:
            stem = placed.first.name.removesuffix(placed.description.parameter)
            name = f"{stem}{follower}"
            if name in self._tensors:
                shape = self._tensors[name].shape
                own = self._dtype_of(self._tensors[name])
                drawn = partial(_drawn_numbers, source, placed.shape, dtype)
                make = partial(_followed, drawn, self._array_of, function, own)
                axes = tuple(range(len(shape)))
                whole = whole_of(shape)
                part = StartPart(whole, axes, WholeBlocks(make), whole, axes)
                self._add(name, part, planned.weight.path)

    def copied(self) -> Iterator[StoredTensor]:
        """Give the tensors some of which is not drawn."""
        for name, tensor in self._tensors.items():
            parts = self._parts.get(name, ())
            # Of an empty one nothing is missing; where nothing is drawn into it, it is copied too.
            if not parts or _covered(parts) < math.prod(tensor.shape):
                yield tensor

    def finished(self) -> tuple[StartTensor, ...]:
        """Return all tensors, in the order of the model."""
        copied = {id(tensor) for tensor in self.copied()}
        return tuple(
            self._finished(name, tensor, is_copied=id(tensor) in copied)
            for name, tensor in self._tensors.items()
        )

    def _finished(self, name: str, tensor: StoredTensor, *, is_copied: bool) -> StartTensor:
        dtype = self._dtype_of(tensor)
        parts = self._parts.get(name, [])
        if is_copied:
            whole, axes = whole_of(tensor.shape), tuple(range(len(tensor.shape)))
            source = CopiedBlocks(tensor.read, dtype)
            parts = [StartPart(whole, axes, source, whole, axes), *parts]
        paths = tuple(dict.fromkeys(self._paths.get(name, ())))
        return StartTensor(name, tensor.shape, dtype, tuple(parts), paths, is_copied)

    def _add(self, name: str, part: StartPart, path: str) -> None:
        if name:
            self._parts.setdefault(name, []).append(part)
            self._paths.setdefault(name, []).append(path)


def _covered(parts: Sequence[StartPart]) -> int:
    """Count the elements that parts hold, of which no two have any in common."""
    return sum(math.prod(here.stop - here.start for here in part.at) for part in parts)


def _followed(
    drawn: Callable[[], NDArray[Any]],
    array_of: ArrayOf,
    function: Callable[[Any], Any],
    dtype: str,
) -> NDArray[Any]:
    """Work out what starts as a function of a weight."""
    return in_storage(np.asarray(function(array_of(drawn()))), dtype)


def _drawn_numbers(source: Blocks, shape: Sequence[int], dtype: str) -> NDArray[Any]:
    """Draw all of a weight, in numbers that NumPy has."""
    stored = np.empty(shape, format_of(dtype).storage)
    source.write(whole_of(shape), stored)
    if dtype != "bfloat16":
        return stored
    return np.asarray(stored.astype(np.uint32) << np.uint32(16)).view(np.float32)
