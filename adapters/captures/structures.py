"""Random matrices whose elements are fixed together: orthogonal, delta orthogonal, sparse."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.captures.places import Place
from fanwise.adapters.captures.samples import WeightSample
from fanwise.adapters.captures.scales import has_batches
from fanwise.adapters.captures.starts import RuleStart
from fanwise.adapters.observed_values.numbers import (
    Range,
    exact_number,
    measured_number,
    short_numbers,
)
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE, layout, with_batches_as
from fanwise.spec.errors import FanwiseError
from fanwise.spec.roles import BATCHES

_MATRIX: Final = 2
#: How many rows of a matrix are multiplied with each other.
_ROWS: Final = 48
#: No larger weight is read for this.
_LARGEST: Final = 1 << 26
#: By how much the products of rows may be off, by float32 and by narrower dtypes.
_NEAR: Final = 2e-5
_NARROW: Final = 3e-2
#: By how much lengths may differ that are to be one, by float32 and by narrower dtypes.
_SAME: Final = 1e-5
_NARROW_SAME: Final = 1e-3
#: Lengths are not told closer than this.
_EXACT: Final = 1e-7
#: How likely it may be that the lengths of draws are so close.
_CHANCE: Final = 1e-5
#: Factors that people give an orthogonal matrix.
_GAINS: Final = {
    math.sqrt(2): "sqrt(2)",
    5 / 3: "5 / 3",
    1 / math.sqrt(2): "1 / sqrt(2)",
    2 / math.sqrt(5): "2 / sqrt(5)",
}
#: So many numbers that are zero at random are a pattern.
_SHARE: Final = 0.02
#: By how much the share of zeros in a column may be off, by rounding up.
_ROUNDED_UP: Final = 1.0


def structured_starts(place: Place) -> list[RuleStart]:
    """Return the structured schemes that the weights of a place may be drawn by."""
    weight = place.weight
    if len(weight.shape) < _MATRIX or any(s.stored.size > _LARGEST for s in place.samples):
        return []
    if any(_zeros(sample) > max(_SHARE, sample.zero_share) for sample in place.samples):
        return list(_sparse(place))
    if any(sample.zero_share for sample in place.samples):
        return list(_deltas(place))
    return list(_orthogonals(place))


def _orthogonals(place: Place) -> Iterator[RuleStart]:
    for batch in (None, *BATCHES):
        gains = [_gain(matrix, s) for s in place.samples for matrix in _matrices(s, batch)]
        if batch is not None and not has_batches(place.weight):
            return
        if gains and None not in gains and _agree(gains):
            yield _start("orthogonal", [gain for gain in gains if gain is not None], batch)


def _deltas(place: Place) -> Iterator[RuleStart]:
    """Give the orthogonal matrices at the centre of a receptive field."""
    gains: list[float | None] = []
    for sample in place.samples:
        for field in _fields(sample):
            centre = tuple(size // 2 for size in field.shape[:-2])
            middle = field[centre]
            rest = field.copy()
            rest[centre] = 0
            if not centre or rest.any():
                return
            gains.append(_gain(middle, sample))
    if gains and None not in gains and _agree(gains):
        yield _start("delta_orthogonal", [gain for gain in gains if gain is not None], None)


def _sparse(place: Place) -> Iterator[RuleStart]:
    """Give the normal law of which each input leaves a share of the outputs at zero."""
    shares, squares, counts = [], [], []
    low, high = 0.0, 1.0
    for sample in place.samples:
        for matrix in _matrices(sample, None):
            zeros = (matrix == 0).sum(axis=1)
            if zeros.min() != zeros.max():
                return
            outputs = matrix.shape[1]
            shares.append(float(zeros[0]) / outputs)
            low = max(low, (float(zeros[0]) - _ROUNDED_UP) / outputs)
            high = min(high, float(zeros[0]) / outputs)
            drawn = matrix[matrix != 0].astype(np.float64)
            squares.append(float((drawn**2).sum()))
            counts.append(drawn.size)
    if not shares or low > high:
        return
    given = Range(low, high, shares[0])
    written = next((number for number, _ in short_numbers(given, 2)), shares[0])
    std = math.sqrt(sum(squares) / sum(counts))
    error = 5 / math.sqrt(2 * sum(counts))
    numbers = Range(std * (1 - error), std * (1 + error), std)
    number = next((n for n, _ in short_numbers(numbers)), measured_number(numbers))
    yield RuleStart.of("sparse", 1.0, "structure", sparsity=written, std=number)


def _start(name: str, gains: Sequence[float], batch: str | None) -> RuleStart:
    gain = float(np.mean(gains))
    near = next((text for g, text in _GAINS.items() if abs(g / gain - 1) < _NARROW / 10), None)
    number: float | str = exact_number(float(f"{gain:.4g}")) if near is None else near
    given: dict[str, Any] = {} if number == 1.0 else {"gain": number}
    return RuleStart(RuleStart.of(name, **given).init, batch, None, 0.5, "structure")


def _agree(gains: Sequence[float | None]) -> bool:
    known = [gain for gain in gains if gain is not None]
    return max(known) / min(known) - 1 < _NARROW / 10


def _gain(matrix: NDArray[Any], sample: WeightSample) -> float | None:
    """Return the gain of a matrix whose rows, or columns, are orthogonal; None for others."""
    rows = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    rows = rows[: min(_ROWS, rows.shape[0])].astype(np.float64)
    products = rows @ rows.T
    square = float(np.trace(products)) / len(rows)
    if square <= 0:
        return None
    near = _NEAR if _is_wide(sample) else _NARROW
    if len(rows) == 1:
        return (
            math.sqrt(square) if matrix.size == sample.stored.size and has_length(sample) else None
        )
    if np.abs(products / square - np.eye(len(rows))).max() > near * 10:
        return None
    return math.sqrt(square)


def is_rigid(sample: WeightSample) -> bool:
    """Tell whether the singular values of a weight are the same under every seed.

    No law of single values has that. The weight is read as each matrix that its axes, as they are
    stored, may be, since not all libraries make orthogonal what is a matrix to a layer.
    """
    if has_length(sample):
        return True
    shape = sample.weight.shape
    if len(shape) < _MATRIX or sample.stored.size > _LARGEST or sample.zero_share:
        return False
    values = np.asarray(sample.stored.values())
    sizes = {math.prod(shape[:axis]) for axis in range(1, len(shape))}
    return any(_gain(values.reshape(size, -1), sample) is not None for size in sizes)


def has_length(sample: WeightSample) -> bool:
    """Tell whether all builds hold values of one length, which chance gives to none."""
    lengths = np.array(sample.lengths)
    if lengths.size < _MATRIX or not lengths.all() or not np.isfinite(lengths).all():
        return False
    apart = float(lengths.max() / lengths.min()) - 1
    # The lengths of draws differ by about this share of what they are.
    differing = 1 / math.sqrt(2 * sample.stored.size)
    chance = (max(apart, _EXACT) / differing) ** (lengths.size - 1)
    return apart < (_SAME if _is_wide(sample) else _NARROW_SAME) and chance < _CHANCE


def _is_wide(sample: WeightSample) -> bool:
    return sample.stored.dtype in ("float32", "float64")


def _matrices(sample: WeightSample, batch: str | None) -> list[NDArray[Any]]:
    """Return a weight as (inputs · field, outputs) matrices, one for each batch."""
    fields = _fields(sample, batch)
    return [field.reshape(-1, field.shape[-1]) for field in fields]


def _fields(sample: WeightSample, batch: str | None = None) -> list[NDArray[Any]]:
    """Return a weight as (*field, inputs, outputs), one for each batch."""
    weight = sample.weight
    try:
        axes = weight.axes
        if batch is not None:
            axes = with_batches_as(batch, weight.shape, axes)
        laid = layout(weight.shape, axes)
    except FanwiseError:
        return []
    values = np.asarray(sample.stored.values())
    canonical = values.reshape(laid.expanded).transpose(laid.order)
    field = [n for n, r in zip(laid.canonical, laid.canonical_roles, strict=True) if r == RECEPTIVE]
    batches, inputs, outputs = (laid.extent(role) for role in (BATCH, IN, OUT))
    if not canonical.size:
        return []
    return list(canonical.reshape(batches, *field, inputs, outputs))


def _zeros(sample: WeightSample) -> float:
    return float((sample.some == 0).mean()) if sample.some.size else 0.0
