"""All that the judging of one adapter gave, and its JSON form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from fanwise.conformance.results.densities import Density
from fanwise.conformance.results.files import write_json
from fanwise.conformance.results.machines import Machine
from fanwise.conformance.results.rows import Outcome, ResultRow, judged_engine
from fanwise.spec.documents import json_data, read_text
from fanwise.spec.errors import FanwiseError
from fanwise.spec.forms import DataForm
from fanwise.spec.versions import package_version, spec_version

#: Version of the JSON form; a reader refuses another.
FORMAT: Final = 3
_FORM: Final = DataForm.of_file(
    "the results of a conformance run",
    "fanwise.conformance.results",
    "results.schema.json",
    "results",
)


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
class Run:
    """All that the judging of one adapter gave.

    Attributes:
        adapter: its name.
        versions: of the packages that took part.
        devices: that weights were drawn on.
        rows: the claims.
        digests: SHA-256 of portable weights in canonical order, by scheme and shape.
        histograms: of native draws.
        functions: of whole models.
        densities: of draws that are plotted over each other.
        seconds: how long it took.
        entry: the name that the adapter is asked for by; its own if empty.
        environment: the variables that chose it.
        fanwise: the version of the package that judged it.
        spec: the version of the specification that it was held to.
        quick: whether it judged only a part, as a quick run does.
        date: when it began, in UTC; empty in results that do not say.
        machine: what it was judged on; None in results that do not say.
    """

    adapter: str
    versions: Mapping[str, str]
    devices: tuple[str, ...]
    rows: tuple[ResultRow, ...]
    digests: Mapping[str, str] = field(default_factory=dict)
    histograms: tuple[Histogram, ...] = ()
    functions: tuple[Function, ...] = ()
    densities: tuple[Density, ...] = ()
    seconds: float = 0.0
    entry: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    fanwise: str = field(default_factory=package_version)
    spec: str = field(default_factory=spec_version)
    quick: bool = False
    date: str = ""
    machine: Machine | None = None

    @property
    def failures(self) -> tuple[ResultRow, ...]:
        """The rows that make the run fail."""
        return tuple(row for row in self.rows if row.outcome == Outcome.FAIL)

    @property
    def passed(self) -> bool:
        """Whether no claim fails."""
        return not self.failures

    def __str__(self) -> str:
        """Say whether it passed, how many claims held, and each that failed, on a line."""
        held = sum(row.outcome == Outcome.PASS for row in self.rows)
        verdict = "PASS" if self.passed else "FAIL"
        first = f"{verdict}: {self.adapter}, {held} of {len(self.rows)} claims hold"
        return "\n".join((first, *map(str, self.failures)))


def runs_data(runs: Iterable[Run]) -> dict[str, Any]:
    """Return the runs of one process as plain data."""
    return {"format": FORMAT, "runs": [_data(run) for run in runs]}


def write_runs(path: Path, runs: Iterable[Run]) -> None:
    """Write the runs of one process as JSON."""
    write_json(path, runs_data(runs))


def _data(run: Run) -> dict[str, Any]:
    """Return a run as plain data; only a quick one says which it is."""
    data = asdict(run)
    return data if run.quick else {key: value for key, value in data.items() if key != "quick"}


def read_runs(path: Path) -> tuple[Run, ...]:
    """Read the runs of such a file.

    Raises:
        FanwiseError: if it is missing, or of another form.
    """
    data = json_data(read_text(path, _FORM.what), _FORM.what)
    try:
        _check_format(data)
        _FORM.check(data)
        return tuple(_run(run) for run in data["runs"])
    except FanwiseError as error:
        raise error.within(f"{str(path)!r} cannot be read") from error


def _check_format(data: Any) -> None:
    """Raise for a form of another version: of what else it has, nothing is known."""
    given = data.get("format") if isinstance(data, Mapping) else None
    if not isinstance(given, int) or isinstance(given, bool) or given == FORMAT:
        return
    hint = "Run the conformance again with this version of fanwise."
    if given > FORMAT:
        hint = "A newer Fanwise wrote it: upgrade with pip install -U fanwise."
    raise FanwiseError(f"results of format {FORMAT}", given, hint)


def _run(data: dict[str, Any]) -> Run:
    lists = {
        "devices": tuple(data["devices"]),
        "rows": tuple(map(_row, data["rows"])),
        "histograms": tuple(map(_histogram, data["histograms"])),
        "functions": tuple(map(_function, data["functions"])),
        "densities": tuple(map(_density, data.get("densities", []))),
    }
    machine = data.get("machine")
    judged_on = {"machine": None if machine is None else Machine(**machine)}
    return Run(**{**data, **lists, **judged_on})


def _row(data: dict[str, Any]) -> ResultRow:
    enums = {"engine": judged_engine(data["engine"]), "outcome": Outcome(data["outcome"])}
    return ResultRow(**{**data, **enums})


def _histogram(data: dict[str, Any]) -> Histogram:
    lists = {"counts": tuple(data["counts"]), "kernel": tuple(data["kernel"])}
    if not any(lists["counts"]):
        hint = "Run the conformance again: a draw has elements."
        raise FanwiseError("a histogram of some elements", data["scheme"], hint)
    return Histogram(**{**data, **lists})


def _function(data: dict[str, Any]) -> Function:
    return Function(**{**data, "outputs": tuple(map(float, data["outputs"]))})


def _density(data: dict[str, Any]) -> Density:
    lists = {key: tuple(data[key]) for key in ("kernel", "stored", "counts")}
    if not 0 < sum(lists["counts"]) <= data["n"] or not data["low"] < data["high"]:
        hint = "Run the conformance again: a draw has elements."
        raise FanwiseError("a density of some elements", data["scheme"], hint)
    return Density(**{**data, **lists, "engine": judged_engine(data["engine"])})
