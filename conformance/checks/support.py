"""The claim that no element lies beyond the bounds of its law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter, Draw
from fanwise.conformance.checks.cases import INPUTS, Case, drawer, is_first, judged_schemes, title
from fanwise.conformance.checks.check import Check, Step, rows_step
from fanwise.conformance.checks.faults import Array, Broken, Fault, right
from fanwise.conformance.checks.offers import not_offered
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.results.subjects import Subject, elements
from fanwise.conformance.statistics import sample_sizes as sizes
from fanwise.conformance.statistics.distributions import Distribution, outside
from fanwise.conformance.statistics.sample_sizes import MISS
from fanwise.conformance.statistics.tails import Finding
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import TruncatedNormalLaw
from fanwise.spec.registry import scheme

SUPPORT: Final = Claim(
    name="support",
    group=Group.SHAPE,
    null="no element lies beyond the law's bounds, by more than a rounding",
    test="none is allowed: exact",
    catches=f"{sizes.SUPPORT_FAULT:.0e} of the elements out of bounds",
)


def case_subject(adapter: Adapter, engine: Engine, case: Case) -> Subject:
    """Return the subject of a case's rows."""
    return Subject(
        adapter=adapter.name,
        engine=engine,
        scheme=str(case.scheme),
        subject=case.subject,
        n=elements(case.kernel),
        seed=case.seed,
    )


def support(adapter: Adapter, engine: Engine, case: Case) -> Iterator[ResultRow]:
    """Judge the support alone, on as many elements as it needs."""
    sized = replace(case, kernel=(INPUTS, -(-sizes.support_size() // INPUTS)))
    subject = case_subject(adapter, engine, sized)
    try:
        weight = drawer(adapter, engine)(sized.draw(adapter.axes))
    except FanwiseError as error:
        yield not_offered(subject, error)
        return
    yield judge_support(subject, weight, sized.law)


def judge_support(subject: Subject, weight: NDArray[Any], law: Distribution) -> ResultRow:
    """Judge the support of a weight that is drawn."""
    count = outside(np.ravel(weight), law.support, "float32")
    return subject.judge(SUPPORT, Finding(float(count), 0.0, 0.0, 0.0), alpha=0.0)


def _steps(adapter: Adapter) -> Iterator[Step]:
    """Yield a step for each of the first schemes of a cut normal, with its defaults."""
    for judged in judged_schemes():
        if judged.entry.structured:  # and perhaps particular about shapes
            continue
        cut = isinstance(judged.law((2, 2)), TruncatedNormalLaw)
        if cut and is_first(judged) and not judged.to_dict()["params"]:
            case = Case(judged, (), seed=99)
            step = rows_step(f"support {title(judged)}", support, adapter, Engine.NATIVE, case)
            yield step.in_quick_runs() if judged.name == "truncated_normal" else step


def _four_tries(draw: Draw) -> Array:
    """Draw the first of four normals that is within the cut; if none is, the last."""
    law = draw.scheme.law(draw.shape, draw.axes)
    assert isinstance(law, TruncatedNormalLaw)
    normal = replace(draw, scheme=scheme("normal"))
    values = right(normal)
    for attempt in ("1", "2", "3"):
        again = right(replace(normal, path=attempt))
        values = np.where((values < law.low) | (values > law.high), again, values)
    return (values * np.float32(law.sigma)).astype(np.float32)


def _judge(adapter: Adapter, seed: int) -> Iterator[ResultRow]:
    return support(adapter, Engine.NATIVE, Case(scheme("he_normal"), (), seed))


CHECK: Final = Check(
    claims=(SUPPORT,),
    steps=_steps,
    faults=(
        Fault(
            name="drawn four times, then given up",
            claim=SUPPORT,
            judge=_judge,
            adapter=Broken(_four_tries),
            missed=MISS,
        ),
    ),
)
