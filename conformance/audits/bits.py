"""The bits of every weight against what the portable engine draws from a seed and its path."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.element_claims import padding_row
from fanwise.conformance.audits.known_faults.bit_patterns import (
    Bits,
    StreamDraw,
    Where,
    bits_of_numbers,
    is_drawn,
    numbers,
    stored_bits,
)
from fanwise.conformance.audits.known_faults.deviating_weight import DeviatingWeight
from fanwise.conformance.audits.known_faults.fault_finder import FaultFinder
from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditRow
from fanwise.conformance.audits.untold_layers import may_be_padded
from fanwise.core.keys import checked_seed
from fanwise.core.magnitudes import largest_magnitude
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import StructuredLaw
from fanwise.spec.plan import Planned

CLAIM: Final = "bits"
#: The fault of weights that have the stream of one path.
_ALIKE: Final = "layers seeded alike"
#: How many elements are compared at once.
_AT_ONCE: Final = 1 << 21
#: How far the elements of a factorization may be from the exact ones, for each unit of the gain:
#: twice what SPEC.md, 10.2, lets one of the two be.
_FACTORIZATION: Final = 2e-12
#: What weight normalization may round, in units of the last place of the dtype.
_NORMALIZATION: Final = 8


@dataclass
class Difference:
    """What of a weight differs from what was expected.

    Attributes:
        compared: how many elements were looked at.
        count: how many of them.
        first, last: the places of the first and the last, as the weight counts them.
    """

    compared: int = 0
    count: int = 0
    first: int = -1
    last: int = -1

    def add(self, differs: NDArray[np.bool_], where: Where, shape: Sequence[int]) -> None:
        """Add what differs in a block."""
        self.compared += differs.size
        if not differs.any():
            return
        if shape:
            places = np.nonzero(differs)
            whole = [p + part.start for p, part in zip(places, where, strict=True)]
            flat = np.ravel_multi_index(whole, tuple(shape))
        else:
            flat = np.zeros(1, np.intp)
        self.count += len(flat)
        self.first = int(flat.min()) if self.first < 0 else min(self.first, int(flat.min()))
        self.last = max(self.last, int(flat.max()))


#: Gives the blocks of a weight that are compared, each with where it lies.
ComparedBlocks = Callable[[StoredWeight], Iterable[tuple[Where, NDArray[Any]]]]


def all_blocks(stored: StoredWeight) -> Iterator[tuple[Where, NDArray[Any]]]:
    """Read all of a weight."""
    return stored.blocks(_AT_ONCE)


def audit_bits(
    plans: Sequence[tuple[StoredWeight, Planned]],
    seed: int,
    *,
    has_layers: bool = True,
    blocks_of: ComparedBlocks = all_blocks,
) -> Iterator[AuditRow]:
    """Compare the bits of weights with what the portable engine draws, each in its own dtype.

    A weight passes where all of its bits are equal; one of a factorization, such as orthogonal,
    where its elements are as near as the specification demands. For one that differs, the row
    has the first index that does, and the name of the fault, if it is a known one.

    Args:
        plans: weights, each with what a recipe makes of it.
        seed: 0 ≤ seed < 2⁶⁴, the one of the whole model.
        has_layers: whether layers have told which rows stay zero; where they have not, a table
            that differs by one row of zeros alone is undecided.
        blocks_of: chooses what of a weight is compared.

    Yields:
        A row for each weight; ``observed`` is the number of elements that differ.

    Raises:
        FanwiseError: for what is no seed.
    """
    seed = checked_seed(seed)
    draws = {
        planned.weight.path: StreamDraw(
            planned.resolved, seed, planned.weight.path, stored.description.zero_row
        )
        for stored, planned in plans
    }
    finder = FaultFinder(draws)
    rows = [
        _row(
            stored,
            draws[planned.weight.path],
            finder,
            blocks_of,
            is_padded=not has_layers and may_be_padded(planned.weight),
        )
        for stored, planned in plans
    ]
    right = {row.path for row, _ in rows if row.outcome == HOLDS}
    shared = Counter(path for _, path in rows if path)
    for row, path in rows:
        if path and (path in right or shared[path] > 1):
            yield replace(row, fault=_ALIKE)
        else:
            yield row


def _row(
    stored: StoredWeight,
    draw: StreamDraw,
    finder: FaultFinder,
    blocks_of: ComparedBlocks,
    *,
    is_padded: bool,
) -> tuple[AuditRow, str]:
    """Judge one weight; give the path too that it was drawn under, if it is another one's."""
    path, dtype = draw.path or "", stored.dtype
    if stored.formula:
        note = f"Its values are {stored.formula} of what was drawn, and have other bits."
        return AuditRow(path, UNDECIDED, CLAIM, n=stored.size, note=note), ""
    if not is_drawn(dtype):
        note = f"The portable engine draws no {dtype}. Audit the weights before they are converted."
        return AuditRow(path, UNDECIDED, CLAIM, n=stored.size, note=note), ""
    try:
        # What is held may be any bits, of numbers beyond all bounds too.
        with np.errstate(all="ignore"):
            difference = _compare(stored, draw, blocks_of)
            if not difference.count:
                return AuditRow(path, HOLDS, CLAIM, 0, 0, 0, difference.compared), ""
            if is_padded and (row := _row_of_zeros(stored, draw, difference)) is not None:
                return padding_row(path, row), ""
            return _failed(stored, draw, difference, finder)
    except FanwiseError as error:
        return AuditRow(path, UNDECIDED, CLAIM, n=stored.size, note=str(error)), ""


