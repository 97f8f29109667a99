"""Judge one adapter: every claim, then the deviations, then the mutants."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from fanwise.adapters.protocol import Adapter
from fanwise.conformance import deviations, exact, judge
from fanwise.conformance.cases import INPUTS, Case, judged_schemes, statistical_cases
from fanwise.conformance.mutants import mutants
from fanwise.conformance.rows import FAIL, Histogram, Row, Run

#: Called with the number of steps done, their total, and what comes next.
Progress = Callable[[int, int, str], None]


@dataclass
class _Collected:
    rows: list[Row] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    histograms: list[Histogram] = field(default_factory=list)


@dataclass(frozen=True)
class _Step:
    """A part of the run: its title, and what it adds."""

    title: str
    work: Callable[[_Collected], None]


def unseen(_done: int, _total: int, _title: str) -> None:
    """Show no progress."""


def run(adapter: Adapter, progress: Progress = unseen) -> Run:
    """Judge an adapter.

    Args:
        adapter: the adapter.
        progress: told before every step.

    Returns:
        All rows, with the deviations marked; a run that judged nothing has a failing row.
    """
    started = time.perf_counter()
    versions = dict(adapter.versions())
    listed = deviations.read(adapter.deviations, adapter.name, versions)
    steps = list(_steps(adapter, listed))
    got = _Collected()
    for done, step in enumerate(steps):
        progress(done, len(steps), step.title)
        try:
            step.work(got)
        except Exception as error:  # noqa: BLE001 - a broken adapter must not end the report
            got.rows.append(_broken(adapter, step.title, error))
    progress(len(steps), len(steps), "done")
    rows = deviations.apply(got.rows, listed, adapter.name)
    rows = (*rows, *_nothing_judged(adapter, rows))
    return Run(
        adapter.name,
        versions,
        adapter.devices(),
        rows,
        got.digests,
        tuple(got.histograms),
        round(time.perf_counter() - started, 1),
    )


def _steps(adapter: Adapter, listed: Iterable[deviations.Deviation]) -> Iterator[_Step]:
    yield _Step("core", lambda got: got.rows.extend(exact.core(adapter)))
    for mode in adapter.modes:
        yield _Step(f"golden, {mode}", _extend(exact.golden, adapter, mode))
    yield _Step("bits", lambda got: _bits(adapter, got))
    yield _Step("layers", lambda got: got.rows.extend(exact.layers(adapter)))
    yield _Step("streams", lambda got: got.rows.extend(exact.streams(adapter)))
    yield _Step("constants", lambda got: got.rows.extend(judge.constants(adapter)))
    yield _Step("structured", lambda got: got.rows.extend(judge.structured(adapter)))
    for engine in ("portable", "native"):
        for case in statistical_cases():
            yield _Step(f"{engine} {case.scheme.name}", _judge(adapter, engine, case))
    for one in listed:
        if one.elements:
            yield _Step(f"deviation: {one.claim}", _extend(_enlarged, adapter, one))
    for mutant in mutants():
        yield _Step(
            f"mutant: {mutant.name}", _extend(lambda a, m: [m.row(a.name)], adapter, mutant)
        )


def _extend(
    judged: Callable[..., Iterable[Row]], *arguments: object
) -> Callable[[_Collected], None]:
    return lambda got: got.rows.extend(judged(*arguments))


def _bits(adapter: Adapter, got: _Collected) -> None:
    for row, subject, digest in exact.bits(adapter):
        got.rows.append(row)
        got.digests[subject] = digest


def _judge(adapter: Adapter, engine: str, case: Case) -> Callable[[_Collected], None]:
    def work(got: _Collected) -> None:
        rows, histogram = judge.judge(adapter, engine, case)
        got.rows.extend(rows)
        if histogram is not None:
            got.histograms.append(histogram)

    return work


def _enlarged(adapter: Adapter, one: deviations.Deviation) -> Iterator[Row]:
    """The claim about the support, on as many elements as show the deviation without fail."""
    for scheme in judged_schemes():
        if scheme.name in one.schemes and not dict(scheme.to_dict()["params"]):
            yield judge.support(
                adapter, "native", Case(scheme, (INPUTS, one.elements // INPUTS), seed=99)
            )


def _broken(adapter: Adapter, title: str, error: Exception) -> Row:
    message = f"{type(error).__name__}: {error}"
    return Row(
        adapter.name, "adapter", "runs", title, "", FAIL, "an error", "rows", note=message
    )  # fmt: skip


def _nothing_judged(adapter: Adapter, rows: Iterable[Row]) -> Iterator[Row]:
    """A run must have judged both engines, and at least one layer."""
    judged = {(row.engine, row.claim) for row in rows}
    wanted = (
        ("portable", "golden"),
        ("portable", "bits"),
        ("portable", "layers"),
        ("portable", "variance"),
        ("native", "variance"),
    )
    for engine, claim in wanted:
        if (engine, claim) not in judged:
            yield Row(
                adapter.name, engine, claim, "every scheme", "", FAIL, "nothing judged", "rows"
            )  # fmt: skip
