"""Whether draws lie on a coarser grid than their dtype has: 7-, 8- and 16-bit uniforms."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditRow
from fanwise.conformance.audits.unaided.counts import MANTISSA_BITS
from fanwise.conformance.audits.unaided.natures import Nature
from fanwise.conformance.audits.unaided.scans import Scan

CLAIM: Final = "grid"
#: The bits of the mantissa of each dtype.
BITS: Final = {"float64": 23, "float32": 23, "float16": 10, "bfloat16": 7}
#: No value of a float32 sampler is likelier, whatever its law; elements looked at for repeats.
_LIKELIEST: Final = 2.0**-21
_MOST: Final = 1 << 14
#: Fewer elements do not show that their last bits are all zero.
_FEWEST: Final = 16
#: Fewer elements are no evidence of a grid.
_SHORT: Final = 1 << 9
#: How often a number of the dtype must be expected for it to be missed.
_EXPECTED: Final = 60.0
#: How much less likely a number may be than those about it, of any law of the catalogue.
_FLAT: Final = 3.0
#: How even steps are, and how much more often the middle of an uneven law is hit than its ends.
_EVEN, _UNEVEN = 0.05, 2.0
#: Of n draws on a grid of N numbers n (n / N)² / 6 occur three times, about, and n²/2N twice.
_TRIPLES: Final = 2 / 3
#: How many of the numbers that must be there may be missing.
_MISSED: Final = 0.1


def find_coarse_grid(scan: Scan, kind: Nature, alpha: float) -> Iterator[AuditRow]:
    """Yield the verdict on whether draws are as fine as their dtype.

    Args:
        scan: of the weight.
        kind: what its values are.
        alpha: the false-alarm rate.
    """
    bits = BITS.get(scan.dtype)
    if kind is not Nature.DRAWN or bits is None:
        return
    sample = scan.sample
    n = sample.size
    row = _narrow(scan, bits)
    if row is not None:
        yield row
        return
    different = len(np.unique(sample))
    seen = f"{different} different numbers in {n}"
    coarse = _repeats(scan, alpha) if bits == MANTISSA_BITS else _gaps(sample, bits)
    if coarse:
        note = (
            f"The numbers lie on a grid of about {coarse} bits: uniforms of so many bits were "
            f"drawn, where {scan.dtype} has {bits + 1}. Draw in float32, and round once."
        )
        fault = f"{_usual(coarse)}-bit uniform"
        if _is_quantized(sample):
            fault = "quantized values"
            note = "Draws of an uneven law on a grid of even steps: stored as whole numbers once."
        yield AuditRow(scan.path, FAILS, CLAIM, seen, "a fine grid", "", n, fault, note)
    elif coarse is None:
        note = "Too few elements to tell a grid of 8 bits."
        yield AuditRow(scan.path, UNDECIDED, CLAIM, seen, "a fine grid", "", n, "", note)
    else:
        yield AuditRow(scan.path, HOLDS, CLAIM, seen, "a fine grid", "", n)


def _narrow(scan: Scan, bits: int) -> AuditRow | None:
    """Return the row of a weight whose numbers are those of a narrower dtype."""
    spare, n = scan.counts.spare_bits - (MANTISSA_BITS - bits), scan.counts.n
    if n < _FEWEST or spare < 3:
        return None
    left = bits - spare
    names = {3: "float8", 7: "bfloat16", 10: "float16"}
    held = next((name for width, name in names.items() if left <= width), None)
    if scan.dtype == "float64" and held is None:
        return None
    if held is None or (held == scan.dtype):
        return None
    note = (
        f"Every number is one of {held}, {left + 1} bits: drawn in {held} and stored in "
        f"{scan.dtype}. Draw in float32; cast copies, not starts."
    )
    return AuditRow(
        scan.path,
        FAILS,
        CLAIM,
        f"{left + 1} bits",
        f"{bits + 1} bits",
        "",
        n,
        f"{held} values in {scan.dtype}",
        note,
    )


def _repeats(scan: Scan, alpha: float) -> int | None:
    """Return the bits of the grid by the numbers that occur twice; 0 for a fine one."""
    sample = scan.sample
    step = max(1, sample.size // _MOST)
    sample = sample[::step][:_MOST]
    n = sample.size
    # Zeros, and the ends that values are clamped to, are faults of other names.
    ends = (0.0, scan.counts.low, scan.counts.high)
    given = sample[~np.isin(sample, np.array(ends, np.float32))]
    counts = np.unique(given, return_counts=True)[1]
    repeated = len(given) - len(counts)
    # Each is one of those before with at most this probability.
    allowed = float(stats.binom.isf(alpha, n, min(1.0, n * _LIKELIEST)))
    if n < _SHORT:
        # A short table may well repeat its numbers.
        return None
    if repeated <= max(allowed, 2):
        return 0
    # On a grid numbers occur three times too; copies of a part do not.
    if counts.max() == 2 and n * (repeated / n) ** 2 * _TRIPLES > -math.log(alpha):
        return 0
    pairs = float((counts * (counts - 1.0)).sum())
    if len(counts) > _FEWEST and counts.max() > n / 4:
        return 0
    # A flat law on N numbers repeats each pair with probability 1 / N.
    return max(1, round(math.log2(n * (n - 1) / pairs)))


def _gaps(sample: NDArray[np.float32], bits: int) -> int | None:
    """Return the bits of the grid of numbers of a narrow dtype; 0 where none is missing."""
    sizes = np.abs(sample[sample != 0])
    if sizes.size < _FEWEST:
        return None
    low, high = np.quantile(sizes, (0.25, 0.75))
    between = sizes[(sizes > low) & (sizes < high)]
    expected, missing = 0, 0
    exponent = math.floor(math.log2(low)) if low > 0 else 0
    while low > 0 and 2.0**exponent < high:
        step = 2.0 ** (exponent - bits)
        first = math.floor(max(low, 2.0**exponent) / step) + 1
        last = math.ceil(min(high, 2.0 ** (exponent + 1)) / step) - 1
        inside = between[(between >= first * step) & (between <= last * step)]
        cells = last - first + 1
        likely = between.size * step / (high - low) / _FLAT
        if cells > 0 and likely >= _EXPECTED:
            expected += cells
            missing += cells - len(np.unique(inside))
        exponent += 1
    if not expected:
        return _few_numbers(sizes, bits) if (sample < 0).any() and (sample > 0).any() else None
    if missing <= _MISSED * expected:
        return 0
    return max(1, round(math.log2(2 * len(np.unique(sizes)))))


def _few_numbers(sizes: NDArray[np.float32], bits: int) -> int | None:
    """Return the bits of the grid by how near to 0 the numbers come.

    Of n draws of a law of both signs that is as dense about 0 as elsewhere, or denser, none is
    nearer than a share s of the largest with a probability below (1 - s/2)ⁿ.
    """
    nearest = float(sizes.min() / sizes.max())
    if nearest <= 0 or sizes.size * math.log1p(-nearest / 2) > -35:
        return None
    return max(1, min(bits + 1, round(math.log2(2 / nearest))))


def _is_quantized(sample: NDArray[np.float32]) -> bool:
    """Tell whether numbers lie on even steps, some of them much more often than others."""
    values, counts = np.unique(sample, return_counts=True)
    if len(values) < _FEWEST:
        return False
    steps = np.diff(values.astype(np.float64))
    step = float(np.median(steps))
    even = np.abs(steps / step - np.round(steps / step)) < _EVEN
    inner = counts[len(counts) // 2 - 2 : len(counts) // 2 + 2].mean()
    outer = counts[: len(counts) // 8 + 1].mean() + counts[-len(counts) // 8 - 1 :].mean()
    return bool(even.mean() > 1 - _EVEN) and bool(inner > _UNEVEN * outer)


def _usual(bits: int) -> int:
    """Return the usual number of bits that is nearest."""
    return min((4, 7, 8, 10, 11, 12, 16), key=lambda usual: abs(usual - bits))
