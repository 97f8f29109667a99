"""Claims about what is not drawn element by element: constants and structured schemes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter, Draw
from fanwise.conformance.checks.cases import example_draw, judged_schemes, stored_shape
from fanwise.conformance.checks.check import Check, Step, rows_step, rows_work
from fanwise.conformance.checks.faults import Array, Broken, Fault, FaultyDraw, right
from fanwise.conformance.checks.offers import not_offered
from fanwise.conformance.results.claims import ANY_DIFFERENCE, Claim, Group
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.results.subjects import Subject, elements, size_text
from fanwise.conformance.statistics import tails
from fanwise.core import sample, to_canonical
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import StructuredLaw, is_random, zeros
from fanwise.spec.scheme import Scheme

VALUES: Final = Claim(
    name="values",
    group=Group.STRUCTURE,
    null="constants, identity and dirac are what they say",
)
ZEROS: Final = Claim(
    name="zeros",
    group=Group.STRUCTURE,
    null="sparse has its zeros in each column",
    test="a count: exact",
    catches=ANY_DIFFERENCE,
)
ORTHOGONALITY: Final = Claim(
    name="orthogonality",
    group=Group.STRUCTURE,
    null="rows or columns are orthonormal, times the gain",
    test="four roundings for each element that is summed",
    catches="half precision anywhere in the factorization",
)
HAAR: Final = Claim(
    name="haar",
    group=Group.STRUCTURE,
    null="orthogonal matrices are Haar-distributed",
    test="Dvoretzky-Kiefer-Wolfowitz inequality on an entry, which has a Beta law",
    catches="signs as LAPACK leaves them",
)

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


def constants(adapter: Adapter) -> Iterator[ResultRow]:
    """Compare the framework's own constants with those of the scheme."""
    for judged in judged_schemes():
        if judged.entry.distribution["kind"] == "constant":
            expected = sample(judged, (5, 7), seed=0)
            values = adapter.native(Draw(judged, (5, 7), 0, axes=adapter.axes))
            yield count_differing(_subject(adapter, judged, (5, 7)), values, expected)


def structured(adapter: Adapter, family: str | None = None) -> Iterator[ResultRow]:
    """Judge what the framework's own structured initializers must keep; of one family, or all."""
    for judged in judged_schemes():
        if not judged.entry.structured or family not in (None, judged.family):
            continue
        for kernel in _KERNELS.get(judged.family, ()):
            yield from _structured(adapter, judged, kernel)
        if judged.family not in _KERNELS:
            yield from _whole(adapter, judged)


def count_differing(subject: Subject, values: NDArray[Any], expected: object) -> ResultRow:
    """Return a row for elements that must be equal, with the number of those that differ."""
    differing = int((values != expected).sum())
    return subject.compare(VALUES, f"{differing} elements differ", "0 elements differ")


def distance_from_orthonormal(matrices: NDArray[Any], gain: float) -> tails.Finding:
    """Measure how far a matrix, or the worst of several, is from semi-orthogonal, times a gain."""
    tall = matrices.astype(np.float64) / gain
    if tall.shape[-2] < tall.shape[-1]:
        tall = tall.swapaxes(-1, -2)
    error = float(np.abs(tall.swapaxes(-1, -2) @ tall - np.eye(tall.shape[-1])).max())
    # Each entry of the product sums as many roundings as there are rows.
    bound = 4 * float(np.finfo(np.float32).eps) * tall.shape[-2]
    return tails.Finding(error, 0.0, 0.0, bound)


def _structured(adapter: Adapter, judged: Scheme, kernel: tuple[int, ...]) -> Iterator[ResultRow]:
    subject = _subject(adapter, judged, kernel)
    draw = Draw(judged, stored_shape(kernel, adapter.axes), _SEED, axes=adapter.axes)
    try:
        values = to_canonical(adapter.native(draw), adapter.axes)
    except FanwiseError as error:
        yield not_offered(subject, error)
        return
    law = judged.law(kernel)
    assert isinstance(law, StructuredLaw)
    match judged.family:
        case "identity" | "dirac":
            yield count_differing(subject, values, sample(judged, kernel, seed=0))
        case "sparse":
            yield _zeros(subject, values, zeros(kernel[1], law.sparsity))
        case _:
            matrix = values.reshape(-1, values.shape[-1])
            if judged.family == "delta_orthogonal":
                matrix = matrix[np.any(matrix != 0, axis=1)]
            finding = distance_from_orthonormal(matrix, law.gain)
            yield subject.judge(ORTHOGONALITY, finding, alpha=0.0)
            if len(kernel) == 2:
                yield _haar(adapter, judged)


