"""What the builds of a model hold: of each weight a sample of its values, and their moments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.captures.moments import SampleMoments, Sums, Values
from fanwise.adapters.observed_values import sample_step
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan_checks import some
from fanwise.spec.weights import Weight

#: How many values of a weight are kept for its distribution, of all builds together.
KEPT: Final = 4096
#: About how many values of a weight are looked at in each build.
SAMPLED: Final = 1 << 14
#: As few builds can show what differs.
FEWEST: Final = 2
#: The bytes of a float64.
_WIDE: Final = 8


@dataclass(frozen=True)
class WeightSample:
    """A weight, and what several builds of its model hold.

    Attributes:
        stored: the weight in the first build.
        moments: of the values that are drawn, of all builds; None where nothing is.
        some: some of these values, from all over the weight.
        is_fixed: whether all builds hold the same.
        zero_share: the share of the values that are zero under every seed, padding aside.
        constant: the one value that all builds hold throughout; None where there are several.
        repeated: the share of the values that are one number, which is not zero.
        lengths: the root of the sum of the squares of all values, in each build.
    """

    stored: StoredWeight
    moments: SampleMoments | None
    some: Values
    is_fixed: bool
    zero_share: float = 0.0
    constant: float | None = None
    repeated: float = 0.0
    lengths: tuple[float, ...] = ()

    @property
    def weight(self) -> Weight:
        """The weight as a recipe sees it."""
        return self.stored.weight

    @property
    def path(self) -> str:
        """Its path."""
        return self.weight.path


def samples_of(builds: Iterable[Sequence[StoredWeight]]) -> tuple[WeightSample, ...]:
    """Take a sample of each weight of a model.

    Args:
        builds: the weights of one model under several seeds; of the first they are kept, the
            others are let go one by one.

    Raises:
        FanwiseError: for builds whose weights are not the same, or fewer than two of them.
    """
    first: Sequence[StoredWeight] = ()
    parts: list[list[NDArray[Any]]] = []
    sums: list[Sums] = []
    fixed: list[bool] = []
    number = 0
    for number, weights in enumerate(builds, 1):
        if number == 1:
            first = weights
            parts = [[_sample(stored)] for stored in weights]
            sums = [Sums() for _ in weights]
            fixed = [True] * len(parts)
            continue
        check_same_weights(first, weights, number)
        for place, (before, stored) in enumerate(zip(first, weights, strict=True)):
            values = _sample(stored)
            was_fixed = fixed[place]
            if not np.array_equal(values, parts[place][0], equal_nan=True):
                fixed[place] = False
            elif fixed[place] and not _are_equal(before, stored):
                # They differ where the sample has nothing, so all is looked at.
                fixed[place] = False
                parts[place] = [_flat(before)] * (number - 1)
            if not fixed[place]:
                for build in (before, stored) if was_fixed else (stored,):
                    for _ in range(number - 1 if build is before else 1):
                        sums[place].add(build)
            parts[place].append(values if values.size == parts[place][0].size else _flat(stored))
    if number < FEWEST:
        hint = "Build the model under three to five seeds, so that what is drawn differs."
        raise FanwiseError(f"at least {FEWEST} builds of a model", number, hint)
    every = zip(first, parts, sums, fixed, strict=True)
    return tuple(
        _summed(stored, held, total, is_fixed=is_fixed) for stored, held, total, is_fixed in every
    )


def check_same_weights(
    first: Sequence[StoredWeight], other: Sequence[StoredWeight], number: int
) -> None:
    """Raise where two builds of a model have other weights.

    Args:
        first: those of the first build.
        other: those of another one.
        number: of the other build.
    """
    known = {stored.weight.path: stored.weight.shape for stored in first}
    others = {stored.weight.path: stored.weight.shape for stored in other}
    if list(known.items()) == list(others.items()):
        return
    differing = [
        path for path in {**known, **others} if known.get(path) != others.get(path)
    ] or list(known)
    hint = "Let the factory build the same model every time, whatever the seed."
    received = Phrase(f"build {number}, which differs in {some(differing)}")
    raise FanwiseError("builds of one model", received, hint)


def _summed(
    stored: StoredWeight, parts: Sequence[NDArray[Any]], sums: Sums, *, is_fixed: bool
) -> WeightSample:
    values = np.stack(parts).astype(np.float64)
    if not values.size or is_fixed:
        first = float(values.flat[0]) if values.size else 0.0
        is_constant = bool(values.size) and bool((values[0] == first).all())
        sample = values[0] if values.size else np.empty(0)
        return WeightSample(
            stored, None, sample, is_fixed=True, constant=first if is_constant else None
        )
    zeros = np.asarray((values == 0).all(axis=0))
    drawn = values[:, ~zeros].reshape(-1)
    share, row = float(zeros.mean()), stored.description.zero_row
    if row is not None:
        share = 1 / stored.weight.shape[0]
    step = max(1, drawn.size // KEPT) | 1
    return WeightSample(
        stored,
        sums.moments(drawn, share) if np.isfinite(drawn).all() else None,
        drawn[::step],
        is_fixed=False,
        zero_share=0.0 if row is not None else share,
        repeated=_repeated(drawn[::step]),
        lengths=tuple(sums.lengths),
    )


def _repeated(values: Values) -> float:
    """Return the share of the value that is there most often, if it is there twice."""
    _, counts = np.unique(values, return_counts=True)
    most = int(counts.max()) if counts.size else 0
    return most / values.size if most > 1 else 0.0


def _sample(stored: StoredWeight) -> NDArray[Any]:
    step = sample_step(stored.size, SAMPLED)
    parts = [block.reshape(-1)[::step] for _, block in stored.blocks()]
    flat = np.concatenate(parts) if parts else np.empty(0, np.float32)
    return flat.astype(np.float32 if flat.dtype.itemsize < _WIDE else np.float64)


def _flat(stored: StoredWeight) -> NDArray[Any]:
    return np.asarray(stored.values(), np.float64).reshape(-1)


def _are_equal(stored: StoredWeight, other: StoredWeight) -> bool:
    return all(
        np.array_equal(block, held)
        for (_, block), (_, held) in zip(stored.blocks(), other.blocks(), strict=True)
    )
