"""The ends of a law: values that are clamped, outliers, tails beyond a cut, a sign that is lost."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditOutcome, AuditRow
from fanwise.conformance.audits.unaided.natures import Nature
from fanwise.conformance.audits.unaided.scans import Scan
from fanwise.conformance.statistics.tails import dkw_bound
from fanwise.spec.truncation import truncated_moments

CLAIM: Final = "ends"
#: How many of the next numbers an end is compared with, and how much likelier it may be.
_NEXT, _LIKELIER = 16, 2.0
#: No number of a float32 sampler is likelier.
_LIKELIEST: Final = 2.0**-21
#: Beyond so many deviations, told by the quartiles, no law of the catalogue has an element: 10⁻²⁰
#: of a normal law is.
_FAR: Final = 14.0
#: The quartiles of a normal law in its standard deviation.
_QUARTILE: Final = 0.6745
_FEWEST: Final = 64
_MEDIAN: Final = 256
#: Where the catalogue cuts, the deviation that is left, and what counts as beyond the cut.
_CUT: Final = 2.0
_LEFT: Final = truncated_moments(-_CUT, _CUT)[1]
_BEYOND: Final = 1.03
#: How far from 0 the middle of a law may be, in deviations; one in how many elements is far.
_CENTRED, _FARTHEST = 0.3, 100
#: By how much farther a law that is cut on one side reaches on the other.
_LOPSIDED: Final = 1.5
#: The share of a reach that is its end, and how much of what comes before it lies in it at a cut.
_MARGIN, _STEEP = 0.1, 0.6
#: What somebody may have meant.
_MEANT: Final = ("no negative value", "no positive value", "heavy tails", "lopsided law")
#: Degrees of freedom of Student's laws, and where their tails are counted, in quartiles' distances.
_FREEDOMS: Final = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0)
_TAILS: Final = (3.0, 6.0, 12.0, 40.0)
#: The share of elements beyond a cut from which on it is another law.
_RARE: Final = 2e-3


def find_broken_ends(scan: Scan, kind: Nature, alpha: float) -> Iterator[AuditRow]:
    """Yield the verdict on the ends of the law that draws have.

    Args:
        scan: of the weight.
        kind: what its values are.
        alpha: the false-alarm rate.
    """
    n = scan.counts.n
    if kind is not Nature.DRAWN or n < _FEWEST:
        return
    fault, seen, note = (
        _clamped(scan, alpha)
        or _outlying(scan, alpha)
        or _leaking(scan, alpha)
        or _unsigned(scan, alpha)
        or _one_sided(scan, alpha)
        or _N
    )
    if fault:
        outcome: AuditOutcome = UNDECIDED if fault in _MEANT else FAILS
        yield AuditRow(scan.path, outcome, CLAIM, seen, "the ends of a law", "", n, fault, note)
        return
    seen = f"from {scan.counts.low:.4g} to {scan.counts.high:.4g}"
    yield AuditRow(scan.path, HOLDS, CLAIM, seen, "the ends of a law", "", n)


_N: Final = ("", "", "")
_Fault = tuple[str, str, str]


def _clamped(scan: Scan, alpha: float) -> _Fault | None:
    """Find values that lie at the ends of the law together."""
    counts = scan.counts
    sample = np.sort(scan.sample)
    n = counts.n
    for value, count, ordered in (
        (counts.low, counts.at_low, sample),
        (counts.high, counts.at_high, -sample[::-1]),
    ):
        if count <= max(stats.binom.isf(alpha / 4, n, _LIKELIEST), 2) or value == 0:
            continue
        end = value if ordered is sample else -value
        next_ones = np.unique(ordered)[: _NEXT + 1]
        at = int((ordered == end).sum())
        if len(next_ones) < _NEXT + 1:
            continue
        inner = int((ordered <= next_ones[-1]).sum()) - at
        if at > stats.binom.isf(alpha / 4, at + inner, _LIKELIER / (_NEXT + _LIKELIER)):
            note = (
                "Draws beyond the end were moved to it (clamp), where a cut law draws them again; "
                "or the cut was computed in a coarse dtype."
            )
            return "clamped values", f"{count} elements are exactly {value:.6g}", note
    return None


def _outlying(scan: Scan, alpha: float) -> _Fault | None:
    """Find values that no law of the catalogue reaches."""
    counts, sample = scan.counts, scan.sample[scan.sample != 0]
    if sample.size < _MEDIAN:
        return None
    low, middle, high = (float(value) for value in np.quantile(sample, (0.25, 0.5, 0.75)))
    spread = max((high - low) / (2 * _QUARTILE), 1e-300)
    far = max(counts.high - middle, middle - counts.low) / spread
    # A law of positive numbers, such as rates or scales, may have one long tail.
    if far <= _FAR or counts.low > 0 or far * spread <= _FAR * _largest_spread(scan):
        return None
    if _has_heavy_tails((sample.astype(np.float64) - middle) / (high - low), alpha):
        note = "A law of heavy tails, as Cauchy's or Student's: meant, or gradients, or trained."
        return "heavy tails", f"{far:.3g} deviations, as such a law has", note
    both = counts.at_low + counts.at_high
    seen = f"{max(counts.high, -counts.low):.4g}, {far:.3g} deviations away"
    clamped = " The same few numbers at both ends: a cut in the wrong unit." if both > 2 else ""
    note = f"No law of a start comes so far: a fault of the sampler, or a trained weight.{clamped}"
    return "outliers", seen, note


def _has_heavy_tails(scaled: NDArray[np.float64], alpha: float) -> bool:
    """Tell whether all of a sample is of a law of heavy tails, by its middle and by its tails.

    Args:
        scaled: the sample, about its median, in its quartiles' distance.
        alpha: the rate at which one that is, is not told.
    """
    ordered = np.sort(scaled)
    steps = np.arange(1, len(ordered) + 1) / len(ordered)
    # The middle and the scale are known of the sample only.
    bound = 2 * dkw_bound(len(ordered), alpha)
    beyond = np.array([int((np.abs(ordered) > at).sum()) for at in _TAILS])
    for law in _heavy_laws():
        wide = 2 * float(law.ppf(0.75))
        if float(np.abs(steps - law.cdf(ordered * wide)).max()) > bound:
            continue
        chances = 2 * law.sf(wide * np.array(_TAILS))
        low, high = (
            quantile(alpha, len(ordered), chances) for quantile in (_least, stats.binom.isf)
        )
        if ((beyond >= low / 2) & (beyond <= 2 * high)).all():
            return True
    return False


def _least(alpha: float, n: int, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    fewest: NDArray[np.float64] = stats.binom.ppf(alpha, n, chances)
    return fewest


@lru_cache(maxsize=1)
def _heavy_laws() -> tuple[Any, ...]:
    """Return laws of heavy tails: Student's, of which the first is Cauchy's."""
    return tuple(stats.t(freedom) for freedom in _FREEDOMS)


def _largest_spread(scan: Scan) -> float:
    """Return the largest deviation of a line, by its median: parts may have scales of their own."""
    sizes = np.abs(scan.matrix)
    if min(sizes.shape) < 2:
        return 0.0
    medians = [float(np.nanmax(np.nanmedian(sizes, axis=axis))) for axis in (0, 1)]
    return max(medians) / _QUARTILE


def _leaking(scan: Scan, alpha: float) -> _Fault | None:
    """Find a few values beyond the cut of what is else a cut normal law."""
    counts = scan.counts
    sigma = counts.std / _LEFT
    end = _CUT * sigma * _BEYOND
    centre = counts.mean
    if max(counts.high - centre, centre - counts.low) <= end or scan.sample.size < 1 << 12:
        return None
    sample = (np.sort(scan.sample.astype(np.float64)) - centre) / sigma
    beyond = float((np.abs(sample) > _CUT * _BEYOND).mean())
    if beyond > _RARE:
        return None
    expected = stats.truncnorm(-_CUT, _CUT).cdf(sample)
    distance = float(np.abs(np.arange(1, len(sample) + 1) / len(sample) - expected).max())
    # The law is the cut one, by more than chance: any other with so few beyond is farther.
    fits = distance < 0.5 * dkw_bound(len(sample), alpha)
    if not fits or beyond * len(sample) > 0.02 * len(sample):
        return None
    tall = max(counts.high - centre, centre - counts.low) / sigma
    note = "Draws that missed the cut several times were let through; draw until one is within."
    return "tails beyond the cut", f"{tall:.4g} deviations of a law cut at {_CUT:g}", note


def _unsigned(scan: Scan, alpha: float) -> _Fault | None:
    """Find draws of a weight of units that have all one sign."""
    counts = scan.counts
    if len(scan.shape) < 2 or (counts.low < 0 < counts.high) or scan.sample.size < 1 << 10:
        return None
    sizes = np.sort(np.abs(scan.sample.astype(np.float64)))
    scale = float(np.sqrt((sizes**2).mean()))
    expected = stats.halfnorm.cdf(sizes / scale)
    distance = float(np.abs(np.arange(1, len(sizes) + 1) / len(sizes) - expected).max())
    sign = "positive" if counts.low >= 0 else "negative"
    # The scale is known of the sample to a few per cent, which moves the law by less than that.
    if distance < dkw_bound(len(sizes), alpha) and sizes[0] < scale * 0.05:
        note = "The sizes are those of a normal law: the sign was lost, by a root, a square or abs."
        return "sign lost", f"no element is {_other(sign)}", note
    note = f"All draws are {sign}; of units that is seldom meant (rand in place of randn)."
    return "no negative value" if sign == "positive" else "no positive value", sign, note


def _one_sided(scan: Scan, alpha: float) -> _Fault | None:
    """Find a law about 0 of which one side is cut.

    Of a symmetric law, the signs of the farthest elements are coins.
    """
    sample = scan.sample.astype(np.float64)
    middle = float(np.median(sample))
    if len(scan.shape) < 2 or abs(middle) > _CENTRED * float(sample.std()):
        return None
    farthest = max(len(sample) // _FARTHEST, 1)
    order = np.argsort(np.abs(sample - middle))[-farthest:]
    above = int((sample[order] > middle).sum())
    fewer = min(above, farthest - above)
    if fewer > 0 or 2.0 ** (1 - farthest) > alpha:
        return None
    seen = f"all of the {farthest} farthest of {len(sample)} elements lie on one side"
    # The middle is known of the sample only: of a law with sharp ends that tips the balance.
    reaches = sorted((float(sample.max()) - middle, middle - float(sample.min())))
    if reaches[1] < _LOPSIDED * reaches[0]:
        return None
    # A law that thins out towards its short end, such as Gumbel's, is not cut.
    short = np.sort(middle - sample if above else sample - middle)
    last = int((short > short[-1] * (1 - _MARGIN)).sum())
    next_ones = int((short > short[-1] * (1 - 2 * _MARGIN)).sum()) - last
    if last < _STEEP * next_ones:
        return "lopsided law", seen, "A law of one long tail, as Gumbel's: meant, or trained."
    side = "above" if above == 0 else "below"
    return (
        "one-sided cut",
        seen,
        f"The law is cut {side} its middle, and goes on opposite.",
    )


def _other(sign: str) -> str:
    return "negative" if sign == "positive" else "positive"


def is_normal(sample: NDArray[np.float32], alpha: float) -> bool:
    """Tell whether a sample may be of a normal law."""
    scaled = np.sort(sample.astype(np.float64))
    scaled = (scaled - scaled.mean()) / max(float(scaled.std()), 1e-300)
    steps = np.arange(1, len(scaled) + 1) / len(scaled)
    return float(np.abs(steps - stats.norm.cdf(scaled)).max()) < dkw_bound(len(scaled), alpha)
