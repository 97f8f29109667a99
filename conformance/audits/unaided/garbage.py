"""What no start holds: NaN, infinities, denormals, and what lay in memory before."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.unset_values import find_float_fault
from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditRow
from fanwise.conformance.audits.unaided.counts import BIAS, NOT_FINITE
from fanwise.conformance.audits.unaided.natures import Nature
from fanwise.conformance.audits.unaided.scans import Scan

CLAIM: Final = "finite"
#: Binary orders of magnitude about the median beyond which no law of a start draws: one of 10¹⁸
#: draws is as small as the first, none is as large as the second.
_SMALL: Final = 90
_LARGE: Final = 30
#: The share of the words that repeat one byte from which on it is a fill.
_FILL: Final = 0.02
#: The largest numbers that masks hold in the place of infinity.
_MASKS: Final = 1e4
#: How many of the bytes of a text can be printed, and how many elements tell it.
_PRINTED: Final = 0.95
_TEXT: Final = 8
#: A decay has numbers of so many binary orders of magnitude.
_DECAY: Final = 20
#: Words that libraries of memory and debuggers fill it with.
_MAGIC: Final = {
    0xDEADBEEF: "0xDEADBEEF",
    0xBAADF00D: "0xBAADF00D",
    0xCAFEBABE: "0xCAFEBABE",
    0xFEEEFEEE: "0xFEEE",
    0xDEADDEAD: "0xDEAD",
    0x7FC0DEAD: "0x7FC0DEAD",
}


def find_garbage(scan: Scan, kind: Nature, _: float) -> Iterator[AuditRow]:
    """Yield the verdict on whether a weight holds numbers that are meant, and what they are if not.

    Args:
        scan: of the weight.
        kind: what its values are.
    """
    counts = scan.counts
    if kind is Nature.EMPTY:
        return
    fault, observed, note = _fault(scan, kind)
    if fault:
        yield AuditRow(
            scan.path, FAILS, CLAIM, observed, "numbers of a start", "none", counts.n, fault, note
        )
    elif counts.finite < counts.n:
        note = "Infinities beside a few other values: a mask, or a bound."
        yield AuditRow(scan.path, UNDECIDED, CLAIM, "infinities", "finite", "", counts.n, "", note)
    else:
        yield AuditRow(scan.path, HOLDS, CLAIM, "all finite", "all finite", "none", counts.n)


def _fault(scan: Scan, kind: Nature) -> tuple[str, str, str]:
    """Return the name of the fault, what was seen, and a sentence; empty where there is none."""
    counts = scan.counts
    words = scan.matrix.reshape(-1).view(np.uint32)
    fill = _fill(words)
    if fill:
        return "fill pattern", f"words of {fill}", f"Memory that was filled with {fill}, unwritten."
    if _is_text(words):
        text = words[:8].astype("<u4").tobytes().decode("ascii", "replace")
        return "memory garbage", f"text {text!r}", "Bytes of a text, read as numbers."
    if counts.nans:
        share = counts.nans / counts.n
        return "NaN", f"{counts.nans} NaN", f"{share:.2g} of the elements are not a number."
    wild = _wild(scan)
    infinite = counts.above + counts.below
    few = kind in (Nature.FEW, Nature.CONSTANT, Nature.WHOLE)
    # Masks and bounds are of no known layer.
    if infinite and not (few and not scan.weight.weight.role):
        return _infinite(scan)
    if counts.denormals and scan.dtype != "float16" and not _fades(scan):
        return _named_wild(scan, max(wild, counts.denormals))
    if few and find_float_fault(scan.sample):
        return "memory garbage", find_float_fault(scan.sample), "A size that nobody writes."
    if few or kind is Nature.FORMULA or not wild:
        return "", "", ""
    return _named_wild(scan, wild)


def _fades(scan: Scan) -> bool:
    """Tell whether sizes reach down to the denormals one by one, as those of a decay."""
    exponents = scan.counts.exponents
    used = np.flatnonzero(exponents[1:NOT_FINITE])
    return (
        len(used) >= _DECAY
        and int(used[0]) < _SMALL
        and int(np.diff(used).max(initial=0)) < _SMALL / 2
    )


def _infinite(scan: Scan) -> tuple[str, str, str]:
    counts = scan.counts
    seen = f"{counts.above} infinities and {counts.below} of them negative"
    if counts.above and not counts.below:
        seen = f"{counts.above} infinities"
    if counts.below and not counts.above:
        seen = f"{counts.below} times -inf"
        note = "The logarithm of a draw that was 0, as of A_log: draw away from 0, or in float32."
        return "logarithm of zero", seen, note
    note = "Values beyond the range of the dtype, or divided by zero."
    return "infinite values", seen, note


def _wild(scan: Scan) -> int:
    """Count the elements whose size is no law's, by their exponents."""
    counts = scan.counts
    exponents = counts.exponents.copy()
    exponents[NOT_FINITE] = 0
    exponents[0] = 0
    total = int(exponents.sum())
    denormal = counts.denormals if scan.dtype != "float16" else 0
    if not total:
        return denormal
    middle = int(np.searchsorted(np.cumsum(exponents), total / 2))
    places = np.arange(len(exponents))
    largest = int(np.flatnonzero(exponents)[-1])
    wild = int(exponents[places < middle - _SMALL].sum())
    wild += int(exponents[places > middle + _LARGE].sum())
    # Half of the elements may be garbage themselves.
    if largest - BIAS > _LARGE * 2 or middle < _LARGE:
        wild = max(wild, 1)
    return wild + denormal


