"""Statistical claims: draws of an engine, judged against the law of the scheme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fanwise.adapters.protocol import Adapter, Draw
from fanwise.conformance import statistics
from fanwise.conformance.cases import Case, judged_schemes, stored_shape
from fanwise.conformance.distributions import Distribution, outside
from fanwise.conformance.rows import FAIL, NONE, PASS, Histogram, Row
from fanwise.core import sample, to_canonical
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import Structured, zeros
from fanwise.spec.scheme import Scheme

#: Cells of equal probability in which draws are counted for the comparison of frameworks.
CELLS: Final = 256
#: Matrices drawn to judge the law of an entry of a random orthogonal one, and their size.
MATRICES, SIZE = 1000, 6

Engine = Callable[[Draw], NDArray[Any]]


def engine_of(adapter: Adapter, name: str) -> Engine:
    """One of an adapter's two engines; the portable one in its first mode."""
    if name == "native":
        return adapter.native
    return lambda draw: adapter.portable(draw, adapter.modes[0])


def judge(adapter: Adapter, engine: str, case: Case) -> tuple[list[Row], Histogram | None]:
    """All statistical claims about one case.

    Returns:
        The rows; and the histogram of the draw, if the case is one of a matrix. On a
        kernel with a receptive field only the scale is new, so only it is judged.
    """
    law = case.law
    try:
        made = engine_of(adapter, engine)(case.draw(adapter.axes))
    except FanwiseError as error:
        # Parameters beyond the defaults may be more than the framework's own sampler can do.
        if engine == "native" and case.scheme.to_dict()["params"]:
            return [_not_offered(adapter, case.scheme, case.kernel, error)], None
        raise
    values = np.ravel(made).astype(np.float64)
    tests = {"variance": statistics.variance}
    if len(case.kernel) == 2:
        tests |= {
            "mean": statistics.mean,
            "distribution": statistics.distribution,
            "tails": statistics.tails,
        }
    rows = [
        _judged(adapter, engine, claim, case, test(values, law)) for claim, test in tests.items()
    ]
    rows.append(_support(adapter, engine, case, made))
    counted = len(case.kernel) == 2 and engine == "native"
    return rows, histogram(case, values, law) if counted else None


def support(adapter: Adapter, engine: str, case: Case) -> Row:
    """The claim about the support alone, for a larger draw."""
    return _support(adapter, engine, case, engine_of(adapter, engine)(case.draw(adapter.axes)))


def histogram(case: Case, values: NDArray[np.float64], law: Distribution) -> Histogram:
    """How many values fell into each cell of equal probability."""
    cells = np.clip((law.cdf(values) * CELLS).astype(np.int64), 0, CELLS - 1)
    counts = np.bincount(cells, minlength=CELLS)
    return Histogram(str(case.scheme), case.subject, tuple(int(n) for n in counts))


def structured(adapter: Adapter) -> Iterator[Row]:
    """What the framework's own structured initializers must keep."""
    for one in judged_schemes():
        if not one.entry.structured:
            continue
        for kernel in _kernels(one):
            yield from _structured(adapter, one, kernel)


def constants(adapter: Adapter) -> Iterator[Row]:
    """The framework's own constants are those of the scheme."""
    for one in judged_schemes():
        if one.entry.distribution["kind"] == "constant":
            expected = sample(one, (5, 7), seed=0)
            made = adapter.native(Draw(one, (5, 7), 0, axes=adapter.axes))
            yield _exact(adapter, "values", one, (5, 7), bool((made == expected).all()))


def _structured(adapter: Adapter, one: Scheme, kernel: tuple[int, ...]) -> Iterator[Row]:
    draw = Draw(one, stored_shape(kernel, adapter.axes), 11, axes=adapter.axes)
    kind = one.entry.distribution["kind"]
    try:
        made = to_canonical(adapter.native(draw), adapter.axes)
    except FanwiseError as error:
        yield _not_offered(adapter, one, kernel, error)
        return
    law = one.law(kernel)
    assert isinstance(law, Structured)
    if kind in ("identity", "dirac"):
        holds = bool((made == sample(one, kernel, seed=0)).all())
        yield _exact(adapter, "values", one, kernel, holds)
    elif kind == "sparse":
        wanted = zeros(kernel[1], law.sparsity)
        holds = bool(((made == 0).sum(axis=1) == wanted).all())
        yield _exact(adapter, "zeros", one, kernel, holds)
    else:
        yield _orthogonality(adapter, one, made, law.gain)
        if len(kernel) == 2:
            yield _haar(adapter, one)


