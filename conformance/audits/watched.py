"""Weights that tell how much of them has been read."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.layer_weights import Index
from fanwise.adapters.progress import Progress
from fanwise.adapters.stored_weights import StoredTensor
from fanwise.conformance.audits.sources import AuditedSource

_MEGABYTE: Final = 10**6
_BITS: Final = re.compile(r"\d+")


def watched(source: AuditedSource, progress: Progress) -> AuditedSource:
    """Return weights that tell, whenever some of them are read, how many megabytes have been.

    Args:
        source: the weights. What is read again does not count again.
        progress: told.
    """
    tensors = {
        tensor.name: tensor for stored in source.weights for tensor in stored.tensors.values()
    }
    count = _ReadCount(tensors, progress)
    weights = tuple(
        replace(stored, tensors={name: count.of(tensor) for name, tensor in stored.tensors.items()})
        for stored in source.weights
    )
    return replace(source, weights=weights)


class _ReadCount:
    """How many bytes of each tensor have been read."""

    def __init__(self, tensors: Mapping[str, StoredTensor], progress: Progress) -> None:
        self._sizes = {
            name: math.prod(tensor.shape) * _width(tensor.dtype) for name, tensor in tensors.items()
        }
        self._total = sum(self._sizes.values())
        self._read = dict.fromkeys(tensors, 0)
        self._done = 0
        self._progress = progress

    def of(self, tensor: StoredTensor) -> StoredTensor:
        """Return a tensor whose reading is counted."""

        def read(index: Index) -> NDArray[Any]:
            self._progress(
                self._done // _MEGABYTE, self._total // _MEGABYTE, f"megabytes, {tensor.name}"
            )
            values = tensor.read(index)
            self._add(tensor.name, np.size(values) * _width(tensor.dtype))
            return values

        return replace(tensor, read=read)

    def _add(self, name: str, count: int) -> None:
        new = min(count, self._sizes[name] - self._read[name])
        self._read[name] += new
        self._done += new


def _width(dtype: str) -> int:
    """Return how many bytes an element has, by the name of its dtype, such as ``"bfloat16"``."""
    bits = _BITS.search(dtype)
    return 1 if bits is None else max(1, int(bits[0]) // 8)
