"""The beginnings of the streams of a model, by which a weight on another one's is known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

import numpy as np

from fanwise.conformance.audits.known_faults.bit_patterns import Floats, StreamDraw, numbers
from fanwise.conformance.audits.known_faults.deviating_weight import DeviatingWeight
from fanwise.core.keys import stream_keys
from fanwise.core.philox import words
from fanwise.core.quantile import normal_integer

#: So many elements of each stream are kept, and fewer tell nothing.
_LENGTH: Final = 16
_FEWEST: Final = 6
#: How near the order of the values must be to that of a stream.
_ALIKE: Final = 0.85


class StreamTable:
    """The beginnings of the streams of all weights of a model.

    Args:
        draws: what every weight should have been drawn from, by its path.
    """

    def __init__(self, draws: Mapping[str, StreamDraw]) -> None:
        self._draws = draws

    @cached_property
    def _paths(self) -> list[str]:
        return list(self._draws)

    @cached_property
    def _beginnings(self) -> Floats:
        """A row for each path: standard normals."""
        seeds = {draw.seed for draw in self._draws.values()}
        keys = stream_keys(seeds.pop(), self._paths) if seeds else []
        start = np.zeros(1, np.uint64)
        rows = [normal_integer(words(key, start, _LENGTH)[0]).astype(np.float64) for key in keys]
        return np.array(rows).reshape(-1, _LENGTH)

    def paths_like(self, deviating: DeviatingWeight) -> list[str]:
        """Return the paths whose streams begin as the values of a weight do."""
        held = beginning(deviating, _LENGTH)
        if held.size < _FEWEST or not np.isfinite(held).all() or held.std() == 0:
            return []
        rows = self._beginnings[:, : held.size]
        rows = rows - rows.mean(axis=1, keepdims=True)
        centred = held - held.mean()
        lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(centred)
        alike = (rows @ centred) / np.maximum(lengths, 1e-300)
        return [self._paths[n] for n in np.flatnonzero(np.abs(alike) > _ALIKE)]


def beginning(deviating: DeviatingWeight, length: int) -> Floats:
    """Return the values of a weight that are the first ones of its stream.

    Args:
        deviating: the weight.
        length: how many; fewer of a smaller weight.
    """
    layout = deviating.draw.resolved.layout
    if not layout.shape:
        return numbers(deviating.bits(()), deviating.dtype).reshape(-1)
    count = min(length, layout.size)
    canonical = np.unravel_index(np.arange(count), layout.canonical)
    expanded = [np.zeros(0, np.intp)] * len(layout.expanded)
    for place, axis in zip(canonical, layout.order, strict=True):
        expanded[axis] = np.asarray(place)
    places = np.unravel_index(np.ravel_multi_index(expanded, layout.expanded), layout.shape)
    where = tuple(slice(int(p.min()), int(p.max()) + 1) for p in places)
    block = numbers(deviating.bits(where), deviating.dtype)
    inside = tuple(p - part.start for p, part in zip(places, where, strict=True))
    return np.asarray(block[inside]).reshape(-1)