def _not_offered(
    adapter: Adapter, one: Scheme, kernel: tuple[int, ...], error: FanwiseError
) -> Row:
    return Row(
        adapter.name,
        "native",
        "offered",
        str(one),
        _text(kernel),
        NONE,
        "no",
        "yes or no",
        note=str(error),
    )


def _orthogonality(adapter: Adapter, one: Scheme, made: NDArray[Any], gain: float) -> Row:
    """Columns (or rows, of a wide matrix) orthonormal, times the gain."""
    matrix = made.reshape(-1, made.shape[-1]).astype(np.float64) / gain
    if one.family == "delta_orthogonal":
        matrix = matrix[np.any(matrix != 0, axis=1)]
    if matrix.shape[0] < matrix.shape[1]:
        matrix = matrix.T
    error = float(np.abs(matrix.T @ matrix - np.eye(matrix.shape[1])).max())
    # Each entry of the product sums as many roundings as there are rows.
    bound = 4 * float(np.finfo(np.float32).eps) * matrix.shape[0]
    found = statistics.Finding(error, 0.0, 0.0, bound)
    return _found(adapter, "native", "orthogonality", one, made.shape, found, made.size, 0.0)


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
    expected = stats.beta(half, half).cdf(entries)
    steps = np.arange(MATRICES + 1) / MATRICES
    distance = max(float((steps[1:] - expected).max()), float((expected - steps[:-1]).max()))
    found = statistics.Finding(distance, 0.0, 0.0, statistics.dkw_bound(MATRICES))
    shape = (SIZE, SIZE)
    return _found(
        adapter, "native", "haar", one, shape, found, MATRICES, statistics.ALPHA
    )  # fmt: skip


def _kernels(one: Scheme) -> tuple[tuple[int, ...], ...]:
    return {
        "orthogonal": ((48, 48), (40, 70), (3, 3, 8, 16)),
        "delta_orthogonal": ((3, 3, 8, 16),),
        "identity": ((12, 12), (9, 14)),
        "dirac": ((3, 3, 6, 8), (5, 4, 4)),
        "sparse": ((40, 60),),
    }[one.family]


def _support(adapter: Adapter, engine: str, case: Case, made: NDArray[Any]) -> Row:
    law = case.law
    count = outside(np.ravel(made), law.support, "float32")
    found = statistics.Finding(float(count), 0.0, 0.0, 0.0)
    return _found(
        adapter, engine, "support", case.scheme, case.kernel, found, made.size, 0.0
    )  # fmt: skip


def _judged(
    adapter: Adapter, engine: str, claim: str, case: Case, found: statistics.Finding
) -> Row:
    n = int(np.prod(case.kernel))
    return _found(
        adapter, engine, claim, case.scheme, case.kernel, found, n, statistics.ALPHA
    )  # fmt: skip


def _found(
    adapter: Adapter,
    engine: str,
    claim: str,
    one: Scheme,
    kernel: tuple[int, ...],
    found: statistics.Finding,
    n: int,
    alpha: float,
) -> Row:
    return Row(
        adapter.name,
        engine,
        claim,
        str(one),
        _text(kernel),
        PASS if found.passed else FAIL,
        f"{found.observed:.6g}",
        f"{found.expected:.6g}",
        f"[{found.low:.6g}, {found.high:.6g}]",
        n,
        alpha,
    )


def _exact(adapter: Adapter, claim: str, one: Scheme, kernel: tuple[int, ...], holds: bool) -> Row:  # noqa: FBT001
    outcome, observed = (PASS, "equal") if holds else (FAIL, "not equal")
    n = int(np.prod(kernel))
    return Row(
        adapter.name, "native", claim, str(one), _text(kernel), outcome, observed, "equal", n=n
    )


def _text(kernel: tuple[int, ...]) -> str:
    return "×".join(map(str, kernel))
