"""Fingerprints of a weight: windows of its elements that are chosen by what they hold.

A window is chosen by the hash of its first elements, so that the same values are chosen wherever
they lie, and in whatever weight: what two weights share shows, at any offset, without a comparison
of all with all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.conformance.audits.unaided.counts import MAGNITUDE, PIECE

#: Elements of a window: 7-bit numbers, too, do not have sixteen alike by chance.
WINDOW: Final = 16
#: A window of fewer different numbers is a pattern, not a draw.
_DIFFERENT: Final = 8
#: How many windows are kept of a weight, about.
WINDOWS: Final = 1024
#: How many at the most of one piece, whatever it holds.
_MOST: Final = 4 * WINDOWS
#: How many single values are kept of a weight, to tell copies in another order.
VALUES: Final = 256
_FIRST, _SECOND = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77)
_ODD: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))


@dataclass
class Prints:
    """The fingerprints of one weight.

    Attributes:
        size: the number of its elements.
        hashes: two hashes for each chosen window, the signs of its elements left out.
        offsets: where each begins, in the order in which the weight was read.
        firsts: the first element of each.
        values: the elements whose hashes are least, as words without a sign, each once.
    """

    size: int
    hashes: NDArray[np.uint64] = field(default_factory=lambda: np.empty((0, 2), np.uint64))
    offsets: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    firsts: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))
    values: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))

    def add(self, piece: NDArray[np.float32], offset: int) -> None:
        """Choose windows of a flat piece that begins at an offset."""
        words = piece.view(np.uint32) & MAGNITUDE
        mixed = words * _FIRST
        self._keep_values(words, mixed)
        if len(words) < WINDOW or len(self.offsets) >= _MOST:
            return
        mixed = mixed[:-1] + words[1:] * _SECOND
        mixed ^= mixed >> np.uint32(15)
        mixed *= _SECOND
        share = min(1.0, WINDOWS / self.size)
        chosen = np.flatnonzero(mixed[: len(words) - WINDOW + 1] <= np.uint32(share * (2**32 - 1)))
        chosen = chosen[words[chosen] != 0][:_MOST]
        if not len(chosen):
            return
        windows = words[chosen[:, None] + np.arange(WINDOW)]
        ordered = np.sort(windows, axis=1)
        varied = (np.diff(ordered, axis=1) != 0).sum(axis=1) >= _DIFFERENT - 1
        chosen, windows = chosen[varied], windows[varied]
        self.hashes = np.concatenate([self.hashes, _hashes(windows)])
        self.offsets = np.concatenate([self.offsets, chosen + offset])
        self.firsts = np.concatenate([self.firsts, piece[chosen]])

    def _keep_values(self, words: NDArray[np.uint32], mixed: NDArray[np.uint32]) -> None:
        """Keep the words whose hashes are least."""
        limit = np.uint32(min(1.0, 4 * VALUES / self.size) * (2**32 - 1))
        least = words[mixed <= limit]
        if len(least):
            merged = np.unique(np.concatenate([self.values, least[least != 0][:PIECE]]))
            order = np.argsort(merged * _FIRST, kind="stable")
            self.values = merged[order[:VALUES]]


def _hashes(windows: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return two hashes of each window: polynomials in odd numbers, modulo 2⁶⁴."""
    hashed = np.zeros((len(windows), 2), np.uint64)
    for place in range(WINDOW):
        for column, odd in enumerate(_ODD):
            hashed[:, column] = hashed[:, column] * odd + windows[:, place]
    return hashed ^ (hashed >> np.uint64(29))
