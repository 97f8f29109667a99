"""Tensors that torch's layers compute from what a state dict holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.layer_weights import Index
from fanwise.adapters.stored_weights import StoredTensor, blocks_of

#: A parametrized tensor: the module, its name, and what it is computed from.
_PARAMETRIZED: Final = re.compile(r"(?P<at>(?:.+\.)?)parametrizations\.(?P<name>[^.]+)\.(?P<of>.+)")
#: How far the size of weight normalization may be from that of its direction, in units of the
#: last place, when the two were made from one weight.
_ROUNDINGS: Final = 64


class ComputedTensor(NamedTuple):
    """What a layer computes: the name that it has, those of its sources, and its values."""

    name: str
    sources: tuple[str, ...]
    tensor: StoredTensor


def with_computed(tensors: Mapping[str, StoredTensor]) -> dict[str, StoredTensor]:
    """Put what is computed in the place of what it is computed from, under the name that it has.

    Weight normalization, spectral normalization and pruning are known, in torch's old and new
    form. Of the latter two the stored weight counts, as it was drawn.

    Args:
        tensors: those of a state dict, by their names.
    """
    computed = dict(tensors)
    for name, sources, tensor in _found(tensors):
        for source in sources:
            computed.pop(source, None)
        computed[name] = replace(tensor, name=name)
    return computed


def _found(tensors: Mapping[str, StoredTensor]) -> Iterator[ComputedTensor]:
    """Give all that is computed."""
    parametrized: dict[str, dict[str, str]] = {}
    for name in tensors:
        match = _PARAMETRIZED.fullmatch(name)
        if match is not None:
            parametrized.setdefault(match["at"] + match["name"], {})[match["of"]] = name
        else:
            yield from _by_old_names(name, tensors)
    for name, sources in parametrized.items():
        originals = [tensors[sources[of]] for of in sorted(sources) if of.startswith("original")]
        if len(originals) == 1:
            yield ComputedTensor(name, tuple(sources.values()), originals[0])
        elif len(originals) == 2 and _is_weight_norm(*originals):
            yield ComputedTensor(name, tuple(sources.values()), _normalized(*originals))


def _by_old_names(name: str, tensors: Mapping[str, StoredTensor]) -> Iterator[ComputedTensor]:
    """Give what is computed from a tensor, by the names that torch used before 2.0."""
    tensor, bare = tensors[name], name.rpartition("_")[0]
    if name.endswith("_v") and (size := tensors.get(f"{bare}_g")) is not None:
        if _is_weight_norm(size, tensor):
            yield ComputedTensor(bare, (size.name, name), _normalized(size, tensor))
    elif name.endswith("_orig"):
        beside = (f"{bare}_{word}" for word in ("u", "v", "mask"))
        if others := tuple(other for other in beside if other in tensors):
            yield ComputedTensor(bare, (name, *others), tensor)


def _is_weight_norm(size: StoredTensor, direction: StoredTensor) -> bool:
    """Tell whether one tensor holds the lengths of vectors that another one is made of."""
    return len(size.shape) == len(direction.shape) > 0 and all(
        a in (1, b) for a, b in zip(size.shape, direction.shape, strict=True)
    )


class _WeightNorm:
    """The factor between a direction and the weight of its length, worked out when it is needed."""

    def __init__(self, size: StoredTensor, direction: StoredTensor) -> None:
        self.size, self.direction = size, direction

    @cached_property
    def factor(self) -> NDArray[np.float64] | None:
        """The factor; None where all of it is 1, so that the direction is the weight."""
        shape = self.size.shape
        squares = np.zeros(shape)
        over = tuple(axis for axis, length in enumerate(shape) if length == 1)
        for where, block in blocks_of(self.direction):
            at = tuple(slice(0, 1) if axis in over else where[axis] for axis in range(len(shape)))
            squares[at] += np.square(block.astype(np.float64)).sum(axis=over, keepdims=True)
        lengths = np.sqrt(squares)
        size = np.asarray(self.size.read(()))
        rounding = _ROUNDINGS * float(np.finfo(np.float32).eps)
        if size.dtype == np.float16 or self.size.dtype == "bfloat16":
            rounding = 2.0**-6
        size = size.astype(np.float64)
        if np.all(np.abs(size - lengths) <= rounding * lengths):
            return None
        factor: NDArray[np.float64] = np.divide(
            size, lengths, out=np.zeros(shape), where=lengths > 0
        )
        return factor

    def read(self, index: Index) -> NDArray[Any]:
        """Read a block of the weight."""
        values = np.asarray(self.direction.read(index))
        if self.factor is None:
            return values
        whole = (*index, *[slice(None)] * (len(self.size.shape) - len(index)))
        at = tuple(
            chosen if length > 1 else (0 if isinstance(chosen, int) else slice(None))
            for chosen, length in zip(whole, self.size.shape, strict=True)
        )
        return np.asarray((values * self.factor[at]).astype(values.dtype))


def _normalized(size: StoredTensor, direction: StoredTensor) -> StoredTensor:
    """Describe a weight of weight normalization.

    As it starts, its size is that of its direction, which is then the weight itself.
    """
    return replace(direction, read=_WeightNorm(size, direction).read)
