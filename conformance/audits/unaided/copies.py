"""Weights that are draws of one stream: equal, negated, scaled, shifted, reordered, noisy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditOutcome, AuditRow
from fanwise.conformance.audits.unaided.exchanges import correlation_bound, exchanged
from fanwise.conformance.audits.unaided.meant_copies import MeantCopies
from fanwise.conformance.audits.unaided.natures import Nature
from fanwise.conformance.audits.unaided.prints import VALUES, WINDOW, Prints
from fanwise.conformance.audits.unaided.scans import Scan, is_table, own_name
from fanwise.conformance.audits.unaided.starts import STATISTICS

CLAIM: Final = "independent of other weights"
#: How many first elements are compared: a weight is in each row that it is long enough for.
LENGTHS: Final = (32, 1024)
#: How many more where there are few weights, and how many elements in all.
_LONG, _ROOM = 1 << 14, 1 << 24
#: A correlation that a copy has, and the least that is called one.
_COPY, _LEAST = 0.98, 0.1
#: A correlation from which on one is called a copy with noise.
_NOISY: Final = 0.5
#: Fewer elements, of a dtype with a mantissa of 23 bits or less, are equal by chance.
_KNOWN: Final = {"float32": 4, "float64": 4}
_KNOWN_NARROW: Final = 16
#: Of weights that are larger, two have the same numbers by chance.
_LARGEST: Final = 1 << 20
_LIKELIEST: Final = 2.0**-21
#: How many rows of correlations are worked out at a time.
_ROWS: Final = 512
#: What heads that may share the weights of a table are called, by the last name of a path.
_HEAD: Final = re.compile(
    r"^(.*_)?(decoder|output|logits|classifier|predictions|head|proj_out|tied|generator)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Copy:
    """What is kept of a weight, to compare it with others.

    Attributes:
        path: of the weight.
        shape, dtype: of it.
        head: its first elements.
        across: its first elements in the order of its transpose; empty of what is no matrix.
        prints: its fingerprints.
        std: the deviation of its elements.
        is_table: whether it is a table of tokens, which may share its values with another.
        is_head: whether it may be a head, which may share those of a table.
        is_named: whether it is known what it is to its layer.
    """

    path: str
    shape: tuple[int, ...]
    dtype: str
    head: NDArray[np.float32]
    across: NDArray[np.float32]
    prints: Prints
    std: float
    is_table: bool
    is_head: bool
    is_named: bool

    @classmethod
    def of(cls, scan: Scan, kind: Nature, weights: int) -> Copy | None:
        """Keep what is needed of one of so many weights; None of one that is no draw."""
        if kind is not Nature.DRAWN or scan.counts.n < _needed(scan.dtype):
            return None
        if scan.weight.weight.role in STATISTICS:
            return None
        head = scan.head[: max(*LENGTHS, min(_LONG, _ROOM // weights))].copy()
        weight = scan.weight.weight
        table = is_table(scan.weight)
        head_name = len(scan.shape) == 2 and bool(_HEAD.search(own_name(scan.weight)))
        std = scan.counts.std
        across = scan.across.copy()
        return cls(
            scan.path,
            scan.shape,
            scan.dtype,
            head,
            across,
            scan.prints,
            std,
            table,
            head_name,
            bool(weight.role),
        )


@dataclass(frozen=True)
class Likeness:
    """What one weight shares with an earlier one.

    Attributes:
        other: the number of the earlier one.
        fault: the name of the fault; ``""`` where the two may share their values.
        seen: what they share.
        note: one sentence more.
        bound: what chance leaves.
        strength: the correlation; 1 of equal elements.
    """

    other: int
    fault: str
    seen: str
    note: str
    bound: float | str = ""
    strength: float = 1.0


def find_copies(
    copies: Sequence[Copy], alpha: float, *, is_trained: bool = False
) -> Iterator[AuditRow]:
    """Yield, for each weight of draws, the verdict on whether it is independent of the others.

    Args:
        copies: the weights of draws.
        alpha: the false-alarm rate of all rows together.
        is_trained: whether they are of a trained model, whose weights are correlated anyhow.
    """
    likeness: dict[int, Likeness] = {}
    for find in (_equal, _windows, _correlated, _reordered, _across):
        for place, shared in find(copies, alpha / 5):
            if not (is_trained and shared.strength < _COPY):
                likeness.setdefault(place, shared)
    partners: dict[int, list[int]] = {}
    for place, shared in likeness.items():
        partners.setdefault(shared.other, []).append(place)
    for place, copy in enumerate(copies):
        n = copy.prints.size
        others = partners.get(place, [])
        faulty = [other for other in others if likeness[other].fault]
        if place in likeness and (likeness[place].fault or not faulty):
            shared = likeness[place]
            yield _row(copy, copies[shared.other], shared)
        elif others:
            others = faulty or others
            more = f" and {len(others) - 1} more" if len(others) > 1 else ""
            yield _row(copy, copies[others[0]], likeness[others[0]], more)
        else:
            yield AuditRow(copy.path, HOLDS, CLAIM, "like no other", "like no other", "", n)


def _row(copy: Copy, other: Copy, shared: Likeness, more: str = "") -> AuditRow:
    outcome: AuditOutcome = FAILS if shared.fault else UNDECIDED
    note = f"{shared.note} The other: {other.path}{more}."
    seen = f"{shared.seen} {other.path}{more}"
    n = copy.prints.size
    return AuditRow(
        copy.path, outcome, CLAIM, seen, "like no other", shared.bound, n, shared.fault, note
    )


def _equal(copies: Sequence[Copy], _: float) -> Iterator[tuple[int, Likeness]]:
    """Find weights whose first elements, and windows, are all equal."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, copy in enumerate(copies):
        sizes = np.abs(copy.head)
        key = (copy.shape, sizes.tobytes(), copy.prints.hashes.tobytes())
        groups.setdefault(key, []).append(place)
    meant = MeantCopies(
        {copies[place].path: key for key, places in groups.items() for place in places},
        frozenset(copy.path for copy in copies if len(copy.shape) > 1),
        frozenset(copy.path for copy in copies if not copy.is_named),
    )
    for places in groups.values():
        for number, place in enumerate(places[1:], 1):
            yield place, _equality(copies, places[:number], place, meant)


