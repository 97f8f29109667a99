"""Judge one adapter: every claim step by step, then the deviations."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from fanwise.adapters.discovery import load
from fanwise.adapters.progress import Progress, show_nothing
from fanwise.adapters.protocol import Adapter, WithChoice
from fanwise.adapters.recipe_sources import library_versions
from fanwise.conformance.checks.check import Step, StepResult
from fanwise.conformance.checks.completeness import idle, missing, take_step
from fanwise.conformance.checks.registry import checks
from fanwise.conformance.mutants.kills import mutants
from fanwise.conformance.results import deviations
from fanwise.conformance.results.deviations import Deviation
from fanwise.conformance.results.machines import now, this_machine
from fanwise.conformance.results.rows import SUITE, ResultRow
from fanwise.conformance.results.runs import Run
from fanwise.spec.errors import FanwiseError


def run(
    adapter: Adapter, progress: Progress = show_nothing, only: str = "*", *, quick: bool = False
) -> Run:
    """Judge an adapter.

    Args:
        adapter: the adapter.
        progress: told before every step.
        only: a pattern of the titles of steps, with ``*`` and ``?``; the rest is left out.
        quick: judge less: the same claims, on a few of the schemes, shapes and layers.

    Returns:
        All rows, with the deviations marked; a run, or a part of one, that judged nothing has
        a failing row, and so has a whole one in which a listed deviation did not occur.

    Raises:
        FanwiseError: for a pattern that no step's title matches.
    """
    started, date = time.perf_counter(), now()
    listed = listed_deviations(adapter)
    every_step = steps(adapter, quick=quick)
    chosen = [step for step in every_step if fnmatchcase(step.title, only)]
    if not chosen:
        titles = ", ".join(dict.fromkeys(step.title.partition(" ")[0] for step in every_step))
        raise FanwiseError("a pattern of a step's title", only, f"Titles begin with: {titles}.")
    results = []
    for done, step in enumerate(chosen):
        progress(done, len(chosen), step.title)
        results.append(judge_step(step, adapter, listed))
    progress(len(chosen), len(chosen), "done")
    rows = tuple(row for result in results for row in result.rows)
    if len(chosen) == len(every_step):
        rows = (
            *rows,
            *(missing(adapter, rows) if quick else whole_run_rows(adapter, rows, listed)),
        )
    rows = (*rows, *idle(adapter, rows))
    entry, environment = _choice(adapter)
    return Run(
        adapter=adapter.name,
        versions=_versions(adapter),
        devices=adapter.devices(),
        rows=rows,
        digests={key: digest for result in results for key, digest in result.digests.items()},
        histograms=tuple(counts for result in results for counts in result.histograms),
        functions=tuple(function for result in results for function in result.functions),
        densities=tuple(density for result in results for density in result.densities),
        seconds=round(time.perf_counter() - started, 1),
        entry=entry,
        environment=environment,
        quick=quick,
        date=date,
        machine=this_machine(),
    )


def run_named(
    name: str, progress: Progress = show_nothing, only: str = "*", *, quick: bool = False
) -> Run:
    """Load an adapter, and judge it as :func:`run` does.

    Args:
        name: of an entry point, or ``"my_adapter.py:function"``: see
            :func:`fanwise.adapters.discovery.load`.
        progress, only, quick: as of :func:`run`.

    Raises:
        FanwiseError: if there is no such adapter, or as :func:`run` does.
    """
    judged = run(load(name), progress, only, quick=quick)
    # A report says how to judge it again: by the file, since no entry point has its own name.
    return replace(judged, entry=name) if ":" in name else judged


def check_suite(progress: Progress = show_nothing, *, quick: bool = False) -> Run:
    """Judge the suite itself: the core's known answers, and whether every mutant is caught.

    Args:
        progress: told before every mutant.
        quick: break each claim in one way only.
    """
    started, date = time.perf_counter(), now()
    rows = list(core_rows())
    every_mutant = list(mutants())
    if quick:
        every_mutant = list({mutant.fault.claim: mutant for mutant in every_mutant}.values())
    for done, mutant in enumerate(every_mutant):
        progress(done, len(every_mutant), f"mutant: {mutant.name}")
        rows.append(mutant.row())
    progress(len(every_mutant), len(every_mutant), "done")
    seconds = round(time.perf_counter() - started, 1)
    return Run(
        adapter=SUITE,
        versions={},
        devices=(),
        rows=tuple(rows),
        seconds=seconds,
        date=date,
        machine=this_machine(),
        quick=quick,
    )


def core_rows() -> Iterator[ResultRow]:
    """Judge the core by its known answers."""
    return (replace(row, step="core") for check in checks() for row in check.core())


def listed_deviations(adapter: Adapter) -> tuple[Deviation, ...]:
    """Return the deviations of the versions at hand."""
    return deviations.read(adapter.deviations, adapter.name, _versions(adapter))


def _versions(adapter: Adapter) -> dict[str, str]:
    """Return the versions of the framework, and of the libraries that recipes cite."""
    return {**library_versions(adapter.name), **adapter.versions()}


def steps(adapter: Adapter, *, quick: bool = False) -> list[Step]:
    """Return all that an adapter is judged by, in order; or what it is in a quick run."""
    every_step = [step for check in checks() for step in check.steps(adapter)]
    if not quick:
        return every_step
    return [replace(step, work=step.quick) for step in every_step if step.quick]


def judge_step(step: Step, adapter: Adapter, listed: Sequence[Deviation]) -> StepResult:
    """Take a step: title its rows, and mark listed failures."""
    result = take_step(step, adapter)
    rows = tuple(deviations.mark(row, listed) for row in result.rows)
    return replace(result, rows=step.titled(rows))


def whole_run_rows(
    adapter: Adapter, rows: Iterable[ResultRow], listed: Iterable[Deviation]
) -> Iterator[ResultRow]:
    """Yield what only a whole run can tell: deviations that did not occur, and what is missing."""
    judged = tuple(rows)
    yield from deviations.vanished(judged, listed, adapter.name)
    yield from missing(adapter, judged)


def _choice(adapter: Adapter) -> tuple[str, Mapping[str, str]]:
    """Return how the adapter was chosen, where its name does not tell."""
    if isinstance(adapter, WithChoice):
        return adapter.entry, dict(adapter.environment)
    return "", {}
