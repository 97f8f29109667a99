"""Whether an audit found what was planted, named it, and named nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audits.checkpoints import audited, started
from audits.faults.planted_fault import SEED, PlantedFault
from fanwise.spec.globs import matches


@dataclass(frozen=True)
class FaultVerdict:
    """What an audit said of a planted fault.

    Attributes:
        fault: what was planted.
        named: the names and claims that were given where it is, each once.
        right: those of them that are its names.
        strays: paths and claims of rows that fail where nothing was planted.
    """

    fault: PlantedFault
    named: tuple[str, ...]
    right: tuple[str, ...]
    strays: tuple[str, ...]

    @property
    def is_found(self) -> bool:
        """Whether it was found and named, and nothing else was."""
        return bool(self.right) and not self.strays


def judge_fault(fault: PlantedFault) -> FaultVerdict:
    """Plant a fault, and audit the checkpoint."""
    tensors = started(fault.model, fault.start, SEED)
    # Of its own name, so that a new fault changes no other.
    fault.plant(tensors, np.random.default_rng(list(fault.name.encode())))
    verdict = audited(
        fault.model,
        tensors,
        via=fault.via,
        recipe=fault.recipe,
        seed=SEED if fault.seed else None,
        start=fault.start,
    )
    inside = [row for row in verdict.failures if _is_among(row.path, fault.paths)]
    named = dict.fromkeys(row.fault or row.claim for row in inside)
    right = dict.fromkeys(
        row.fault or row.claim
        for row in inside
        for name in fault.named
        if name in row.fault.casefold() or row.claim == name
    )
    strays = [f"{r.path}: {r.claim}" for r in verdict.failures if r not in inside]
    return FaultVerdict(fault, tuple(named), tuple(right), tuple(strays))


def _is_among(path: str, patterns: tuple[str, ...]) -> bool:
    # A claim about the whole of a model is about the fault too.
    return path == "**" or any(matches(pattern, path) for pattern in patterns)
