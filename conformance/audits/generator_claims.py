"""Claims about what some generators make, whatever the seed: how much is zero, and norms."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.formula_ranks import as_matrices
from fanwise.conformance.audits.results import FAILS, HOLDS, AuditRow
from fanwise.conformance.statistics.grids import GRIDS
from fanwise.core.order import to_canonical
from fanwise.spec.laws import StructuredLaw
from fanwise.spec.plan import Planned
from fanwise.spec.sparsities import unconnected, unconnected_units

ZEROS: Final = "zeros"
RADIUS: Final = "spectral radius"

Matrices = NDArray[np.float64]
#: What is claimed: its name, the number, what is expected, and by how much it may be off.
Found = tuple[str, float, float, float]

#: Roundings of a dtype that other arithmetic may add up.
_ROUNDINGS: Final = 8


def generator_rows(
    stored: StoredWeight, planned: Planned, law: StructuredLaw
) -> Iterator[AuditRow]:
    """Judge what is known of a weight of a generator; nothing where nothing is."""
    claims = _CLAIMS.get(law.generator)
    if claims is None or not stored.size:
        return
    matrices = as_matrices(to_canonical(stored.values(), planned.weight.axes), law)
    half_step = max(GRIDS[stored.dtype].half_step, 6e-8)
    for name, observed, expected, bound in claims(matrices.astype(np.float64), law, half_step):
        off = abs(observed - expected)
        yield AuditRow(
            planned.weight.path,
            HOLDS if off <= bound else FAILS,
            name,
            f"{observed:.6g}",
            f"{expected:.6g}",
            f"{bound:.3g}",
            matrices.size,
        )


def _of_reservoir(matrices: Matrices, law: StructuredLaw, half_step: float) -> Iterator[Found]:
    batches, inputs, _ = matrices.shape
    yield ZEROS, _zeros(matrices), batches * inputs * unconnected_units(law), 0.0
    radius = float(law.option("radius"))
    radii = np.abs(np.linalg.eigvals(matrices)).max(axis=1)
    worst = float(radii[np.abs(radii - radius).argmax()])
    # An eigenvalue moves with the norm of what rounding adds, times its condition.
    yield RADIUS, worst, radius, _ROUNDINGS * half_step * radius * math.sqrt(inputs)


def _of_graph(matrices: Matrices, law: StructuredLaw, _: float) -> Iterator[Found]:
    yield ZEROS, _zeros(matrices), len(matrices) * unconnected(law), 0.0


def _zeros(matrices: Matrices) -> float:
    return float((matrices == 0.0).sum())


_CLAIMS: Final[Mapping[str, Callable[[Matrices, StructuredLaw, float], Iterator[Found]]]] = {
    "reservoir": _of_reservoir,
    "erdos_renyi": _of_graph,
}
