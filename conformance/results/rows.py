"""What a run writes down: one row for each claim that was judged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from fanwise.conformance.checks.claims import CLAIMS
from fanwise.spec.errors import FanwiseError

#: Version of the JSON form; a reader refuses another.
FORMAT: Final = 2

#: What the suite says of itself is under this name, in place of an adapter's.
SUITE: Final = "suite"

PASS: Final = "pass"  # noqa: S105 - an outcome, no password
FAIL: Final = "fail"
DEVIATION: Final = "deviation"
#: The framework has no initializer of its own for the scheme: there is nothing to judge.
NONE: Final = "none"


@dataclass(frozen=True)
class Row:
    """One claim about one subject.

    Attributes:
        adapter: the adapter's name.
        engine: ``portable`` or ``native``; ``own`` for the framework's own initializer,
            called as its users do; ``start`` for its layers as it starts them; ``core``,
            ``mutant`` and others for the suite itself.
        claim: what is claimed, one of :data:`fanwise.conformance.checks.claims.CLAIMS`.
        scheme: the scheme as text, or what else is judged.
        subject: shape, axes, dtype, mode or layer, in words.
        outcome: ``pass``, ``fail``, ``deviation`` (a failure that is listed), or ``none``
            (the framework has no initializer of its own to judge).
        observed, expected, bound: the figures, as text.
        n: number of elements judged.
        alpha: the false-alarm rate; 0 for an exact claim.
        note: the reason of a deviation, or the message of an error.
        seed: of the draw, where there is one.
        step: the step of the run that gave it: ``--only`` repeats it.

    Raises:
        ValueError: for a claim that is not in the list.
    """

    adapter: str
    engine: str
    claim: str
    scheme: str
    subject: str
    outcome: str
    observed: str
    expected: str
    bound: str = "equal"
    n: int = 0
    alpha: float = 0.0
    note: str = ""
    seed: int | None = None
    step: str = ""

    def __post_init__(self) -> None:
        if self.claim not in CLAIMS:
            raise ValueError(f"a claim of the list {sorted(CLAIMS)}, not {self.claim!r}")

    def marked(self, outcome: str, note: str) -> Row:
        """The same row with another outcome, and why."""
        return replace(self, outcome=outcome, note=note)

    def __str__(self) -> str:
        return (
            f"{self.adapter} · {self.engine} · {self.scheme} · {self.subject} · {self.claim}: "
            f"observed {self.observed}, expected {self.expected}, bound {self.bound}, "
            f"n = {self.n} ({self.outcome}{': ' + self.note if self.note else ''})"
        )


@dataclass(frozen=True)
class Histogram:
    """How many elements of a native draw fell into each cell of equal probability.

    Enough for a two-sample test between frameworks, and for a plot.

    Attributes:
        scheme: the scheme as text, as in rows.
        subject: the canonical kernel's shape, as in rows.
        counts: of the elements in each cell.
        kernel: the shape in numbers.
        source: the scheme as a plain dict, from which it can be made again.
    """

    scheme: str
    subject: str
    counts: tuple[int, ...]
    kernel: tuple[int, ...]
    source: Mapping[str, Any]


@dataclass(frozen=True)
class Function:
    """What one whole model of one framework gave.

    Attributes:
        model: its name.
        weights: SHA-256 of each in canonical order, by its path.
        outputs: the elements of its output.
    """

    model: str
    weights: Mapping[str, str]
    outputs: tuple[float, ...]


@dataclass(frozen=True)
class Run:
    """All that the judging of one adapter gave.

    Attributes:
        adapter: its name.
        versions: of the packages that took part.
        devices: that weights were drawn on.
        rows: the claims.
        digests: SHA-256 of portable weights in canonical order, by subject.
        histograms: of native draws.
        functions: of whole models.
        seconds: how long it took.
        entry: the name that the adapter is asked for by; its own if empty.
        environment: the variables that chose it.
    """

    adapter: str
    versions: Mapping[str, str]
    devices: tuple[str, ...]
    rows: tuple[Row, ...]
    digests: Mapping[str, str] = field(default_factory=dict)
    histograms: tuple[Histogram, ...] = ()
    functions: tuple[Function, ...] = ()
    seconds: float = 0.0
    entry: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def failures(self) -> tuple[Row, ...]:
        """The rows that make the run fail."""
        return tuple(row for row in self.rows if row.outcome == FAIL)


def write_runs(path: Path, runs: Iterable[Run]) -> None:
    """Write the runs of one process as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"format": FORMAT, "runs": [asdict(run) for run in runs]}
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")


def read_runs(path: Path) -> tuple[Run, ...]:
    """Read the runs of such a file.

    Raises:
        FanwiseError: if it is missing, or of another form.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        hint = "Run the conformance of that framework first; it writes the file."
        raise FanwiseError("the results of a conformance run", str(path), hint) from error
    if data.get("format") != FORMAT:
        hint = "Run the conformance again with this version of fanwise."
        raise FanwiseError(f"results of format {FORMAT}", data.get("format"), hint)
    return tuple(_run(run) for run in data["runs"])


def _run(data: dict[str, Any]) -> Run:
    rows = tuple(Row(**row) for row in data["rows"])
    histograms = tuple(
        Histogram(**{**one, "counts": tuple(one["counts"]), "kernel": tuple(one["kernel"])})
        for one in data["histograms"]
    )
    functions = tuple(
        Function(one["model"], one["weights"], tuple(one["outputs"])) for one in data["functions"]
    )
    lists = {"rows": rows, "histograms": histograms, "functions": functions}
    return Run(**{**data, **lists, "devices": tuple(data["devices"])})