def _equality(
    copies: Sequence[Copy], earlier: Sequence[int], place: int, meant: MeantCopies
) -> Likeness:
    """Say what a weight is that equals earlier ones but for signs."""
    copy = copies[place]
    reasons = {other: meant.reason(copies[other].path, copy.path) for other in earlier}
    first = next((other for other, reason in reasons.items() if not reason), earlier[0])
    other = copies[first]
    if not (copy.head == other.head).all():
        note = "The values of one draw with the other sign."
        return Likeness(first, "negated copy", "minus the values of", note)
    if _may_be_tied(copy, other):
        note = "Tables that may share their values by design (tied)."
        return Likeness(first, "", "tied or equal to", note)
    if reasons[first]:
        return Likeness(first, "", "equal to", reasons[first])
    note = "Weights seeded alike, or a copy: they start, and may stay, the same."
    return Likeness(first, "equal weights", "equal to", note)


def _may_be_tied(one: Copy, other: Copy) -> bool:
    """Tell whether one is a table and the other a table, or a head."""
    tables, heads = one.is_table + other.is_table, one.is_head + other.is_head
    return tables == 2 or (tables == 1 and heads == 1)


def _windows(copies: Sequence[Copy], _: float) -> Iterator[tuple[int, Likeness]]:
    """Find weights that share windows of elements, at whatever place."""
    if not copies:
        return
    hashes = np.concatenate([copy.prints.hashes for copy in copies])
    if not len(hashes):
        return
    owners = np.repeat(np.arange(len(copies)), [len(copy.prints.hashes) for copy in copies])
    offsets = np.concatenate([copy.prints.offsets for copy in copies])
    firsts = np.concatenate([copy.prints.firsts for copy in copies])
    order = np.lexsort((owners, hashes[:, 0]))
    hashes, owners, offsets, firsts = hashes[order], owners[order], offsets[order], firsts[order]
    new = np.concatenate([[True], (hashes[1:] != hashes[:-1]).any(axis=1)])
    leader = np.maximum.accumulate(np.where(new, np.arange(len(new)), 0))
    shared = np.flatnonzero(owners != owners[leader])
    pairs = np.stack([owners[leader[shared]], owners[shared]], axis=1)
    for first, second in np.unique(pairs, axis=0):
        here = shared[(pairs == (first, second)).all(axis=1)]
        shifts = offsets[here] - offsets[leader[here]]
        signs = firsts[here] * firsts[leader[here]]
        yield int(second), _shared(copies, int(first), int(second), shifts, signs)


def _shared(
    copies: Sequence[Copy],
    first: int,
    second: int,
    shifts: NDArray[np.int64],
    signs: NDArray[np.float32],
) -> Likeness:
    values, counts = np.unique(shifts, return_counts=True)
    shift = int(values[counts.argmax()])
    least = min(len(copies[place].prints.offsets) for place in (first, second))
    share = len(shifts) / max(least, 1)
    tables = _may_be_tied(copies[first], copies[second])
    seen = f"{len(shifts)} windows of {WINDOW} elements ({share:.0%}) are those of"
    if tables and shift == 0:
        return Likeness(first, "", seen, "Tables that may share their values by design (tied).")
    if (signs < 0).all():
        return Likeness(first, "negated copy", seen, "The values of one draw with the other sign.")
    if shift:
        note = f"The same stream, {abs(shift)} elements apart, or a part of a copy."
        return Likeness(first, "shifted copy", seen, note)
    note = "The same stream from the first element on: one seed for both, or a copy in part."
    return Likeness(first, "shared draws", seen, note)


