"""The claim that half precision is the float32 weight, rounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter, Draw
from fanwise.conformance.checks.cases import INPUTS, Case, drawer
from fanwise.conformance.checks.check import Check, Step, rows_step
from fanwise.conformance.checks.faults import Array, Broken, Fault, right
from fanwise.conformance.checks.offers import not_offered
from fanwise.conformance.checks.support import case_subject
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.statistics import calibration, tails
from fanwise.conformance.statistics import sample_sizes as sizes
from fanwise.conformance.statistics.calibration import CalibratedTest
from fanwise.conformance.statistics.distributions import Distribution
from fanwise.conformance.statistics.sample_sizes import MISS
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import UniformLaw
from fanwise.spec.registry import scheme

HALF_PRECISION: Final = Claim(
    name="half precision",
    group=Group.SHAPE,
    null="float16 and bfloat16 weights are float32 ones, rounded",
    test="Dvoretzky-Kiefer-Wolfowitz inequality where the rounding changes",
    catches=(
        f"a distribution function off by {sizes.HALF_FAULT:.1%}, as when sampling in steps of 2⁻⁹"
    ),
)

#: What is judged, and the dtypes.
HALF_SCHEMES: Final = ("uniform", "normal", "truncated_normal")
HALF_DTYPES: Final = ("float16", "bfloat16")
#: What a quick run judges of these: the scheme and dtype in which coarse steps are largest.
_QUICK: Final = ("uniform", "bfloat16")
#: Elements of each of the weights that are drawn for it.
_ELEMENTS: Final = 1 << 22


def half_precision(
    adapter: Adapter, engine: Engine, name: str, dtype: str, seed: int = 41
) -> Iterator[ResultRow]:
    """Judge a scheme in half precision.

    It needs more elements than one weight should have: they are those of several seeds.
    """
    draws = -(-sizes.half_size() // _ELEMENTS)
    case = Case(scheme(name), (INPUTS, _ELEMENTS // INPUTS), seed)
    subject = replace(
        case_subject(adapter, engine, case),
        subject=f"{dtype} {draws} of {case.subject}",
        n=draws * _ELEMENTS,
    )
    draw, counts = replace(case.draw(adapter.axes), dtype=dtype), np.zeros(1 << 16, np.int64)
    try:
        for number in range(draws):
            weight = drawer(adapter, engine)(replace(draw, seed=seed + number))
            counts += np.bincount(np.ravel(weight).view(np.uint16), minlength=1 << 16)
    except FanwiseError as error:
        yield not_offered(subject, error)
        return
    yield subject.judge(HALF_PRECISION, _on_grid(counts, dtype, case.law))


def _on_grid(counted: NDArray[np.int64], dtype: str, law: Distribution) -> tails.Finding:
    """Judge how elements, counted by their bits, lie on the numbers that there are."""
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
    return tails.rounded(counts, law.cdf(np.append(middles, np.inf)))


def _steps(adapter: Adapter) -> Iterator[Step]:
    for dtype in HALF_DTYPES:
        for name in HALF_SCHEMES:
            title = f"half {dtype} {name}"
            step = rows_step(title, half_precision, adapter, Engine.NATIVE, name, dtype)
            yield step.in_quick_runs() if (name, dtype) == _QUICK else step


def _sampled_in_bfloat16(draw: Draw) -> Array:
    """Draw uniforms in steps of 2⁻⁷, as bfloat16 arithmetic gives them."""
    law = draw.scheme.law(draw.shape, draw.axes)
    assert isinstance(law, UniformLaw)
    wide = right(replace(draw, dtype="float32"))
    steps = np.floor((wide - law.low) / (law.high - law.low) * 128) / 128
    values = (law.low + steps * (law.high - law.low)).astype(np.float32)
    return (values.view(np.uint32) >> np.uint32(16)).astype(np.uint16)


def _judge(adapter: Adapter, seed: int) -> Iterator[ResultRow]:
    return half_precision(adapter, Engine.NATIVE, "uniform", "bfloat16", seed)


CHECK: Final = Check(
    claims=(HALF_PRECISION,),
    steps=_steps,
    faults=(
        Fault(
            name="bfloat16 sampled in bfloat16",
            claim=HALF_PRECISION,
            judge=_judge,
            adapter=Broken(_sampled_in_bfloat16),
            missed=MISS,
        ),
    ),
    calibration={HALF_PRECISION: CalibratedTest(judge=calibration.rounded)},
)
