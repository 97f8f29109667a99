"""Claims about models that are cut over processes and devices: one digest, and bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from fanwise.adapters import discovery
from fanwise.adapters.cut_protocol import WithCuts
from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter, WithChoice
from fanwise.conformance.checks.check import Check, Step, rows_step
from fanwise.conformance.checks.faults import Fault, patched
from fanwise.conformance.cuts.expected import SEED, digest, expected_digests
from fanwise.conformance.cuts.jobs import CutJob, jobs_of, run_job
from fanwise.conformance.cuts.matrix import BESIDE, LARGE, CutRow, judged_row, wanted
from fanwise.conformance.processes import AdapterRequest
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import Outcome, ResultRow
from fanwise.conformance.results.subjects import Subject
from fanwise.core import sample

CUTS: Final = Claim(
    name="cuts",
    group=Group.MODELS,
    null="a model that is cut starts as the whole one, on every process",
)
CUT_MEMORY: Final = Claim(
    name="cut memory",
    group=Group.MODELS,
    null="no process allocates more than its part and 64 MiB",
    test="the peak that the kernel counts",
    catches="64 MiB beside the part",
)

#: Of how many processes or devices a run judges cuts; the matrix has more.
WORLD: Final = 2
#: What is cut then: one of every kind of weight, and one that is large.
_MODELS: Final = ("encoder", LARGE)
_MIB: Final = 1 << 20
_PART: Final = 144 * _MIB


def steps(adapter: Adapter) -> Iterator[Step]:
    """Yield a step for each set of processes that an adapter's ways need."""
    if not isinstance(adapter, WithCuts):
        return
    request = _request(adapter)
    for job in jobs_of(request, adapter.cuts, (WORLD,), _MODELS):
        several = f"over {job.processes} processes" if job.processes > 1 else "in one process"
        yield rows_step(f"cuts {several}", _judge_job, adapter.name, job)


def _request(adapter: Adapter) -> AdapterRequest:
    """Return what starts the adapter in other processes; those of a file are named by it."""
    if isinstance(adapter, WithChoice):
        return AdapterRequest(adapter.entry, tuple(adapter.environment.items()))
    discovery.check_name(adapter.name)
    return AdapterRequest(adapter.name)


def _judge_job(name: str, job: CutJob) -> Iterator[ResultRow]:
    for row in run_job(job, name, lambda _: None):
        yield from cut_rows(row)


def cut_rows(found: CutRow) -> Iterator[ResultRow]:
    """Say what was found of one way to cut.

    Args:
        found: the row of the matrix.
    """
    over = "processes" if found.processes > 1 else "devices"
    subject = Subject(
        adapter=found.adapter,
        engine=Engine.PORTABLE,
        scheme=f"cut: {found.way}",
        subject=f"{found.world} {over}",
        seed=SEED,
    )
    if found.error:
        figures = {"observed": "an error", "expected": "rows", "note": found.error}
        yield subject.row(CUTS, Outcome.FAIL, **figures)
        return
    yield subject.row(
        CUTS,
        Outcome.PASS if found.is_equal else Outcome.FAIL,
        observed=_text(found.digests),
        expected=_text({model: wanted()[model] for model in found.digests}),
        note=f"other weights: {', '.join(found.wrong)}" if found.wrong else "",
    )
    if found.beside is not None and found.part:
        yield subject.row(
            CUT_MEMORY,
            Outcome.PASS if found.is_bounded else Outcome.FAIL,
            observed=f"{found.beside / _MIB:.0f} MiB beside {found.part / _MIB:.0f} MiB",
            expected="0",
            bound=f"[0, {BESIDE / _MIB:.0f} MiB]",
        )


def _text(digests: Mapping[str, str]) -> str:
    return ", ".join(f"{model} {digest[:16] or 'several'}" for model, digest in digests.items())


def _seed_of(rank: int) -> int:
    """Return the seed that a process of the faults draws from."""
    del rank
    return SEED


def _beside() -> int:
    """Return what a process of the faults allocates beside its part."""
    return 0


def _judge(adapter: Adapter, seed: int) -> Iterator[ResultRow]:
    """Judge two processes that hold the whole of a model, as seats tell what they found."""
    del seed  # that of the suite's models is one

    def cell(rank: int) -> dict[str, Any]:
        weights = dict(expected_digests("encoder"))
        if _seed_of(rank) != SEED:
            weights["up/kernel"] = digest(sample("he_normal", (8, 16), seed=_seed_of(rank)))
        return {"way": "copies", "world": WORLD, "model": "encoder", "weights": weights}

    row = judged_row(adapter.name, "copies", WORLD, [[cell(0)], [cell(1)]])
    return cut_rows(replace(row, part=_PART, allocated=_PART + _beside()))


CHECK: Final = Check(
    claims=(CUTS, CUT_MEMORY),
    steps=steps,
    faults=(
        Fault(
            name="each process draws from a seed of its own",
            claim=CUTS,
            judge=_judge,
            core=partial(patched, f"{__name__}._seed_of", lambda rank: SEED + rank),
        ),
        Fault(
            name="a process makes 65 MiB beside its part",
            claim=CUT_MEMORY,
            judge=_judge,
            core=partial(patched, f"{__name__}._beside", lambda: 65 * _MIB),
        ),
    ),
)