def _correlated(copies: Sequence[Copy], alpha: float) -> Iterator[tuple[int, Likeness]]:
    """Find weights whose first elements are correlated: scaled, or with noise."""
    longest = max((len(copy.head) for copy in copies), default=0)
    for length in sorted({*LENGTHS, longest}, reverse=True):
        chosen = [place for place, copy in enumerate(copies) if len(copy.head) >= length]
        if len(chosen) < 2:
            continue
        heads = np.stack([copies[place].head[:length] for place in chosen])
        bound = correlation_bound(length, alpha / ((len(LENGTHS) + 1) * len(chosen) ** 2))
        first, second = (_units(heads, seed) for seed in (1, 2))
        for start in range(0, len(chosen), _ROWS):
            likeness = first[start : start + _ROWS] @ second.T
            for row, column in np.argwhere(np.abs(likeness) > max(bound, _LEAST)):
                if column >= start + row:
                    continue
                place, other = chosen[start + row], chosen[column]
                value = float(likeness[row, column])
                yield place, _likeness(copies, other, place, value, bound)


def _likeness(
    copies: Sequence[Copy], other: int, place: int, value: float, bound: float
) -> Likeness:
    ratio = copies[place].std / max(copies[other].std, 1e-300)
    seen = f"correlation {value:.4g}, deviation {ratio:.4g} times, with"
    if abs(value) >= _COPY:
        sign = " with the other sign" if value < 0 else ""
        note = f"One draw at two scales{sign}: the seed is that of both."
        return Likeness(other, "scaled copy", seen, note, bound)
    if abs(value) < _NOISY:
        note = "Not independent: parts of one stream, or of a common origin."
        return Likeness(other, "correlated weights", seen, note, bound, abs(value))
    note = "One draw with noise, or trained apart."
    return Likeness(other, "noisy copy", seen, note, bound, abs(value))


def _reordered(copies: Sequence[Copy], alpha: float) -> Iterator[tuple[int, Likeness]]:
    """Find weights of the same numbers in another order, as of transposed axes."""
    by_size: dict[int, list[int]] = {}
    for place, copy in enumerate(copies):
        full = len(copy.prints.values) >= min(VALUES, copy.prints.size) // 2
        if copy.dtype == "float32" and copy.prints.size <= _LARGEST and full:
            by_size.setdefault(copy.prints.size, []).append(place)
    tests = sum(len(places) ** 2 for places in by_size.values())
    for size, places in by_size.items():
        chance = min(1.0, size * _LIKELIEST)
        seen_values: dict[int, int] = {}
        for place in places:
            values = copies[place].prints.values
            owners = [seen_values[value] for value in values.tolist() if value in seen_values]
            for value in values.tolist():
                seen_values.setdefault(value, place)
            if not owners:
                continue
            other, count = (int(found[0]) for found in _most_frequent(owners))
            bound = float(stats.binom.isf(alpha / max(tests, 1), len(values), chance))
            if count > max(bound, len(values) / 2):
                fault = "transposed copy"
                seen = f"{count} of {len(values)} numbers, in another order, are those of"
                note = "One draw, transposed or with its axes or rows in another order."
                yield place, Likeness(other, fault, seen, note, bound)


def _across(copies: Sequence[Copy], alpha: float) -> Iterator[tuple[int, Likeness]]:
    """Find matrices whose first elements are correlated with those of another's transpose."""
    length = max(LENGTHS)
    long = [copy for copy in copies if min(len(copy.across), len(copy.head)) >= length]
    if len(long) < 2:
        return
    numbers = {copy.path: place for place, copy in enumerate(copies)}
    bound = correlation_bound(length, alpha / len(long) ** 2)
    first = _units(np.stack([copy.head[:length] for copy in long]), 1)
    second = _units(np.stack([copy.across[:length] for copy in long]), 2)
    for start in range(0, len(long), _ROWS):
        likeness = first[start : start + _ROWS] @ second.T
        for row, column in np.argwhere(np.abs(likeness) > max(bound, _LEAST)):
            one, other = long[start + row], long[column]
            if one.path == other.path:
                continue
            earlier, later = sorted((numbers[one.path], numbers[other.path]))
            value = float(likeness[row, column])
            seen = f"correlation {value:.4g} with the transpose of"
            note = "One draw, transposed, maybe scaled or with noise."
            yield later, Likeness(earlier, "transposed copy", seen, note, bound, abs(value))


def _most_frequent(owners: Sequence[int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    values, counts = np.unique(owners, return_counts=True)
    most = counts.argmax()
    return values[most : most + 1], counts[most : most + 1]


def _units(heads: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    replaced = exchanged(heads, seed)
    replaced -= replaced.mean(axis=1, keepdims=True)
    replaced /= np.sqrt((replaced**2).sum(axis=1, keepdims=True))
    return replaced.astype(np.float32)


def _needed(dtype: str) -> int:
    return _KNOWN.get(dtype, _KNOWN_NARROW)
