"""The claim that a verdict does not fail by chance."""

from __future__ import annotations

from functools import partial
from typing import Final

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter
from fanwise.conformance.checks.check import Check
from fanwise.conformance.checks.faults import Fault, patched
from fanwise.conformance.results.claims import ANY_DIFFERENCE, Claim, Group
from fanwise.conformance.results.rows import Origin, Outcome, ResultRow
from fanwise.conformance.results.runs import Run
from fanwise.conformance.results.subjects import Subject
from fanwise.conformance.results.verdicts import Verdict
from fanwise.conformance.statistics import tails

FALSE_ALARMS: Final = Claim(
    name="false alarms",
    group=Group.VERDICT,
    null="all rates together are small",
    test="their sum",
    catches=ANY_DIFFERENCE,
)

#: What all false-alarm rates of a verdict may add up to.
FAMILY: Final = 1e-9


def false_alarms(verdict: Verdict) -> ResultRow:
    """Judge the sum of all false-alarm rates of a verdict."""
    total = verdict.false_alarms
    judged = sum(row.outcome != Outcome.NONE for row in verdict.rows)
    subject = Subject(
        adapter="all",
        engine=Origin.VERDICT,
        scheme="all claims together",
        subject=f"{judged} claims",
    )
    return subject.row(
        FALSE_ALARMS,
        Outcome.PASS if total <= FAMILY else Outcome.FAIL,
        observed=f"{total:.3g}",
        expected="0",
        bound=f"[0, {FAMILY:.3g}]",
    )


def _judge(adapter: Adapter, seed: int) -> list[ResultRow]:
    """Judge a verdict of a thousand claims at the rate of the suite."""
    del seed
    subject = Subject(adapter=adapter.name, engine=Engine.NATIVE, scheme="any")
    row = subject.row(
        FALSE_ALARMS, Outcome.PASS, observed="0", expected="0", alpha=tails.ALPHA
    )  # fmt: skip
    run = Run(adapter=adapter.name, versions={}, devices=(), rows=(row,) * 1000)
    return [false_alarms(Verdict(runs=(run,), suite=(), compared=()))]


CHECK: Final = Check(
    claims=(FALSE_ALARMS,),
    faults=(
        Fault(
            name="a rate of 1e-11 for each claim",
            claim=FALSE_ALARMS,
            judge=_judge,
            core=partial(patched, "fanwise.conformance.statistics.tails.ALPHA", 1e-11),
        ),
    ),
)
