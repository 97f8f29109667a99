"""Blocks of weights chosen at random, and which faults such a sample misses."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from random import SystemRandom
from typing import Any, Final

from numpy.typing import NDArray

from fanwise.adapters.stored_weights import StoredWeight, Where
from fanwise.spec.errors import FanwiseError

#: How many elements a block of a sample has at most.
SAMPLED: Final = 1 << 16
#: A fault is called seen where a sample misses it this often.
RATE: Final = 0.01


class BlockSample:
    """Blocks of some weights: so many of all, each as likely, and one of every weight.

    Args:
        weights: the weights.
        count: how many blocks, beside that of every weight; all, if there are no more.

    Attributes:
        count: how many blocks were chosen among all.
        total: how many there are.
        chosen: how many were, with those of every weight.

    Raises:
        FanwiseError: for what is no count.

    Examples:
        >>> import numpy as np
        >>> from fanwise.adapters.held_weights import held_weights
        >>> _, weights = held_weights({"out.weight": np.zeros((1024, 1024), np.float32)})
        >>> sample = BlockSample(weights, 4)
        >>> sample.count, sample.total, sample.missed(1), sample.missed(8)
        (4, 16, 0.75, 0.038461538461538464)
    """

    def __init__(self, weights: Sequence[StoredWeight], count: int) -> None:
        if type(count) is not int or count < 1:
            hint = "Pass a number of blocks, such as 1000, or leave it out to compare all."
            raise FanwiseError("a number of blocks, from 1, as sample", count, hint)
        counts = [sum(1 for _ in stored.places(SAMPLED)) for stored in weights]
        self.total = sum(counts)
        self.count = min(count, self.total)
        chance = SystemRandom()  # which blocks are looked at is not to be known before
        self._chosen: defaultdict[int, set[int]] = defaultdict(set)
        ends = list(accumulate(counts))
        for number in chance.sample(range(self.total), self.count):
            at = bisect_left(ends, number + 1)
            self._chosen[id(weights[at])].add(number - (ends[at] - counts[at]))
        for stored, held in zip(weights, counts, strict=True):
            if held:
                self._chosen[id(stored)].add(chance.randrange(held))
        self.chosen = sum(map(len, self._chosen.values()))
        self._weights = tuple(weights)  # kept, so that none of the ids is given again

    def blocks(self, stored: StoredWeight) -> Iterator[tuple[Where, NDArray[Any]]]:
        """Read the blocks of a weight that were chosen."""
        chosen = self._chosen[id(stored)]
        for number, where in enumerate(stored.places(SAMPLED)):
            if number in chosen:
                yield where, stored.block(where)

    def missed(self, faulty: int) -> float:
        """Return how likely a fault is missed.

        Args:
            faulty: in how many of the blocks it is.
        """
        right = self.total - faulty
        if right < self.count:
            return 0.0
        # The hypergeometric probability of none, as a product that no factorial overflows.
        return math.prod((right - n) / (self.total - n) for n in range(self.count))

    @property
    def smallest_seen(self) -> int:
        """From how many faulty blocks on a sample misses a fault once in a hundred at most."""
        low, high = 1, max(self.total, 1)
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.missed(middle) <= RATE else (middle + 1, high)
        return low

    def __str__(self) -> str:
        if self.count == self.total:
            return f"all {self.total:,} blocks of at most {SAMPLED:,} elements"
        seen = self.smallest_seen
        return (
            f"{self.count:,} of {self.total:,} blocks of at most {SAMPLED:,} elements, chosen at "
            f"random, and one of every weight. A fault that lies in {seen:,} or more of them "
            f"({seen / self.total:.2%}) is missed once in a hundred times at the most; one that "
            f"lies in a single block, {100 * self.missed(1):.4g} times"
        )