def _row_of_zeros(stored: StoredWeight, draw: StreamDraw, difference: Difference) -> int | None:
    """Return the one row that differs, if it is all zeros; None where others differ too."""
    first, last = (
        int(np.unravel_index(place, draw.shape)[0]) for place in (difference.first, difference.last)
    )
    if first != last:
        return None
    deviating = DeviatingWeight(stored, draw, difference.count, (first,), (last,))
    row = (slice(first, first + 1), *(slice(0, length) for length in draw.shape[1:]))
    held = numbers(deviating.bits(row), stored.dtype)
    return None if held.any() else first


def _failed(
    stored: StoredWeight, draw: StreamDraw, difference: Difference, finder: FaultFinder
) -> tuple[AuditRow, str]:
    """Say what differs, where first, and by which known fault."""
    shape = draw.shape
    first, last = (
        tuple(int(n) for n in np.unravel_index(place, shape)) if shape else ()
        for place in (difference.first, difference.last)
    )
    deviating = DeviatingWeight(stored, draw, difference.count, first, last)
    fault = finder.find(deviating)
    place = tuple(slice(n, n + 1) for n in first)
    held, expected = (
        float(numbers(bits, stored.dtype).reshape(-1)[0])
        for bits in (deviating.bits(place), draw.bits(stored.dtype, place))
    )
    share = f"{difference.count / difference.compared:.2%} of its elements"
    if difference.compared < stored.size:
        share += f" that were compared, {difference.compared:,} of {stored.size:,},"
    note = f"{share} differ, first at {list(first)}: {held:.9g}, not {expected:.9g}."
    note += f" {fault.note}" if fault is not None and fault.note else ""
    name, path = ("", "") if fault is None else (fault.name, fault.path)
    n = difference.compared
    return AuditRow(draw.path or "", FAILS, CLAIM, difference.count, 0, 0, n, name, note), path


def _compare(stored: StoredWeight, draw: StreamDraw, blocks_of: ComparedBlocks) -> Difference:
    """Compare a weight block by block."""
    difference, law = Difference(), draw.resolved.law
    computed = any(tensor.is_computed for tensor in stored.tensors.values())
    whole = draw.whole_bits(stored.dtype) if isinstance(law, StructuredLaw) else None
    for where, block in blocks_of(stored):
        held = stored_bits(block, stored.dtype).reshape(block.shape)
        bits = draw.bits(stored.dtype, where) if whole is None else whole[where]
        differs = held != bits
        if differs.any() and (slack := _slack(law, computed=computed)) is not None:
            differs &= ~_within(held, bits, stored.dtype, slack)
        difference.add(differs, where, draw.shape)
    return difference


def _slack(law: Any, *, computed: bool) -> tuple[float, int] | None:
    """Return how far elements may be from the drawn ones: as numbers, and in last places."""
    if isinstance(law, StructuredLaw) and not law.exact:
        return _FACTORIZATION * largest_magnitude(law), _NORMALIZATION * computed
    return (0.0, _NORMALIZATION) if computed else None


def _within(held: Bits, bits: Bits, dtype: str, slack: tuple[float, int]) -> NDArray[np.bool_]:
    """Tell which elements are roundings of numbers that are near enough to the drawn ones."""
    numerical, places = slack
    exact, values = numbers(bits, dtype), numbers(held, dtype)
    step = np.spacing(np.abs(exact).astype(np.float64)) * _steps(dtype)
    near = np.abs(values - exact) <= numerical + (places + (numerical > 0)) * step
    if numerical and not places:
        low, high = (
            numbers(bits_of_numbers(exact + sign * (numerical + step / 2), dtype), dtype)
            for sign in (-1, 1)
        )
        near &= (low <= values) & (values <= high)
    return np.asarray(near)


def _steps(dtype: str) -> float:
    """Return how many steps of float64 one of a dtype is."""
    mantissa = {"float16": 10, "bfloat16": 7, "float32": 23}.get(dtype, 52)
    return math.ldexp(1.0, 52 - mantissa)
