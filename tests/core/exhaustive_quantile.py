"""Prove what the specification says of the integer quantile, over all 2**32 words.

Run ``python tests/core/exhaustive_quantile.py`` (one to two minutes on two cores). It prints the
figures, and its exit status is 1 where one of them breaks its bound. Needs SciPy and rich.

The words below 2**31 are walked in order, each together with its mirror image ~word: so every
word goes through the quantile. Monotone below the middle and odd-symmetric, it is monotone
above, and only the true quantile is spared its second half.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from fanwise.core.quantile import ONE_SIGMA, into_window, normal_integer, window

ALL = 1 << 32
HALF = 1 << 31
#: Small enough that no working array is mapped again by malloc: page faults cost as much as sums.
CHUNK = 1 << 13
THREADS = 2
CUT = 2.0

Quantile = Callable[[NDArray[np.uint32]], NDArray[np.int64]]


def figure(start: float, bound: float, summary: str, combine: Callable = max) -> float:
    """A figure that begins at ``start``, must stay at or below ``bound``, and is combined."""
    return field(default=start, metadata={"bound": bound, "summary": summary, "combine": combine})


def total(a: float, b: float) -> float:
    return a + b


@dataclass(frozen=True)
class Figures:
    """What was found over some of the words; two of them combine into one."""

    words: int = field(default=0, metadata={"combine": total, "summary": "words examined"})
    squares: float = field(
        default=0.0, metadata={"combine": total, "summary": "sum of squares, in sigma squared"}
    )
    largest: float = field(default=0.0, metadata={"combine": max, "summary": "range, in sigma"})
    backward: float = figure(0, 0, "steps backward", total)
    asymmetric: float = figure(0, 0, "words that are not the negative of their mirror", total)
    error: float = figure(0.0, 4e-8, "largest distance from the true quantile, in sigma")
    outside: float = figure(0, 0, "words on the wrong side of the window's ends", total)
    squeezed: float = figure(0, 0, "words squeezed out of the window, backward or too far", total)

    def __or__(self, other: Figures) -> Figures:
        pairs = {f.name: (getattr(self, f.name), getattr(other, f.name)) for f in fields(self)}
        return Figures(**{f.name: f.metadata["combine"](*pairs[f.name]) for f in fields(self)})


def examine(
    start: int, stop: int, quantile: Quantile = normal_integer, cut: float = CUT
) -> Figures:
    """Examine the words of [start, stop) below 2**31, and their mirror images."""
    words = np.arange(max(start - 1, 0), stop, dtype=np.uint32)
    z, mirrored = quantile(words), quantile(~words)
    # The word before the first is there for the step between two chunks, and no more.
    backward = int((np.diff(z) < 0).sum()) + int(stop == HALF and z[-1] > 0)
    words, z, mirrored = (a[len(words) - (stop - start) :] for a in (words, z, mirrored))
    sigmas = z * (1.0 / ONE_SIGMA)
    return Figures(
        words=2 * len(words),
        squares=2.0 * float((sigmas * sigmas).sum()),
        largest=float(np.abs(sigmas).max()),
        backward=backward,
        asymmetric=int((mirrored != -z).sum()),
        error=float(np.abs(sigmas - ndtri((words + 0.5) / ALL)).max()),
        outside=_outside(words, z, cut) + _outside(~words, mirrored, cut),
        squeezed=_squeezed(start, stop, cut) + _squeezed(ALL - stop, ALL - start, cut),
    )


def _outside(words: NDArray[np.uint32], z: NDArray[np.int64], cut: float) -> int:
    """Words of the window beyond the cut, and words beyond the window within it."""
    first, count = window(-cut, cut)
    inside = (words >= first) & (words < first + count)
    within = np.abs(z) <= int(cut * ONE_SIGMA)
    return int((inside != within).sum())


def _squeezed(start: int, stop: int, cut: float) -> int:
    """Words that leave the window, go backward, or skip one, when squeezed into it."""
    first, count = window(-cut, cut)
    words = np.arange(max(start - 1, 0), stop, dtype=np.uint64).astype(np.uint32)
    kept = into_window(words, first, count)
    steps = np.diff(kept.view(np.int32))
    wrong = int((kept < first).sum()) + int((kept > first + count - 1).sum())
    wrong += int((steps < 0).sum()) + int((steps > 1).sum())
    wrong += int(start == 0 and kept[0] != first)
    return wrong + int(stop == ALL and kept[-1] != first + count - 1)


def broken(figures: Figures) -> list[str]:
    """What breaks its bound, in words."""
    bad = [
        f"{f.metadata['summary']}: {getattr(figures, f.name)} > {f.metadata['bound']}"
        for f in fields(figures)
        if "bound" in f.metadata and not getattr(figures, f.name) <= f.metadata["bound"]
    ]
    if figures.words == ALL:
        bad += [] if abs(variance(figures) - 1) <= 1e-8 else [f"variance: {variance(figures)}"]
        bad += [] if round(figures.largest, 3) == 6.338 else [f"range: {figures.largest}"]
    return bad


def variance(figures: Figures) -> float:
    """The mean is exactly 0, by symmetry."""
    return figures.squares / figures.words


def everything() -> Iterator[Figures]:
    """The figures of every chunk, as they come, by as many threads as there are."""
    with ThreadPoolExecutor(THREADS) as pool:
        yield from pool.map(lambda start: examine(start, start + CHUNK), range(0, HALF, CHUNK))


def main() -> int:
    """Examine all words, print the figures, and say whether they hold."""
    from rich.console import Console
    from rich.progress import track

    console = Console()
    parts = track(everything(), "All words", total=HALF // CHUNK, console=console)
    figures = reduce(Figures.__or__, parts)
    for f in fields(figures):
        console.print(f"{f.metadata['summary']}: {getattr(figures, f.name)}")
    console.print(f"variance - 1: {variance(figures) - 1:.3e}")
    bad = broken(figures)
    if figures.words != ALL:
        bad.append(f"only {figures.words} words were examined")
    for line in bad:
        console.print(f"[red]broken[/red] {line}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
