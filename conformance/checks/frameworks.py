"""Claims about frameworks against each other: the same bits, and samples of one law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter
from fanwise.conformance.checks.cases import sized_case
from fanwise.conformance.checks.check import Check, StepResult
from fanwise.conformance.checks.faults import Broken, Fault, Healthy, scaled
from fanwise.conformance.checks.golden_tensors import bits, split_digest_key
from fanwise.conformance.checks.laws import DISTRIBUTION, MEAN, VARIANCE, judge_law
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import Outcome, ResultRow
from fanwise.conformance.results.runs import Histogram, Run
from fanwise.conformance.results.subjects import Subject
from fanwise.conformance.statistics import calibration, tails
from fanwise.conformance.statistics.calibration import CalibratedTest
from fanwise.conformance.statistics.sample_sizes import MISS
from fanwise.spec.registry import scheme

SAME_BITS: Final = Claim(
    name="same bits",
    group=Group.BITS,
    null="all frameworks give one digest",
)
TWO_SAMPLES: Final = Claim(
    name="two samples",
    group=Group.SHAPE,
    null="two frameworks draw from one law",
    test="two-sample Dvoretzky-Kiefer-Wolfowitz inequality, by Wei and Dudley",
    catches="whatever moves one distribution function by twice the bound",
)

#: The claims whose listed failure explains that two samples differ.
_EXPLAINING: Final = frozenset(claim.name for claim in (MEAN, VARIANCE, DISTRIBUTION))


def compare_bits(runs: Sequence[Run]) -> Iterator[ResultRow]:
    """Compare the digests of portable weights, of which there is one, whatever the framework."""
    for key in dict.fromkeys(key for run in runs for key in run.digests):
        digests = {run.adapter: run.digests.get(key, "missing") for run in runs}
        scheme, kernel = split_digest_key(key)
        subject = Subject(
            adapter="all", engine=Engine.PORTABLE, scheme=scheme, subject=kernel, n=len(runs)
        )
        observed = "one digest" if len(set(digests.values())) == 1 else str(digests)
        yield subject.compare(SAME_BITS, observed, "one digest")


def compare_samples(runs: Sequence[Run]) -> Iterator[ResultRow]:
    """Compare native weights with those of the first framework that draws them."""
    drawn = {run.adapter: {_key(counts): counts for counts in run.histograms} for run in runs}
    for key in dict.fromkeys(key for histograms in drawn.values() for key in histograms):
        first = next(run for run in runs if key in drawn[run.adapter])
        for run in runs:
            if run is first:
                continue
            subject = Subject(
                adapter=f"{first.adapter} and {run.adapter}",
                engine=Engine.NATIVE,
                scheme=key[0],
                subject=key[1],
            )
            other = drawn[run.adapter].get(key)
            if other is None:
                yield _undrawn(subject, run)
            else:
                row = _compare_pair(subject, drawn[first.adapter][key], other)
                yield _explained(row, (first, run))


def _undrawn(subject: Subject, run: Run) -> ResultRow:
    """Judge a draw that is missing: no failure only where the run says that there is none."""
    stated = any(
        row.outcome == Outcome.NONE and row.scheme == subject.scheme for row in run.rows
    )  # fmt: skip
    outcome = Outcome.NONE if stated else Outcome.FAIL
    return subject.row(TWO_SAMPLES, outcome, observed="one draw is missing", expected="both")


def _explained(row: ResultRow, pair: Iterable[Run]) -> ResultRow:
    """Mark a difference as a deviation where one of the two has a listed one of that law."""
    if row.outcome != Outcome.FAIL:
        return row
    for run in pair:
        for other in run.rows:
            same_law = other.engine == row.engine and other.scheme == row.scheme
            whole = other.subject == row.subject and other.claim in _EXPLAINING
            if other.outcome == Outcome.DEVIATION and same_law and whole:
                return row.marked(Outcome.DEVIATION, other.note)
    return row


def _compare_pair(subject: Subject, first: Histogram, second: Histogram) -> ResultRow:
    alike = len(first.counts) == len(second.counts) and sum(first.counts) == sum(second.counts)
    if not alike or sum(first.counts) < tails.FEWEST:
        figures = {"observed": "other sizes", "expected": f"one size, of {tails.FEWEST} or more"}
        return subject.row(TWO_SAMPLES, Outcome.FAIL, **figures)
    finding = tails.two_samples(np.array(first.counts), np.array(second.counts))
    return replace(subject, n=sum(first.counts)).judge(TWO_SAMPLES, finding)


def _key(histogram: Histogram) -> tuple[str, str]:
    return histogram.scheme, histogram.subject


def _compare(runs: Sequence[Run]) -> Iterator[ResultRow]:
    yield from compare_bits(runs)
    yield from compare_samples(runs)


def _judge_bits(adapter: Adapter, seed: int) -> Iterator[ResultRow]:
    """Compare the digests of an adapter with those of one that is right."""
    del seed  # the cases have their own
    runs = [_run("right", bits(Healthy())), _run("judged", bits(adapter))]
    return compare_bits(runs)


def _judge_samples(adapter: Adapter, seed: int) -> Iterator[ResultRow]:
    """Compare a draw of an adapter with one of another seed that is right."""
    case = sized_case(scheme("he_uniform"), (), seed)
    other = replace(case, seed=seed + 1)
    runs = [
        _run("right", judge_law(Healthy(), Engine.NATIVE, other)),
        _run("judged", judge_law(adapter, Engine.NATIVE, case)),
    ]
    return compare_samples(runs)


def _run(name: str, result: StepResult) -> Run:
    return Run(
        adapter=name,
        versions={},
        devices=(),
        rows=(),
        digests=result.digests,
        histograms=result.histograms,
    )


CHECK: Final = Check(
    claims=(SAME_BITS, TWO_SAMPLES),
    compare=_compare,
    faults=(
        Fault(
            name="bits of another scale than the other framework's",
            claim=SAME_BITS,
            judge=_judge_bits,
            adapter=Broken(scaled(1 + 1e-6)),
        ),
        Fault(
            name="another scale than the other framework's",
            claim=TWO_SAMPLES,
            judge=_judge_samples,
            adapter=Broken(scaled(1.05)),
            missed=MISS,
        ),
    ),
    calibration={TWO_SAMPLES: CalibratedTest(judge=calibration.two_samples)},
)
