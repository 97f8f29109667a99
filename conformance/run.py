"""Judge one adapter: every claim step by step, then the deviations."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial

from fanwise.adapters.protocol import Adapter, WithChoice, WithModels, WithOwn, WithStarts
from fanwise.conformance.checks import exact, starts, streams, structures
from fanwise.conformance.checks import framework_initializers as own
from fanwise.conformance.checks import laws as judge
from fanwise.conformance.checks import models as functions
from fanwise.conformance.checks.cases import Case, judged_schemes, statistical_cases, title
from fanwise.conformance.mutants.adapters import mutants
from fanwise.conformance.results import deviations
from fanwise.conformance.results.completeness import nothing_judged
from fanwise.conformance.results.rows import FAIL, SUITE, Function, Histogram, Row, Run
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import TruncatedNormal

#: Called with the number of steps done, their total, and what comes next.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Found:
    """What a step adds to a run."""

    rows: tuple[Row, ...]
    digests: tuple[tuple[str, str], ...] = ()
    histograms: tuple[Histogram, ...] = ()
    functions: tuple[Function, ...] = ()


@dataclass(frozen=True)
class Step:
    """A part of a run that can be repeated alone: its title, and what it finds."""

    title: str
    work: Callable[[], Found]

    def judged(self, adapter: Adapter, listed: Iterable[deviations.Deviation]) -> Found:
        """The step's rows, with its title, and listed failures marked; an error is a failure."""
        try:
            found = self.work()
        except Exception as error:  # noqa: BLE001 - a broken adapter must not end the report
            found = Found((_broken(adapter.name, self.title, error),))
        rows = tuple(replace(deviations.mark(row, listed), step=self.title) for row in found.rows)
        return replace(found, rows=rows)


def unseen(_done: int, _total: int, _title: str) -> None:
    """Show no progress."""


def run(adapter: Adapter, progress: Progress = unseen, only: str = "*") -> Run:
    """Judge an adapter.

    Args:
        adapter: the adapter.
        progress: told before every step.
        only: a pattern of the titles of steps, with ``*`` and ``?``; the rest is left out.

    Returns:
        All rows, with the deviations marked; a whole run that judged nothing has a failing
        row, and so has one in which a listed deviation did not occur.

    Raises:
        FanwiseError: for a pattern that no step's title matches.
    """
    listed = listed_deviations(adapter)
    every = steps(adapter)
    chosen = [step for step in every if fnmatchcase(step.title, only)]
    if not chosen:
        titles = ", ".join(dict.fromkeys(step.title.partition(" ")[0] for step in every))
        raise FanwiseError("a pattern of a step's title", only, f"Titles begin with: {titles}.")
    found, seconds = _walk(adapter, chosen, listed, progress)
    rows = tuple(row for one in found for row in one.rows)
    if len(chosen) == len(every):
        rows = (*rows, *closing(adapter, rows, listed))
    return Run(
        adapter.name,
        dict(adapter.versions()),
        adapter.devices(),
        rows,
        {subject: digest for one in found for subject, digest in one.digests},
        tuple(histogram for one in found for histogram in one.histograms),
        tuple(function for one in found for function in one.functions),
        seconds,
        *_choice(adapter),
    )


def check_suite(progress: Progress = unseen) -> Run:
    """Judge the suite itself: the core's known answers, and whether every mutant is caught."""
    started = time.perf_counter()
    rows = [replace(row, step="core") for row in exact.core()]
    every = list(mutants())
    for done, mutant in enumerate(every):
        progress(done, len(every), f"mutant: {mutant.name}")
        rows.append(mutant.row())
    progress(len(every), len(every), "done")
    return Run(SUITE, {}, (), tuple(rows), seconds=round(time.perf_counter() - started, 1))


def listed_deviations(adapter: Adapter) -> tuple[deviations.Deviation, ...]:
    """The deviations of the versions at hand."""
    return deviations.read(adapter.deviations, adapter.name, dict(adapter.versions()))