def _whole(adapter: Adapter, judged: Scheme) -> Iterator[ResultRow]:
    """Judge what is made as a whole, and fixed, where a framework has an initializer of it.

    What is known of those that are random is published, and judged on the portable engine.
    """
    draw = example_draw(judged, adapter.axes)
    subject = replace(_subject(adapter, judged, draw.shape), seed=draw.seed)
    try:
        values = adapter.native(draw)
    except FanwiseError as error:
        yield not_offered(subject, error)
        return
    if not is_random(judged.law(draw.shape, draw.axes)):
        expected = sample(judged, draw.shape, seed=0, axes=draw.axes)
        yield count_differing(subject, values, expected)


def _zeros(subject: Subject, values: NDArray[Any], expected: int) -> ResultRow:
    counts = (values == 0).sum(axis=1)
    same = (counts == expected).all()
    observed = str(expected) if same else f"{counts.min()} to {counts.max()}"
    return subject.compare(ZEROS, observed, str(expected))


def _haar(adapter: Adapter, judged: Scheme) -> ResultRow:
    """Judge the first entry of Haar matrices of size k.

    Of it, (entry + 1) / 2 is Beta((k-1)/2, (k-1)/2).
    """
    gain = judged["gain"]
    assert isinstance(gain, float)
    draws = [
        adapter.native(Draw(judged, (SIZE, SIZE), seed, axes=adapter.axes))[0, 0]
        for seed in range(MATRICES)
    ]
    entries = np.sort((np.array(draws, np.float64) / gain + 1) / 2)
    half = (SIZE - 1) / 2
    distance = tails.distance_from(stats.beta(half, half).cdf(entries))
    subject = Subject(
        adapter=adapter.name,
        engine=Engine.NATIVE,
        scheme=str(judged),
        subject=f"{MATRICES} of {SIZE}×{SIZE}",
        n=MATRICES,
    )
    return subject.judge(HAAR, tails.Finding(distance, 0.0, 0.0, tails.dkw_bound(MATRICES)))


def _subject(adapter: Adapter, judged: Scheme, kernel: tuple[int, ...]) -> Subject:
    return Subject(
        adapter=adapter.name,
        engine=Engine.NATIVE,
        scheme=str(judged),
        subject=size_text(kernel),
        n=elements(kernel),
        seed=_SEED,
    )


def _steps(adapter: Adapter) -> Iterator[Step]:
    yield rows_step("constants", constants, adapter).in_quick_runs()
    # The rotations of an orthogonal matrix take thousands of draws.
    quick = rows_work(structured, adapter, "delta_orthogonal")
    yield rows_step("structured", structured, adapter).in_quick_runs(quick)


# The faults.


def _unsigned(draw: Draw) -> Array:
    """Draw orthogonal matrices with the signs of LAPACK's factorization."""
    values = right(draw).copy()
    if draw.scheme.family == "orthogonal":
        values *= -np.sign(values[..., :1, :])
    return values


def _rough(draw: Draw) -> Array:
    """Draw with half precision on the way."""
    return right(draw).astype(np.float16).astype(np.float32)


def _off_centre(draw: Draw) -> Array:
    """Draw one step off the centre of the receptive field."""
    return np.roll(right(draw), 1, axis=0)


def _zero_too_few(draw: Draw) -> Array:
    """Draw a sparse weight with one of its zeros filled."""
    values = right(draw).copy()
    if draw.scheme.family == "sparse":
        values[0, np.argmin(np.abs(values[0]))] = 1.0
    return values


def _judge(family: str, adapter: Adapter, seed: int) -> Iterator[ResultRow]:
    del seed  # these schemes have their own
    return structured(adapter, family)


def _fault(name: str, claim: Claim, family: str, draw: FaultyDraw) -> Fault:
    judge = partial(_judge, family)
    return Fault(name=name, claim=claim, judge=judge, adapter=Broken(draw))


CHECK: Final = Check(
    claims=(VALUES, ZEROS, ORTHOGONALITY, HAAR),
    steps=_steps,
    faults=(
        _fault("orthogonal with LAPACK's signs", HAAR, "orthogonal", _unsigned),
        _fault("orthogonal not orthogonal", ORTHOGONALITY, "orthogonal", _rough),
        _fault("dirac one step off its centre", VALUES, "dirac", _off_centre),
        _fault("sparse with a zero too few", ZEROS, "sparse", _zero_too_few),
    ),
)
