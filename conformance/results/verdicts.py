"""All runs and what came of comparing them, and the JSON form of that."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.engines import Engine
from fanwise.conformance.results.files import write_json
from fanwise.conformance.results.rows import Outcome, ResultRow
from fanwise.conformance.results.runs import FORMAT, Run
from fanwise.spec.versions import package_version, spec_version

#: What a verdict on quick runs is worth.
_QUICK: Final = (
    "A quick run: each claim as strict as in a full one, on a few of the schemes, shapes, layers "
    "and models, eager; what recipes cite, rotations and zeros are left out."
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """All runs, and what came of comparing them.

    Attributes:
        runs: one for each adapter.
        suite: the rows about the suite itself.
        compared: the rows about frameworks against each other.
    """

    runs: tuple[Run, ...]
    suite: tuple[ResultRow, ...]
    compared: tuple[ResultRow, ...]

    @property
    def rows(self) -> tuple[ResultRow, ...]:
        """All rows: of every run, of the comparison, and of the suite itself."""
        return tuple(row for run in self.runs for row in run.rows) + self.compared + self.suite

    @property
    def failures(self) -> tuple[ResultRow, ...]:
        """The rows that make it fail."""
        return tuple(row for row in self.rows if row.outcome == Outcome.FAIL)

    @property
    def false_alarms(self) -> float:
        """The probability that a sound set of frameworks fails, at the most.

        The portable engine's draws are the same in every framework, so they count once.
        """
        native = [row for row in self.rows if row.engine != Engine.PORTABLE]
        portable = {(r.claim, r.scheme, r.subject, r.alpha) for r in self.rows} - {
            (r.claim, r.scheme, r.subject, r.alpha) for r in native
        }
        return sum(row.alpha for row in native) + sum(alpha for *_, alpha in portable)

    @property
    def quick(self) -> bool:
        """Whether it is about quick runs."""
        return any(run.quick for run in self.runs)

    @property
    def note(self) -> str:
        """What is to be said of what was judged; empty of full runs."""
        return _QUICK if self.quick else ""

    @property
    def passed(self) -> bool:
        """Whether something was judged, and nothing failed."""
        return bool(self.rows) and not self.failures


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict, with every row, as plain data."""
    return {
        "format": FORMAT,
        "fanwise": package_version(),
        "spec": spec_version(),
        "passed": verdict.passed,
        **({"quick": True} if verdict.quick else {}),
        "false_alarms": verdict.false_alarms,
        "adapters": {run.adapter: dict(run.versions) for run in verdict.runs},
        "rows": [asdict(row) for row in verdict.rows],
    }


def write_verdict(path: Path, verdict: Verdict) -> None:
    """Write the verdict, with every row, as JSON."""
    write_json(path, verdict_data(verdict))
