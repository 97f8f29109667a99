"""Claims about what is not drawn element by element: constants and structured schemes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fanwise.adapters.protocol import Adapter, Draw
from fanwise.conformance.checks.cases import judged_schemes, stored_shape
from fanwise.conformance.results.rows import Row
from fanwise.conformance.results.subjects import About, elements, size_text
from fanwise.conformance.statistics import tails as statistics
from fanwise.core import sample, to_canonical
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import Structured, zeros
from fanwise.spec.scheme import Scheme

#: Matrices drawn to judge the law of an entry of a random orthogonal one, and their size.
MATRICES, SIZE = 1000, 6
_SEED: Final = 11

#: The kernels on which each structured scheme is judged.
_KERNELS: Final = {
    "orthogonal": ((48, 48), (40, 70), (3, 3, 8, 16)),
    "delta_orthogonal": ((3, 3, 8, 16),),
    "identity": ((12, 12), (9, 14)),
    "dirac": ((3, 3, 6, 8), (5, 4, 4)),
    "sparse": ((40, 60),),
}


def constants(adapter: Adapter) -> Iterator[Row]:
    """The framework's own constants are those of the scheme."""
    for one in judged_schemes():
        if one.entry.distribution["kind"] == "constant":
            expected = sample(one, (5, 7), seed=0)
            made = adapter.native(Draw(one, (5, 7), 0, axes=adapter.axes))
            yield _same(adapter, "values", one, (5, 7), int((made != expected).sum()))


def structured(adapter: Adapter, family: str | None = None) -> Iterator[Row]:
    """What the framework's own structured initializers must keep; of one family, or all."""
    for one in judged_schemes():
        if one.entry.structured and family in (None, one.family):
            for kernel in _KERNELS[one.family]:
                yield from _structured(adapter, one, kernel)


def _structured(adapter: Adapter, one: Scheme, kernel: tuple[int, ...]) -> Iterator[Row]:
    draw = Draw(one, stored_shape(kernel, adapter.axes), _SEED, axes=adapter.axes)
    try:
        made = to_canonical(adapter.native(draw), adapter.axes)
    except FanwiseError as error:
        yield _about(adapter, one, kernel).not_offered(error)
        return
    law = one.law(kernel)
    assert isinstance(law, Structured)
    if one.family in ("identity", "dirac"):
        differ = int((made != sample(one, kernel, seed=0)).sum())
        yield _same(adapter, "values", one, kernel, differ)
    elif one.family == "sparse":
        wanted = zeros(kernel[1], law.sparsity)
        found = (made == 0).sum(axis=1)
        counts = str(wanted) if (found == wanted).all() else f"{found.min()} to {found.max()}"
        yield _about(adapter, one, kernel).equal("zeros", counts, str(wanted))
    else:
        yield _orthogonality(adapter, one, made, law.gain)
        if len(kernel) == 2:
            yield _haar(adapter, one)


def _orthogonality(adapter: Adapter, one: Scheme, made: NDArray[Any], gain: float) -> Row:
    """Columns (or rows, of a wide matrix) orthonormal, times the gain."""
    matrix = made.reshape(-1, made.shape[-1])
    if one.family == "delta_orthogonal":
        matrix = matrix[np.any(matrix != 0, axis=1)]
    finding = from_orthonormal(matrix, gain)
    return _about(adapter, one, made.shape).found("orthogonality", finding, alpha=0.0)


def from_orthonormal(matrices: NDArray[Any], gain: float) -> statistics.Finding:
    """How far a matrix, or the worst of several, is from semi-orthogonal, times the gain."""
    tall = matrices.astype(np.float64) / gain
    if tall.shape[-2] < tall.shape[-1]:
        tall = tall.swapaxes(-1, -2)
    error = float(np.abs(tall.swapaxes(-1, -2) @ tall - np.eye(tall.shape[-1])).max())
    # Each entry of the product sums as many roundings as there are rows.
    bound = 4 * float(np.finfo(np.float32).eps) * tall.shape[-2]
    return statistics.Finding(error, 0.0, 0.0, bound)


def _haar(adapter: Adapter, one: Scheme) -> Row:
    """The first entry of a Haar matrix of size k: (entry + 1) / 2 is Beta((k-1)/2, (k-1)/2)."""
    gain = one["gain"]
    assert isinstance(gain, float)
    draws = [
        adapter.native(Draw(one, (SIZE, SIZE), seed, axes=adapter.axes))[0, 0]
        for seed in range(MATRICES)
    ]
    entries = np.sort((np.array(draws, np.float64) / gain + 1) / 2)
    half = (SIZE - 1) / 2
    distance = statistics.distance_from(stats.beta(half, half).cdf(entries))
    finding = statistics.Finding(distance, 0.0, 0.0, statistics.dkw_bound(MATRICES))
    topic = About(adapter.name, "native", str(one), f"{MATRICES} of {SIZE}×{SIZE}", MATRICES)
    return topic.found("haar", finding)


def _same(adapter: Adapter, claim: str, one: Scheme, kernel: tuple[int, ...], differ: int) -> Row:
    topic = _about(adapter, one, kernel)
    return topic.equal(claim, f"{differ} elements differ", "0 elements differ")


def _about(adapter: Adapter, one: Scheme, kernel: tuple[int, ...]) -> About:
    size = elements(kernel)
    return About(adapter.name, "native", str(one), size_text(kernel), size, _SEED)
