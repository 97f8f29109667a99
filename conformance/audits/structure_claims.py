"""Claims about weights whose elements are fixed together, and about constants."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.element_claims import element_rows
from fanwise.conformance.audits.generator_claims import ZEROS
from fanwise.conformance.audits.judged import Judged
from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditRow
from fanwise.conformance.audits.tallies import Tally
from fanwise.conformance.audits.whole_claims import VALUES, whole_rows
from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.elements import element_law
from fanwise.conformance.statistics.grids import GRIDS
from fanwise.core import sample
from fanwise.core.order import to_canonical
from fanwise.spec.axes import BATCH, IN, OUT
from fanwise.spec.laws import FIXED_GENERATORS, Generator, NormalLaw, StructuredLaw, zeros
from fanwise.spec.plan import Planned

CONSTANT: Final = "constant"
ORTHOGONALITY: Final = "orthogonality"
HAAR: Final = "haar"

#: The random generators of version 1.0, each of which has claims of its own.
_OF_FIRST: Final = (Generator.ORTHOGONAL, Generator.DELTA_ORTHOGONAL, Generator.SPARSE)
#: Elements of the largest matrix that is held as a whole, and the multiplications that its
#: products may take; a larger one is probed.
_MOST_ELEMENTS: Final = 1 << 25
_MOST_PRODUCTS: Final = 1 << 34
_PROBES: Final = 16
#: Of fewer numbers in a row, or in a column, the signs are not judged.
_FEW_SIGNS: Final = 8


def constant_row(stored: StoredWeight, path: str, value: float) -> AuditRow:
    """Judge a weight whose elements all are one number, rounded to its dtype."""
    allowed = GRIDS[stored.dtype].nearest(value)
    zero_row = stored.description.zero_row
    differing, first, n = 0, "", 0
    held: set[float] = set()
    for where, block in stored.blocks():
        wrong = (block != allowed[0]) & (block != allowed[1])
        if zero_row is not None and where[0].start <= zero_row < where[0].stop:
            wrong[zero_row - where[0].start] = False
        n += block.size
        if len(held) < 2:
            held.update(np.unique(block)[:2].tolist())
        if not first and wrong.any():
            place = tuple(int(at) for at in np.argwhere(wrong)[0])
            index = [at + part.start for at, part in zip(place, where, strict=True)]
            first = f"The first, at {index}, is {float(block[place]):.9g}."
        differing += int(np.count_nonzero(wrong))
    is_another = bool(differing) and len(held) == 1
    return AuditRow(
        path,
        FAILS if differing else HOLDS,
        CONSTANT,
        observed=f"{differing} elements differ",
        expected=value,
        bound="0 elements differ, by more than rounding",
        n=n,
        fault=f"all {held.pop():.9g} in the place of {value:.9g}" if is_another else "",
        note=first,
    )


def structure_rows(
    stored: StoredWeight, planned: Planned, law: StructuredLaw, alpha: float
) -> Iterator[AuditRow]:
    """Judge an orthogonal weight, an identity, a dirac or a sparse one.

    Args:
        stored: the weight.
        planned: what its recipe gives it.
        law: the law of that.
        alpha: the false-alarm rate of each claim.
    """
    path = planned.weight.path
    if stored.size > _MOST_ELEMENTS:
        note = f"It has more than {_MOST_ELEMENTS} elements, which are not held together."
        yield AuditRow(path, UNDECIDED, str(law.generator), n=stored.size, note=note)
        return
    values = stored.values()
    if not np.isfinite(values).all():
        bad = int((~np.isfinite(values)).sum())
        yield AuditRow(
            path, FAILS, "finite", f"{bad} elements are not", "0 elements are not", "0",
            values.size, fault="not finite",
        )  # fmt: skip
        return
    if law.generator in FIXED_GENERATORS:
        yield _values_row(path, values, planned, law, stored.dtype)
        return
    if law.generator not in _OF_FIRST:
        yield from whole_rows(stored, planned, law)
        return
    canonical = to_canonical(values, planned.weight.axes)
    roles = law.layout.canonical_roles
    batches = math.prod(
        size for size, role in zip(canonical.shape, roles, strict=True) if role == BATCH
    )
    inputs, outputs = law.layout.extent(IN), law.layout.extent(OUT)
    if law.generator is Generator.SPARSE:
        yield from _sparse_rows(path, canonical.reshape(-1, outputs), law, stored.dtype, alpha)
        return
    matrices = canonical.reshape(batches, -1, outputs)
    if law.generator is Generator.DELTA_ORTHOGONAL:
        field = matrices.reshape(batches, -1, inputs, outputs)
        kept = [np.flatnonzero(np.any(part != 0, axis=(1, 2))) for part in field]
        if any(len(places) != 1 for places in kept):
            yield AuditRow(
                path, FAILS, ORTHOGONALITY, f"{max(map(len, kept))} places are not zero",
                "1 place is not zero", "1", values.size,
            )  # fmt: skip
            return
        matrices = np.stack([part[places[0]] for part, places in zip(field, kept, strict=True)])
    yield _orthogonality_row(path, matrices, law.gain, stored.dtype)
    if law.gain:
        yield _haar_row(path, matrices / law.gain, alpha)


def _values_row(
    path: str, values: NDArray[Any], planned: Planned, law: StructuredLaw, dtype: str
) -> AuditRow:
    expected = sample(planned.scheme, values.shape, seed=0, axes=planned.weight.axes)
    about = GRIDS[dtype].nearest(law.gain)
    wrong = np.where(expected == 0, values != 0, ~np.isin(values, about))
    differing = int(wrong.sum())
    first = f"The first is at {[int(at) for at in np.argwhere(wrong)[0]]}." if differing else ""
    return AuditRow(
        path,
        FAILS if differing else HOLDS,
        VALUES,
        f"{differing} elements differ",
        "0 elements differ",
        "0",
        values.size,
        note=first,
    )


def _orthogonal_fault(matrices: NDArray[Any], gain: float, bound: float) -> str:
    """Tell a matrix that is orthogonal but for its gain from one that is not."""
    shortest = min(matrices.shape[-2:])
    other = math.sqrt(float(np.square(matrices[0].astype(np.float64)).sum()) / shortest)
    if not other or matrices[0].size * shortest > _MOST_PRODUCTS:
        return "not orthogonal"
    for matrix in matrices:
        tall = matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T
        tall = tall.astype(np.float64) / other
        if np.abs(tall.T @ tall - np.eye(shortest)).max() > 2 * bound:
            return "not orthogonal"
    return f"another gain, {other:.4g} in the place of {gain:.4g}"


def _orthogonality_row(
    path: str, matrices: NDArray[Any], gain: float, dtype: str
) -> AuditRow:  # fmt: skip
    """Judge how far the products of columns, or of rows where they are fewer, are from 0 and 1."""
    error, length = 0.0, max(matrices.shape[-2:])
    shortest = min(matrices.shape[-2:])
    is_probed = len(matrices) * length * shortest**2 > _MOST_PRODUCTS
    for matrix in matrices:
        tall = matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T
        tall = tall.astype(np.float64) / (gain or 1)
        if is_probed:
            # A random sign for each column: what is off shows in one of the sums.
            signs = np.random.default_rng(0).choice([-1.0, 1.0], (tall.shape[1], _PROBES))
            wrong = np.abs(tall.T @ (tall @ signs) - signs) / math.sqrt(shortest)
        else:
            wrong = np.abs(tall.T @ tall - np.eye(tall.shape[1]))
        error = max(error, float(wrong.max()))
    # Each entry of a product sums as many roundings as there are rows, besides those of storage.
    single = float(np.finfo(np.float32).eps)
    bound = 4 * single * length + 4 * GRIDS[dtype].half_step
    return AuditRow(
        path,
        HOLDS if error <= bound else FAILS,
        ORTHOGONALITY,
        f"products of columns {error:.3g} off",
        "0 off",
        f"{bound:.3g}",
        matrices.size,
        fault="" if error <= bound else _orthogonal_fault(matrices, gain, bound),
        visible=f"products of columns {bound:.2g} off",
    )


def _haar_row(path: str, matrices: NDArray[Any], alpha: float) -> AuditRow:
    """Judge what is known of a random orthogonal matrix: its largest entry, and its signs.

    Columns and rows may change their signs and the law is the same, so that those of a diagonal,
    of a row or of a column are fair coins; the square of an entry has a Beta law.
    """
    rows, columns = matrices.shape[-2:]
    length = max(rows, columns)
    count = len(matrices)
    largest = float(np.abs(matrices).max())
    entries = stats.beta(0.5, (length - 1) / 2) if length > 1 else None
    rate = alpha / 2 / matrices.size
    most = 1.0 if entries is None else math.sqrt(float(entries.isf(rate)))
    positive = matrices > 0
    signs = [
        np.diagonal(positive, axis1=1, axis2=2).sum(axis=1).ravel(),
        positive.sum(axis=1).ravel(),
        positive.sum(axis=2).ravel(),
    ]
    tosses = [min(rows, columns), rows, columns]
    judged = [(heads, n) for heads, n in zip(signs, tosses, strict=True) if n >= _FEW_SIGNS]
    # The signs of all diagonals are fair coins together too.
    judged.append((np.array([signs[0].sum()]), tosses[0] * count))
    each = alpha / 2 / sum(len(heads) for heads, _ in judged)
    wrong, seen, text = False, math.inf, "signs are fair"
    for heads, n in judged:
        least, high = tails.count_bounds(n, 0.5, each)
        seen = min(seen, high / n)
        bad = (heads < least) | (heads > high)
        if bad.any():
            wrong, text = True, f"{int(heads[bad][0])} of {n} signs are positive"
    holds = not wrong and largest <= most * (1 + 1e-6)
    is_told = most < 1 - 1e-9 and seen < 1
    return AuditRow(
        path,
        FAILS if not holds else HOLDS if is_told else UNDECIDED,
        HAAR,
        f"{text}; the largest entry is {largest:.3g}",
        "fair signs",
        f"an entry of {most:.3g}",
        matrices.size,
        fault="signs of the factorization" if wrong else "",
        visible=f"{seen:.0%} of the signs alike" if seen < 1 else "",
    )


def _sparse_rows(
    path: str, matrix: NDArray[Any], law: StructuredLaw, dtype: str, alpha: float
) -> Iterator[AuditRow]:
    """Judge the zeros of each input, and the law of what is not zero."""
    counts = (matrix == 0).sum(axis=1)
    expected = zeros(matrix.shape[1], law.sparsity)
    same = bool((counts == expected).all())
    yield AuditRow(
        path,
        HOLDS if same else FAILS,
        ZEROS,
        f"{counts.min()} to {counts.max()} of each input",
        f"{expected} of each input",
        "0 more or fewer",
        matrix.size,
    )
    others = matrix[matrix != 0]
    element = element_law(NormalLaw(0.0, law.gain), dtype)
    if len(others) and element is not None:
        tally = Tally()
        scaled = tally.count(others, element, ())
        tally.total, tally.squares = float(scaled.sum()), float((scaled**2).sum())
        yield from element_rows(Judged(path, element, tally, alpha, "Of what is not zero."))
