"""Statistical claims about the law of an engine's elements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter, Draw
from fanwise.conformance.checks.cases import (
    LATER,
    Case,
    drawer,
    is_first,
    sized_case,
    statistical_cases,
    title,
)
from fanwise.conformance.checks.check import Check, Step, StepResult
from fanwise.conformance.checks.faults import (
    Array,
    Broken,
    Fault,
    FaultyDraw,
    right,
    scaled,
    shifted,
    uncut,
)
from fanwise.conformance.checks.offers import not_offered
from fanwise.conformance.checks.support import SUPPORT, case_subject, judge_support
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.results.runs import Histogram
from fanwise.conformance.statistics import sample_sizes as sizes
from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.calibration import law_test
from fanwise.conformance.statistics.distributions import Distribution
from fanwise.conformance.statistics.sample_sizes import MISS
from fanwise.spec.axes import PATTERNS
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme
from fanwise.spec.truncation import truncated_moments

_BERNSTEIN: Final = "Bernstein's inequality"

MEAN: Final = Claim(
    name="mean",
    group=Group.SCALE,
    null="the mean is the scheme's",
    test=f"exact for a normal; {_BERNSTEIN} for a bounded law",
    catches=f"a mean off by {sizes.MEAN_FAULT:.0%} of a standard deviation",
)
VARIANCE: Final = Claim(
    name="variance",
    group=Group.SCALE,
    null="the variance is the scheme's, with its fans, gain and correction",
    test=f"exact χ² for a normal; {_BERNSTEIN} for a bounded law",
    catches=f"a standard deviation off by {sizes.SCALE_FAULT:.0%}",
)
DISTRIBUTION: Final = Claim(
    name="distribution",
    group=Group.SHAPE,
    null="the distribution function is the scheme's",
    test="Dvoretzky-Kiefer-Wolfowitz inequality, with Massart's constant",
    catches="a cut that is missing, at the right variance",
)
TAILS: Final = Claim(
    name="tails",
    group=Group.SHAPE,
    null=f"the outermost {tails.TAIL_SHARE:.0e} of the law has its share of elements",
    test="exact binomial",
    catches="a normal cut at 3.8 standard deviations",
)

#: Cells of equal probability in which draws are counted for the comparison of frameworks.
CELLS: Final = 256


def judge_law(adapter: Adapter, engine: Engine, case: Case) -> StepResult:
    """Judge the law of one case.

    Returns:
        The rows; and the histogram of the draw, if the case is one of a matrix. On a
        kernel with a receptive field, and of a later scheme, only the scale is new, so only it is
        judged.
    """
    subject = case_subject(adapter, engine, case)
    try:
        weight = drawer(adapter, engine)(case.draw(adapter.axes))
    except FanwiseError as error:
        # Parameters beyond the defaults may be more than the framework's own sampler can do.
        is_plain = is_first(case.scheme) and not case.scheme.to_dict()["params"]
        if engine is Engine.NATIVE and not is_plain:
            return StepResult(rows=(not_offered(subject, error),))
        raise
    law, values = case.law, np.ravel(weight).astype(np.float64)
    if not is_first(case.scheme):
        return StepResult(
            rows=(subject.judge(VARIANCE, tails.variance(values, law, LATER), LATER),)
        )
    matrix = len(case.kernel) == 2
    rows = [subject.judge(*finding) for finding in law_findings(values, law, matrix=matrix)]
    rows.append(judge_support(subject, weight, law))
    compared = matrix and engine is Engine.NATIVE
    histograms = (histogram(case, values, law),) if compared else ()
    return StepResult(rows=tuple(rows), histograms=histograms)


def law_findings(
    values: NDArray[np.float64], law: Distribution, *, matrix: bool = True
) -> Iterator[tuple[Claim, tails.Finding]]:
    """Yield what the tests of a law see; of other than a matrix, of its scale alone."""
    yield VARIANCE, tails.variance(values, law)
    if matrix:
        yield MEAN, tails.mean(values, law)
        yield DISTRIBUTION, tails.distribution(values, law)
        yield TAILS, tails.tails(values, law)


def histogram(case: Case, values: NDArray[np.float64], law: Distribution) -> Histogram:
    """Count the values that fall into each cell of equal probability."""
    cells = np.clip((law.cdf(values) * CELLS).astype(np.int64), 0, CELLS - 1)
    return Histogram(
        scheme=str(case.scheme),
        subject=case.subject,
        counts=tuple(int(n) for n in np.bincount(cells, minlength=CELLS)),
        kernel=case.kernel,
        source=case.scheme.to_dict(),
    )


def _steps(adapter: Adapter) -> Iterator[Step]:
    for engine in Engine:
        kinds = set()
        for case in statistical_cases():
            if engine is Engine.PORTABLE and not is_first(case.scheme):
                continue  # by their bits, these are the reference
            name = f"{engine} {title(case.scheme)} {case.subject}"
            step = Step(name, partial(judge_law, adapter, engine, case))
            # A quick run judges the first of each kind of law, with and without a field.
            kind = (type(case.law.law), len(case.kernel), case.scheme.entry.uses_fan)
            yield step if kind in kinds else step.in_quick_runs()
            kinds.add(kind)


# The faults.


def _swapped_fans(draw: Draw) -> Array:
    """Draw with fan_in and fan_out exchanged."""
    words = {"in": "out", "out": "in", "*": "*"}
    axes = " ".join(words[word] for word in PATTERNS.get(draw.axes, draw.axes).split())
    return right(replace(draw, axes=axes))


def _no_field(draw: Draw) -> Array:
    """Draw with the receptive field left out of fan_in."""
    return right(replace(draw, scheme=draw.scheme.replace(fan=draw.shape[-2])))


def _clamped(draw: Draw) -> Array:
    """Draw values beyond the cut moved onto it, at the right variance."""
    std = draw.scheme.std(draw.shape, draw.axes)
    values = np.clip(right(replace(draw, scheme=scheme("normal"))), -2.0, 2.0)
    return (values * np.float32(std / values.std())).astype(np.float32)


def _cut_far_out(draw: Draw) -> Array:
    """Draw a normal cut at 3.8 standard deviations."""
    cut = scheme("truncated_normal", low=-3.8, high=3.8, std=draw.scheme["std"])
    return right(replace(draw, scheme=cut))


def _other_gain(draw: Draw) -> Array:
    """Draw with the gain of relu, whatever the nonlinearity."""
    return right(replace(draw, scheme=draw.scheme.replace(nonlinearity="relu")))


def _judge(judged: Scheme, field: tuple[int, ...], adapter: Adapter, seed: int) -> list[ResultRow]:
    return list(judge_law(adapter, Engine.NATIVE, sized_case(judged, field, seed)).rows)


def _fault(
    name: str, claim: Claim, judged: Scheme, draw: FaultyDraw, field: tuple[int, ...] = ()
) -> Fault:
    judge = partial(_judge, judged, field)
    return Fault(name=name, claim=claim, judge=judge, adapter=Broken(draw), missed=MISS)


_CORRECTION: Final = truncated_moments(-2.0, 2.0)[1]
_TANH: Final = scheme("kaiming_normal", nonlinearity="tanh")

CHECK: Final = Check(
    claims=(MEAN, VARIANCE, DISTRIBUTION, TAILS),
    steps=_steps,
    faults=(
        _fault("scale 1 % too large", VARIANCE, scheme("he_normal"), scaled(1.01)),
        _fault("scale 1 % too small", VARIANCE, scheme("glorot_uniform"), scaled(0.99)),
        _fault("scale of a normal 1 % too large", VARIANCE, scheme("normal"), scaled(1.01)),
        _fault("fan_in and fan_out exchanged", VARIANCE, scheme("he_normal"), _swapped_fans),
        _fault(
            "receptive field forgotten", VARIANCE, scheme("lecun_uniform"), _no_field, field=(3, 3)
        ),
        _fault(
            "correction for the cut missing", VARIANCE, scheme("lecun_normal"), scaled(_CORRECTION)
        ),
        _fault("cut missing", SUPPORT, scheme("glorot_normal"), uncut),
        _fault("cut missing, by its distribution", DISTRIBUTION, scheme("glorot_normal"), uncut),
        _fault("clamped instead of cut", DISTRIBUTION, scheme("he_normal"), _clamped),
        _fault("mean moved by 2 %", MEAN, scheme("xavier_normal"), shifted),
        _fault("normal cut at 3.8", TAILS, scheme("normal"), _cut_far_out),
        _fault("gain of another nonlinearity", VARIANCE, _TANH, _other_gain),
    ),
    calibration={
        MEAN: law_test(tails.mean, exact=frozenset({"normal"})),
        VARIANCE: law_test(tails.variance, exact=frozenset({"normal"})),
        DISTRIBUTION: law_test(tails.distribution),
        TAILS: law_test(tails.tails),
    },
)
