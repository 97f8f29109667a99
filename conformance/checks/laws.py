"""Statistical claims about the law of an engine's elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.protocol import Adapter, Draw
from fanwise.conformance.checks.cases import INPUTS, Case
from fanwise.conformance.results.rows import Histogram, Row
from fanwise.conformance.results.subjects import About
from fanwise.conformance.statistics import sample_sizes as sizes
from fanwise.conformance.statistics import tails as statistics
from fanwise.conformance.statistics.distributions import Distribution, outside
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import scheme

#: Cells of equal probability in which draws are counted for the comparison of frameworks.
CELLS: Final = 256
#: Half precision is judged on these; the dtypes, with the numbers that each can hold.
HALF_SCHEMES: Final = ("uniform", "normal", "truncated_normal")
HALF_DTYPES: Final = ("float16", "bfloat16")

#: Elements of each of the weights that are drawn for it.
_HALF_ELEMENTS: Final = 1 << 22

Engine = Callable[[Draw], NDArray[Any]]


def engine_of(adapter: Adapter, name: str) -> Engine:
    """One of an adapter's two engines; the portable one in its first mode."""
    if name == "native":
        return adapter.native
    return lambda draw: adapter.portable(draw, adapter.modes[0])


def about(adapter: Adapter, engine: str, case: Case) -> About:
    """The subject of a case's rows."""
    size = int(np.prod(case.kernel))
    return About(adapter.name, engine, str(case.scheme), case.subject, size, case.seed)


def judge(adapter: Adapter, engine: str, case: Case) -> tuple[list[Row], Histogram | None]:
    """The claims about the law of one case.

    Returns:
        The rows; and the histogram of the draw, if the case is one of a matrix. On a
        kernel with a receptive field only the scale is new, so only it is judged.
    """
    topic = about(adapter, engine, case)
    try:
        made = engine_of(adapter, engine)(case.draw(adapter.axes))
    except FanwiseError as error:
        # Parameters beyond the defaults may be more than the framework's own sampler can do.
        if engine == "native" and case.scheme.to_dict()["params"]:
            return [topic.not_offered(error)], None
        raise
    law, values = case.law, np.ravel(made).astype(np.float64)
    matrix = len(case.kernel) == 2
    rows = [topic.found(claim, finding) for claim, finding in findings(values, law, matrix=matrix)]
    rows.append(topic.found("support", _outside(made, law), alpha=0.0))
    return rows, histogram(case, values, law) if matrix and engine == "native" else None


def findings(
    values: NDArray[np.float64], law: Distribution, *, matrix: bool = True
) -> Iterator[tuple[str, statistics.Finding]]:
    """What the tests of a law see; of other than a matrix, its scale alone."""
    yield "variance", statistics.variance(values, law)
    if matrix:
        yield "mean", statistics.mean(values, law)
        yield "distribution", statistics.distribution(values, law)
        yield "tails", statistics.tails(values, law)


def support(adapter: Adapter, engine: str, one: Case) -> Iterator[Row]:
    """The claim about the support alone, on as many elements as it needs."""
    size = sizes.support_size()
    case = replace(one, kernel=(INPUTS, -(-size // INPUTS)))
    topic = about(adapter, engine, case)
    try:
        made = engine_of(adapter, engine)(case.draw(adapter.axes))
    except FanwiseError as error:
        yield topic.not_offered(error)
        return
    yield topic.found("support", _outside(made, case.law), alpha=0.0)


def half(adapter: Adapter, engine: str, name: str, dtype: str, seed: int = 41) -> Iterator[Row]:
    """The claim that half precision is the float32 weight, rounded.

    It needs more elements than one weight should have: they are those of several seeds.
    """
    draws = -(-sizes.half_size() // _HALF_ELEMENTS)
    case = Case(scheme(name), (INPUTS, _HALF_ELEMENTS // INPUTS), seed)
    subject = f"{dtype} {draws} of {case.subject}"
    topic = replace(about(adapter, engine, case), subject=subject, n=draws * _HALF_ELEMENTS)
    draw, counts = replace(case.draw(adapter.axes), dtype=dtype), np.zeros(1 << 16, np.int64)
    try:
        for more in range(draws):
            made = engine_of(adapter, engine)(replace(draw, seed=seed + more))
            counts += np.bincount(np.ravel(made).view(np.uint16), minlength=1 << 16)
    except FanwiseError as error:
        yield topic.not_offered(error)
        return
    yield topic.found("half precision", _on_grid(counts, dtype, case.law))


def _on_grid(counted: NDArray[np.int64], dtype: str, law: Distribution) -> statistics.Finding:
    """How half-precision elements, counted by their bits, lie on the numbers that there are."""
    patterns = np.arange(1 << 16, dtype=np.uint16)
    numbers = patterns.view(np.float16)
    if dtype == "bfloat16":
        numbers = (patterns.astype(np.uint32) << 16).view(np.float32)
    finite = np.flatnonzero(np.isfinite(numbers))
    # In the order of the numbers; the two zeros are one.
    grid, place = np.unique(numbers[finite].astype(np.float64), return_inverse=True)
    counts = np.bincount(place, weights=counted[finite]).astype(np.int64)
    # An element is rounded to a number from as far as the middle between it and the next.
    middles = (grid[:-1] + grid[1:]) / 2
    return statistics.rounded(counts, law.cdf(np.append(middles, np.inf)))


def histogram(case: Case, values: NDArray[np.float64], law: Distribution) -> Histogram:
    """How many values fell into each cell of equal probability."""
    cells = np.clip((law.cdf(values) * CELLS).astype(np.int64), 0, CELLS - 1)
    counts = np.bincount(cells, minlength=CELLS)
    source, given = case.scheme.to_dict(), tuple(int(n) for n in counts)
    return Histogram(str(case.scheme), case.subject, given, case.kernel, source)


def _outside(made: NDArray[Any], law: Distribution) -> statistics.Finding:
    count = outside(np.ravel(made), law.support, "float32")
    return statistics.Finding(float(count), 0.0, 0.0, 0.0)