def _named_wild(scan: Scan, wild: int) -> tuple[str, str, str]:
    counts = scan.counts
    sizes = np.abs(scan.sample[scan.sample != 0])
    seen = f"sizes from {sizes.min():.2g} to {sizes.max():.2g}" if sizes.size else "denormals"
    read = _other_reading(scan)
    if read:
        return "bytes of another type", seen, f"Read as {read}, they are plain numbers."
    if counts.denormals and wild == counts.denormals:
        tiny = f"{counts.denormals} denormal numbers"
        note = "Whole numbers or pointers read as floats, or memory that nobody wrote."
        return "denormals", tiny, note
    note = f"{wild} elements of a size that no start has: memory that nobody wrote."
    return "memory garbage", seen, note


def _fill(words: NDArray[np.uint32]) -> str:
    """Name the byte, or word, that memory was filled with; ``""`` for none."""
    some = words[words != 0]
    if len(some) < 2:
        return ""
    low = some & 0xFF
    same = some[(some >> 8 & 0xFF == low) & (some >> 16 & 0xFF == low) & (some >> 24 == low)]
    if len(same) >= max(2, _FILL * len(words)) and not _is_plain(same):
        return f"byte 0x{int(np.bincount(same & 0xFF).argmax()):02X}"
    for word, name in _MAGIC.items():
        if int((some == word).sum()) >= max(2, _FILL * len(words)):
            return f"word {name}"
    return ""


def _is_plain(words: NDArray[np.uint32]) -> bool:
    """Tell whether words that repeat a byte are of a size that weights have."""
    values = np.abs(words.view(np.float32))
    return bool(np.isfinite(values).all() and ((values > 1e-6) & (values < _MASKS)).all())


def _is_text(words: NDArray[np.uint32]) -> bool:
    given = words[words != 0]
    if len(given) < _TEXT:
        return False
    letters = np.ascontiguousarray(given[: 1 << 12]).view(np.uint8)
    printed = (letters >= 0x20) & (letters < 0x7F) | (letters == 0x0A)
    return bool(printed.mean() > _PRINTED and len(np.unique(letters)) > _TEXT)


def _other_reading(scan: Scan) -> str:
    """Name the type as which the bytes are plain numbers; ``""`` for none."""
    head = np.ascontiguousarray(scan.head)
    if scan.dtype == "float32" and len(head) >= 2 * _TEXT:
        pairs = head[: len(head) // 2 * 2]
        for name, read in (
            ("float32 of the other byte order", pairs.byteswap()),
            ("float64", pairs.view(np.float64)),
            ("float16", pairs.view(np.float16)),
            ("bfloat16", _from_bfloat16(pairs.view(np.uint16))),
            ("whole numbers", pairs.view(np.int32)),
        ):
            if _is_tame(np.asarray(read, np.float64)):
                return name
    if scan.dtype in ("float16", "bfloat16") and len(head) >= 2 * _TEXT:
        halves = head.astype(np.float16) if scan.dtype == "float16" else head
        words = (
            halves.view(np.uint16)
            if scan.dtype == "float16"
            else (head.view(np.uint32) >> 16).astype(np.uint16)
        )
        words = words[: len(words) // 2 * 2]
        for name, read in (
            (f"{scan.dtype} of the other byte order", _as(scan.dtype, words.byteswap())),
            ("float32", words.view(np.float32)),
            ("float16", words.view(np.float16)),
            ("bfloat16", _from_bfloat16(words)),
        ):
            if name != scan.dtype and _is_tame(np.asarray(read, np.float64)):
                return name
    return ""


def _as(dtype: str, words: NDArray[np.uint16]) -> NDArray[np.float32]:
    if dtype == "bfloat16":
        return _from_bfloat16(words)
    return words.view(np.float16).astype(np.float32)


def _from_bfloat16(words: NDArray[np.uint16]) -> NDArray[np.float32]:
    return (words.astype(np.uint32) << 16).view(np.float32)


def _is_tame(values: NDArray[np.float64]) -> bool:
    """Tell whether numbers have the sizes of draws of one law."""
    with np.errstate(all="ignore"):
        sizes = np.abs(values[values != 0])
        if len(sizes) < _TEXT or not np.isfinite(sizes).all():
            return False
        spread = math.log2(float(sizes.max())) - math.log2(float(np.median(sizes)))
        return spread < 6 and 1e-8 < float(np.median(sizes)) < 1e6