def steps(adapter: Adapter) -> list[Step]:
    """All that an adapter is judged by, in order."""
    return list(_steps(adapter))


def closing(
    adapter: Adapter, rows: Iterable[Row], listed: Iterable[deviations.Deviation]
) -> Iterator[Row]:
    """What only a whole run can tell: deviations that did not occur, and what is missing."""
    judged = tuple(rows)
    yield from deviations.vanished(judged, listed, adapter.name)
    yield from nothing_judged(adapter, judged)


def _steps(adapter: Adapter) -> Iterator[Step]:
    for mode in adapter.modes:
        yield _rows(f"golden {mode}", exact.golden, adapter, mode)
    yield Step("bits", partial(_bits, adapter))
    yield _rows("layers", exact.layers, adapter)
    yield _rows("streams", streams.chosen, adapter)
    yield _rows("constants", structures.constants, adapter)
    yield _rows("structured", structures.structured, adapter)
    for engine in ("portable", "native"):
        for case in statistical_cases():
            name = f"{engine} {title(case.scheme)} {case.subject}"
            yield Step(name, partial(_law, adapter, engine, case))
        yield _rows(f"{engine} independence", streams.independent, adapter, engine)
    for case in _cut_cases():
        yield _rows(f"support {title(case.scheme)}", judge.support, adapter, "native", case)
    for dtype in judge.HALF_DTYPES:
        for name in judge.HALF_SCHEMES:
            yield _rows(f"half {dtype} {name}", judge.half, adapter, "native", name, dtype)
    yield from _further(adapter)


def _further(adapter: Adapter) -> Iterator[Step]:
    """What an adapter may leave out."""
    if isinstance(adapter, WithOwn):
        yield _rows("own", own.own, adapter)
    if isinstance(adapter, WithStarts):
        for kind in adapter.starts:
            yield _rows(f"starts {kind}", starts.starts, adapter, kind)
    if isinstance(adapter, WithModels):
        yield Step("models", partial(_models, adapter))


def _cut_cases() -> Iterator[Case]:
    """One case for each scheme of a cut normal, with its defaults."""
    for one in judged_schemes():
        cut = isinstance(one.law((2, 2)), TruncatedNormal)
        if cut and not one.to_dict()["params"]:
            yield Case(one, (), seed=99)


def _rows(title: str, judged: Callable[..., Iterable[Row]], *arguments: object) -> Step:
    return Step(title, lambda: Found(tuple(judged(*arguments))))


def _bits(adapter: Adapter) -> Found:
    found = list(exact.bits(adapter))
    digests = tuple((subject, digest) for _, subject, digest in found)
    return Found(tuple(row for row, _, _ in found), digests)


def _models(adapter: WithModels) -> Found:
    found = list(functions.functions(adapter))
    return Found(tuple(row for row, _ in found), functions=tuple(one for _, one in found))


def _law(adapter: Adapter, engine: str, case: Case) -> Found:
    rows, histogram = judge.judge(adapter, engine, case)
    return Found(tuple(rows), histograms=() if histogram is None else (histogram,))


def _choice(adapter: Adapter) -> tuple[str, Mapping[str, str]]:
    """How the adapter was chosen, where its name does not tell."""
    if isinstance(adapter, WithChoice):
        return adapter.entry, dict(adapter.environment)
    return "", {}


def _walk(
    adapter: Adapter,
    chosen: list[Step],
    listed: Iterable[deviations.Deviation],
    progress: Progress,
) -> tuple[list[Found], float]:
    started = time.perf_counter()
    found = []
    for done, step in enumerate(chosen):
        progress(done, len(chosen), step.title)
        found.append(step.judged(adapter, listed))
    progress(len(chosen), len(chosen), "done")
    return found, round(time.perf_counter() - started, 1)


def _broken(name: str, title: str, error: Exception) -> Row:
    message = f"{type(error).__name__}: {error}"
    return Row(name, "adapter", "runs", title, "", FAIL, "an error", "rows", note=message)
