"""The schemes of the catalogue that a weight is nearest to, by its law and its scale."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import numpy as np

from fanwise.adapters.observed_values import ENOUGH, observed_values
from fanwise.conformance.audits.results import HOLDS, UNDECIDED, AuditOutcome, AuditRow
from fanwise.conformance.audits.unaided.natures import Nature
from fanwise.conformance.audits.unaided.scans import Scan
from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.distributions import distribution_of
from fanwise.spec.catalogue import catalogue
from fanwise.spec.laws import Law
from fanwise.spec.possible_starts import law_of
from fanwise.spec.problems import SAMPLE

CLAIM: Final = "nearest schemes"
#: By how much the deviation of the nearest scheme may differ to be named where none fits.
_NEAR: Final = 0.25
#: Rounding to a dtype moves the deviation by less than this.
_ROUNDED: Final = {"bfloat16": 2e-4, "float16": 2e-5}


def find_nearest(scan: Scan, kind: Nature, alpha: float) -> Iterator[AuditRow]:
    """Yield a row that says what law a weight has, and which schemes give it.

    Args:
        scan: of the weight.
        kind: what its values are.
        alpha: the rate at which a scheme that is right is not named.
    """
    if kind is Nature.EMPTY:
        return
    sample = scan.sample[: SAMPLE * 2]
    seen = observed_values(sample[:SAMPLE] if kind is Nature.CONSTANT else sample).text
    if kind not in (Nature.DRAWN, Nature.CONSTANT):
        seen = f"{kind}; {seen}" if seen else str(kind)
    n = scan.counts.n
    if kind is Nature.CONSTANT:
        yield AuditRow(scan.path, HOLDS, CLAIM, seen, "constant", "", n)
        return
    if kind is not Nature.DRAWN or not scan.counts.std:
        yield AuditRow(scan.path, UNDECIDED, CLAIM, seen, "", "", n)
        return
    fitting, nearest = _candidates(scan, alpha)
    note = ""
    if fitting:
        expected = " or ".join(fitting)
        if len(fitting) > 1:
            note = f"{expected}: the shape does not tell them apart."
    elif nearest:
        expected = nearest
        note = "No scheme by fans fits; this one is nearest."
    else:
        expected = "a scheme of its own scale"
    outcome: AuditOutcome = HOLDS if fitting and n >= ENOUGH else UNDECIDED
    yield AuditRow(scan.path, outcome, CLAIM, seen, expected, "", n, "", note)


def _candidates(scan: Scan, alpha: float) -> tuple[list[str], str]:
    """Return the schemes that a weight may be of, and the one nearest in scale."""
    weight = scan.weight.weight
    sample = np.sort(scan.sample.astype(np.float64))
    fitting, nearest, distance = [], "", _NEAR
    seen: dict[Any, str] = {}
    for name in _by_fans():
        law = law_of(weight, name) if weight.fans is not None else None
        if law is None or law in seen:
            continue
        seen[law] = name
        if _fits(scan, sample, law, alpha):
            fitting.append(name)
        elif abs(math.log(scan.counts.std / law.std)) < distance:
            distance = abs(math.log(scan.counts.std / law.std))
            nearest = f"{name}, deviation {scan.counts.std / law.std:.3g} times"
    return fitting, nearest


def _fits(scan: Scan, sample: tails.Sample, law: Law, alpha: float) -> bool:
    """Tell whether a weight may be of a law, by its deviation and its distribution."""
    distribution = distribution_of(law)
    if distribution is None:
        return False
    low, high = tails.variance_bounds(scan.counts.finite, distribution, alpha)
    slack = 1 + _ROUNDED.get(scan.dtype, 1e-6)
    square = scan.counts.squares / max(scan.counts.finite, 1)
    if not low / slack <= square <= high * slack:
        return False
    step = max(1, len(sample) // SAMPLE)
    few = sample[step // 2 :: step]
    return tails.distance_from(distribution.cdf(few)) <= tails.dkw_bound(len(few), alpha) + 5e-3


@lru_cache(maxsize=1)
def _by_fans() -> tuple[str, ...]:
    """Name the schemes whose scale is that of the fans, with all parameters at their defaults.

    Those of version 1.0 alone: the later ones have parameters, depths and sizes, by which one or
    another of them would fit nearly any weight.
    """
    return tuple(
        name
        for name, entry in catalogue().entries.items()
        if entry.since == "1.0" and entry.uses_fan and not entry.structured
    )
