"""The memory of a model's weights: whether there is any, and whether two lie in the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.memory import ADDRESSED, byte_length, holds_nothing
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.torch.layers.ties import memory_key
from fanwise.spec.errors import FanwiseError, Phrase

#: A path, its tensor, and where in memory that begins and ends.
Extent = tuple[str, Tensor, int, int]


def check_memory(weights: Sequence[TensorWeight]) -> None:
    """Raise where some of the weights that are to be drawn have no memory, or share it in part.

    Raises:
        FanwiseError: for a model that is partly on the meta device, and for weights of which
            the one would be written over by the other.
    """
    _check_present(weights)
    pairs = [f"{path} and {other}" for path, other in _overlapping(weights)]
    if pairs:
        hint = (
            "Give each memory of its own, make them one parameter, or exclude= one of the two: "
            "it then holds what the other is given."
        )
        received = Phrase(f"{', '.join(pairs)} in the same memory")
        raise FanwiseError("weights that do not overlap", received, hint)


def _check_present(weights: Sequence[TensorWeight]) -> None:
    missing = [stored.weight.path for stored in weights if stored.on_meta]
    if missing and len(missing) < len(weights):
        hint = (
            "Materialize the whole model first (to_empty), leave these out by only= or exclude=, "
            "or ask for a dry run."
        )
        present = [stored.weight.path for stored in weights if not stored.on_meta]
        listed = ", ".join(_shortened(missing, present))
        context = f"On the meta device, unlike the others: {listed}"
        received = Phrase(f"{len(missing)} of {len(weights)} on the meta device")
        raise FanwiseError("weights that have memory", received, hint, context=context)


def _shortened(paths: Sequence[str], others: Sequence[str]) -> list[str]:
    """Name paths; several that begin alike, and as none of the others do, by their beginning."""
    beginnings = {
        "/".join(words[:end])
        for words in (other.split("/") for other in others)
        for end in range(len(words) + 1)
    }
    counts: dict[str, list[str]] = {}
    for path in paths:
        words = path.split("/")
        starts = ("/".join(words[: end + 1]) for end in range(len(words)))
        counts.setdefault(next((s for s in starts if s not in beginnings), path), []).append(path)
    return [
        f"{start}/** ({len(below)} weights)" if len(below) > 1 else below[0]
        for start, below in counts.items()
    ]


def _overlapping(weights: Sequence[TensorWeight]) -> Iterator[tuple[str, str]]:
    """Give the paths of weights that have elements in common, without being one."""
    extents = sorted(_extents(weights), key=_place)
    for number, (path, tensor, _, end) in enumerate(extents):
        for other, second, start, _ in extents[number + 1 :]:
            if start >= end or second.device != tensor.device:
                break
            if memory_key(tensor) != memory_key(second) and np.shares_memory(
                _in_place(tensor), _in_place(second)
            ):
                yield path, other


def _extents(weights: Sequence[TensorWeight]) -> Iterator[Extent]:
    """Give the extent of every tensor that weights lie in, once."""
    seen = set()
    for stored in weights:
        for tensor in stored.tensors.values():
            if id(tensor) in seen:
                continue
            seen.add(id(tensor))
            memory = sharded.local_part(tensor) if sharded.is_sharded(tensor) else tensor
            length = byte_length(memory)
            if length == 0 or holds_nothing(memory) or memory.device.type not in ADDRESSED:
                continue
            start = memory.data_ptr()
            yield stored.weight.path, memory, start, start + length


def _place(extent: Extent) -> tuple[str, int]:
    """Order extents by their devices, and by where they begin there."""
    _, tensor, start, _ = extent
    return "" if tensor.is_cpu else str(tensor.device), start


def _in_place(tensor: Tensor) -> NDArray[Any]:
    """Describe where the elements of a tensor lie, on whatever device; nothing is read."""

    class Place:
        __array_interface__ = {  # noqa: RUF012 (NumPy asks for a dict)
            "version": 3,
            "data": (tensor.data_ptr(), False),
            "typestr": f"|V{tensor.itemsize}",
            "shape": tuple(tensor.shape),
            "strides": tuple(stride * tensor.itemsize for stride in tensor.stride()),
        }

    return np.asarray(Place())
