"""What a module of checks brings to the suite: claims, steps, faults, calibration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fanwise.adapters.protocol import Adapter
from fanwise.conformance.checks.faults import Fault
from fanwise.conformance.results.claims import Claim
from fanwise.conformance.results.densities import Density
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.results.runs import Function, Histogram, Run
from fanwise.conformance.statistics.calibration import CalibratedTest


@dataclass(frozen=True, kw_only=True)
class StepResult:
    """What a step adds to a run."""

    rows: tuple[ResultRow, ...]
    digests: Mapping[str, str] = field(default_factory=dict)
    histograms: tuple[Histogram, ...] = ()
    functions: tuple[Function, ...] = ()
    densities: tuple[Density, ...] = ()


@dataclass(frozen=True)
class Step:
    """A part of a run that can be repeated alone.

    Attributes:
        title: what ``--only`` finds it by.
        work: what it does.
        quick: what it does in a quick run, which leaves it out if there is nothing.
    """

    title: str
    work: Callable[[], StepResult]
    quick: Callable[[], StepResult] | None = None

    def in_quick_runs(self, work: Callable[[], StepResult] | None = None) -> Step:
        """Return the step as one of quick runs too, with less work if some is given."""
        return replace(self, quick=work or self.work)

    def titled(self, rows: Iterable[ResultRow]) -> tuple[ResultRow, ...]:
        """Return the rows with the title of this step."""
        return tuple(replace(row, step=self.title) for row in rows)


def rows_step(
    title: str, judge: Callable[..., Iterable[ResultRow]], *arguments: object
) -> Step:  # fmt: skip
    """Return a step that adds nothing but the rows of a function."""
    return Step(title, rows_work(judge, *arguments))


def rows_work(
    judge: Callable[..., Iterable[ResultRow]], *arguments: object
) -> Callable[[], StepResult]:  # fmt: skip
    """Return the work of such a step."""
    return lambda: StepResult(rows=tuple(judge(*arguments)))


def no_steps(adapter: Adapter) -> Iterator[Step]:
    """Yield no step: for claims that no single adapter is judged by."""
    del adapter
    yield from ()


def no_core_rows() -> Iterator[ResultRow]:
    """Yield no row: for claims that are not about the core."""
    yield from ()


def no_comparison(runs: Sequence[Run]) -> Iterator[ResultRow]:
    """Yield no row: for claims that do not compare frameworks."""
    del runs
    yield from ()


@dataclass(frozen=True, kw_only=True)
class Check:
    """The claims of one module, and all that the suite needs to know of them.

    Attributes:
        claims: in the order of the documentation.
        steps: what an adapter is judged by.
        core: judges the core, whatever the adapter.
        compare: judges runs of several adapters against each other.
        faults: what the claims must catch.
        calibration: the test behind each claim whose false alarms can be counted.
    """

    claims: tuple[Claim, ...] = ()
    steps: Callable[[Adapter], Iterator[Step]] = no_steps
    core: Callable[[], Iterator[ResultRow]] = no_core_rows
    compare: Callable[[Sequence[Run]], Iterator[ResultRow]] = no_comparison
    faults: tuple[Fault, ...] = ()
    calibration: Mapping[Claim, CalibratedTest] = field(default_factory=dict)
