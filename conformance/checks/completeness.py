"""Claims about a run as a whole: that it came to its end, and that enough was judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter, LayerDraw, WithOwn, WithStarts
from fanwise.conformance.checks.cases import sized_case
from fanwise.conformance.checks.check import Check, Step, StepResult, rows_step
from fanwise.conformance.checks.faults import Array, Fault, Healthy
from fanwise.conformance.checks.golden_tensors import BITS, GOLDEN, bits, golden
from fanwise.conformance.checks.laws import VARIANCE, judge_law
from fanwise.conformance.checks.layers import LAYERS, layers
from fanwise.conformance.results.claims import ANY_DIFFERENCE, Claim, Group
from fanwise.conformance.results.rows import Origin, Outcome, ResultRow
from fanwise.conformance.results.runs import Run
from fanwise.conformance.results.subjects import Subject
from fanwise.spec.registry import scheme

RUNS: Final = Claim(
    name="runs",
    group=Group.VERDICT,
    null="the adapter does not raise",
    test="it did not",
    catches=ANY_DIFFERENCE,
)
JUDGED: Final = Claim(
    name="judged",
    group=Group.VERDICT,
    null="both engines and a layer were judged",
    test="rows exist",
    catches=ANY_DIFFERENCE,
)

#: A run must have judged both engines, and at least one layer; and the framework's own
#: initializers, and what its layers start with, if the adapter says that it has them.
_WANTED: Final = (
    (Engine.PORTABLE, GOLDEN),
    (Engine.PORTABLE, BITS),
    (Engine.PORTABLE, LAYERS),
    (Engine.PORTABLE, VARIANCE),
    (Engine.NATIVE, VARIANCE),
)


def take_step(step: Step, adapter: Adapter) -> StepResult:
    """Take a step; an error is a failure."""
    try:
        return step.work()
    except Exception as error:  # noqa: BLE001 - a broken adapter must not end the report
        subject = Subject(adapter=adapter.name, engine=Origin.ADAPTER, scheme=step.title)
        note = f"{type(error).__name__}: {error}"
        figures = {"observed": "an error", "expected": "rows", "note": note}
        return StepResult(rows=(subject.row(RUNS, Outcome.FAIL, **figures),))


def missing(adapter: Adapter, rows: Iterable[ResultRow]) -> Iterator[ResultRow]:
    """Yield a failure for each claim that a whole run must have judged, and has not."""
    judged = {(row.engine, row.claim) for row in rows}
    for engine, claim in _wanted(adapter):
        if (engine, claim.name) not in judged:
            yield _nothing(adapter.name, engine, claim)


def unjudged(run: Run) -> Iterator[ResultRow]:
    """Yield a failure for each claim that no row of an adapter's run is about, and must be."""
    judged = {(row.engine, row.claim) for row in run.rows if row.outcome != Outcome.NONE}
    for engine, claim in _WANTED:
        if (engine, claim.name) not in judged:
            yield _nothing(run.adapter, engine, claim)


def no_mutants(run: Run) -> Iterator[ResultRow]:
    """Yield a failure where a run of the suite tried no mutant."""
    if not any(row.engine == Origin.MUTANT for row in run.rows):
        yield _nothing(run.adapter, Origin.MUTANT, RUNS)


def _nothing(adapter: str, engine: Engine | Origin, claim: Claim) -> ResultRow:
    subject = Subject(adapter=adapter, engine=engine, scheme="every scheme", subject=claim.name)
    return subject.row(JUDGED, Outcome.FAIL, observed="nothing", expected="rows")


def _wanted(adapter: Adapter) -> Iterator[tuple[Engine | Origin, Claim]]:
    yield from _WANTED
    if isinstance(adapter, WithOwn) and set(adapter.own_layers) - {"vector"}:
        yield Origin.OWN, VARIANCE
    if isinstance(adapter, WithStarts):
        yield Origin.START, VARIANCE


class Vacuous(Healthy):
    """An adapter with nothing in it to judge."""

    modes: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()


def _judge(adapter: Adapter, seed: int) -> Iterator[ResultRow]:
    """Judge a run in which whatever the adapter has was judged."""
    rows = [row for mode in adapter.modes for row in golden(adapter, mode)]
    rows += layers(adapter)
    if adapter.modes:
        case = sized_case(scheme("he_uniform"), (), seed)
        rows += bits(adapter).rows
        rows += (row for engine in Engine for row in judge_law(adapter, engine, case).rows)
    return missing(adapter, rows)


class Raising(Healthy):
    """An adapter with layers that cannot be set."""

    def layer(self, draw: LayerDraw) -> tuple[Array, str]:
        """Raise what a framework might."""
        raise RuntimeError(f"no {draw.kind} today")


def _judge_layers(adapter: Adapter, seed: int) -> tuple[ResultRow, ...]:
    del seed  # a layer has its own
    return take_step(rows_step("layers", layers, adapter), adapter).rows


CHECK: Final = Check(
    claims=(RUNS, JUDGED),
    faults=(
        Fault(name="an adapter that raises", claim=RUNS, judge=_judge_layers, adapter=Raising()),
        Fault(
            name="an adapter that judges nothing",
            claim=JUDGED,
            judge=_judge,
            adapter=Vacuous(),
        ),
    ),
)
