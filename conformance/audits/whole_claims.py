"""Claims about weights that are made as a whole: by formulas, tables, steps and generators."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.element_claims import element_rows
from fanwise.conformance.audits.formula_ranks import FormulaRange, as_matrices
from fanwise.conformance.audits.generator_claims import generator_rows
from fanwise.conformance.audits.judged import DEVIATION, DISTRIBUTION, MEAN, SUPPORT, Judged
from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditOutcome, AuditRow
from fanwise.conformance.audits.tallies import Tally
from fanwise.conformance.statistics.elements import ElementLaw, element_law
from fanwise.conformance.statistics.grids import GRIDS
from fanwise.core import sample
from fanwise.core.order import to_canonical
from fanwise.spec.laws import Generator, StructuredLaw, UniformLaw
from fanwise.spec.plan import Planned

VALUES: Final = "values"
NORMS: Final = "norms"
LAW: Final = "law"

#: Of a weight of more elements nothing is worked out.
_MOST_ELEMENTS: Final = 1 << 22
#: Roundings of a dtype, or of float32 where it is finer, that other arithmetic may add up.
_ROUNDINGS: Final = 8
#: A table that is off by no more than this share of its largest element was worked out by its
#: library in float32, step by step.
_COARSE: Final = 1e-3
#: Ranks are judged where the dtype leaves them as exact as this.
_BLUR: Final = 1e-5
_OF_RANKS: Final = (MEAN, DEVIATION, DISTRIBUTION, SUPPORT)
_NOTE: Final = "Of the ranks of the elements in the range of their formula, which are uniform."


def fixed_row(stored: StoredWeight, planned: Planned) -> AuditRow:
    """Judge a weight that takes no random words: element by element, but for rounding."""
    values = stored.values().astype(np.float64)
    how: dict[str, Any] = {"axes": planned.weight.axes, "dtype": "float64"}
    expected = sample(planned.scheme, values.shape, seed=0, path=planned.weight.path, **how)
    largest = float(np.abs(expected).max(initial=0.0))
    off = np.abs(values - expected)
    # What is small beside others was worked out from some as large as these.
    sizes = np.maximum(np.abs(expected), largest / 64)
    wrong = ~(off <= _ROUNDINGS * _rounding(sizes, stored.dtype))
    differing = int(wrong.sum())
    note = ""
    outcome: AuditOutcome = HOLDS
    if differing:
        place = tuple(int(at) for at in np.argwhere(wrong)[0])
        note = f"The first, at {list(place)}, is {values[place]:.9g}, not {expected[place]:.9g}."
        is_coarse = bool((off[wrong] <= _COARSE * largest).all())
        outcome = UNDECIDED if is_coarse else FAILS
        if is_coarse:
            note = f"As worked out in float32, step by step: {off.max():.2g} off. {note}"
    return AuditRow(
        planned.weight.path,
        outcome,
        VALUES,
        f"{differing} elements differ",
        "0 elements differ",
        "0, by more than rounding",
        values.size,
        note=note,
    )


def ranked(
    stored: StoredWeight, planned: Planned, law: StructuredLaw, alpha: float
) -> Judged | AuditRow:
    """Count the ranks of a random formula's elements; or say why they are not told."""
    path, n = planned.weight.path, stored.size
    if n > _MOST_ELEMENTS:
        note = f"It has more than {_MOST_ELEMENTS} elements, whose ranks are not worked out."
        return AuditRow(path, UNDECIDED, LAW, n=n, note=note)
    found = FormulaRange(law)
    if not found.is_monotone:
        note = "Its formula rises and falls with its random number. Pass seed= to compare its bits."
        return AuditRow(path, UNDECIDED, LAW, n=n, note=note)
    values = as_matrices(to_canonical(stored.values(), planned.weight.axes), law)
    rounding = _rounding(values, stored.dtype)
    if (np.abs(values - found.first) > _ROUNDINGS * rounding)[~found.is_drawn].any():
        note = "Elements that take no random number have other values."
        return AuditRow(
            path, FAILS, VALUES, "elements differ", "0 elements differ", "0", n, "", note
        )
    ranks = found.ranks(values)
    drawn = found.is_drawn
    blurred = float(np.median(found.blur(ranks, rounding)[drawn])) if drawn.any() else 0.0
    if blurred > _BLUR:
        note = f"{stored.dtype} is too coarse to tell the law of its formula."
        return AuditRow(path, UNDECIDED, LAW, n=n, note=note)
    low, high = np.minimum(found.first, found.last), np.maximum(found.first, found.last)
    slack = _ROUNDINGS * rounding
    outside = (values < low - slack) | (values > high + slack)
    # What lies beyond the range is seen as far out, and not at its end.
    ranks = np.where(outside, np.where(values < low, -1.0, 2.0), ranks)
    element = _uniform()
    tally = Tally()
    scaled = tally.count(ranks[drawn], element, ())
    tally.total, tally.squares = float(scaled.sum()), float((scaled**2).sum())
    return Judged(path, element, tally, alpha, _NOTE)


def rank_rows(judged: Judged) -> list[AuditRow]:
    """Judge the ranks."""
    return [row for row in element_rows(judged) if row.claim in _OF_RANKS]


def step_row(stored: StoredWeight, planned: Planned, law: StructuredLaw) -> AuditRow:
    """Judge what a step after the draw leaves: the norm of each column, each row, or the matrix."""
    matrices = as_matrices(to_canonical(stored.values(), planned.weight.axes), law)
    step = law.option("step")
    if step == "unit_spectral_norm":
        norms = np.linalg.norm(matrices, 2, axis=(1, 2))
    else:
        norms = np.linalg.norm(matrices, axis=1 if step == "unit_columns" else 2)
    off = np.abs(norms - law.gain)
    # A norm sums as many roundings as it has elements, which differ in their signs.
    length = math.sqrt(max(matrices.shape[1:]))
    bound = _ROUNDINGS * max(GRIDS[stored.dtype].half_step, 6e-8) * law.gain * length
    holds = bool((off <= bound).all())
    what = step.removeprefix("unit_").replace("_", " ")
    return AuditRow(
        planned.weight.path,
        HOLDS if holds else FAILS,
        NORMS,
        f"{what}: norms {float(off.max(initial=0.0)):.3g} off",
        f"{law.gain:.6g}",
        f"{bound:.3g}",
        matrices.size,
    )


def unjudged_row(planned: Planned, law: StructuredLaw, n: int) -> AuditRow:
    """Say that of what a generator makes nothing but its bits is told."""
    note = f"Nothing is claimed of what {law.generator} makes. Pass seed= to compare its bits."
    return AuditRow(planned.weight.path, UNDECIDED, LAW, n=n, note=note)


def whole_rows(stored: StoredWeight, planned: Planned, law: StructuredLaw) -> Iterator[AuditRow]:
    """Judge a weight that is made as a whole; of a random formula nothing here, but its ranks."""
    if not law.random:
        yield fixed_row(stored, planned)
    elif law.generator == Generator.FORMULA:
        return
    elif law.generator == Generator.STEP:
        yield step_row(stored, planned, law)
    else:
        told = list(generator_rows(stored, planned, law))
        yield from told or [unjudged_row(planned, law, stored.size)]


def _rounding(numbers: NDArray[np.float64], dtype: str) -> NDArray[np.float64]:
    """Return half a step of a dtype at such numbers, or of float32 where that is coarser."""
    return np.maximum(GRIDS[dtype].steps(numbers), GRIDS["float32"].steps(numbers)) / 2


def _uniform() -> ElementLaw:
    element = element_law(UniformLaw(0.0, 1.0), "float64")
    assert element is not None
    return element
