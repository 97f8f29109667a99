"""The mutants: every fault of the checks, on draws from a seed, and whether it is caught."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fanwise.adapters.progress import Progress
from fanwise.conformance.checks.faults import Fault
from fanwise.conformance.checks.registry import faults
from fanwise.conformance.results.kills import SEED, Kill
from fanwise.conformance.results.rows import SUITE, Origin, Outcome, ResultRow


@dataclass(frozen=True)
class Mutant:
    """A fault, and the seed of the draws on which it must be caught."""

    fault: Fault
    seed: int = SEED

    @property
    def name(self) -> str:
        """The fault, in words."""
        return self.fault.name

    def row(self) -> ResultRow:
        """Return whether the claim caught it."""
        caught = next(
            (
                row
                for row in self.fault.rows(self.seed)
                if row.claim == self.fault.claim.name and row.outcome == Outcome.FAIL
            ),
            None,
        )
        missed = self.fault.missed
        return ResultRow(
            adapter=SUITE,
            engine=Origin.MUTANT,
            claim=self.fault.claim.name,
            scheme=self.name,
            subject="" if caught is None else caught.subject,
            outcome=Outcome.FAIL if caught is None else Outcome.PASS,
            observed="not caught" if caught is None else "caught",
            expected="caught",
            bound=f"missed with probability ≤ {missed:.0e}" if missed else "certain",
            note="" if caught is None else str(caught),
            step=f"mutant: {self.name}",
        )


def mutants(seed: int = SEED) -> Iterator[Mutant]:
    """Yield all mutants, the statistical ones on draws from a seed."""
    return (Mutant(fault, seed) for fault in faults())


def kills(seeds: Iterable[int], progress: Progress) -> tuple[Kill, ...]:
    """Try every mutant on every seed."""
    per_seed = [list(mutants(seed)) for seed in seeds]
    total = sum(map(len, per_seed))
    caught = [0] * len(per_seed[0])
    for turn, of_seed in enumerate(per_seed):
        for number, mutant in enumerate(of_seed):
            progress(turn * len(of_seed) + number, total, mutant.name)
            caught[number] += mutant.row().outcome == Outcome.PASS
    progress(total, total, "done")
    return tuple(
        Kill(
            mutant=mutant.name,
            claim=mutant.fault.claim.name,
            missed=mutant.fault.missed,
            caught=times,
            tried=len(per_seed),
        )
        for mutant, times in zip(per_seed[0], caught, strict=True)
    )
