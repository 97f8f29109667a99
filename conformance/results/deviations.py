"""What a framework itself does differently: listed with a reason, and strictly.

A failure that is listed is a deviation. A deviation that no longer occurs is a failure,
so the list stays true.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from fanwise.adapters.engines import Engine
from fanwise.conformance.results.rows import Origin, Outcome, ResultRow, judged_engine
from fanwise.spec.documents import toml_data
from fanwise.spec.errors import FanwiseError
from fanwise.spec.forms import DataForm

_FORM: Final = DataForm.of_file(
    "deviations.toml", "fanwise.conformance.results", "deviations.schema.json"
)
_LISTS: Final = ("claims", "schemes", "subjects", "versions")
_CONDITION = re.compile(r"(?P<package>[\w.-]+)(?P<sign>>=|<)(?P<version>[\d.]+)")


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """One departure of a framework from the specification.

    Attributes:
        adapter: the adapter that shows it; ``*`` stands for any part of the name.
        claims: the claims that it fails.
        schemes: the names of the schemes concerned.
        reason: what the framework does.
        reference: where that can be read.
        versions: conditions on packages, all of which must hold, e.g. ``keras>=3.0``.
        engine: ``native``; ``own`` for the framework's own initializer on its layers, and
            ``start`` for what its layers start with by themselves.
        subjects: with what the subjects concerned begin, e.g. a dtype or a kind of layer;
            empty for all.
    """

    adapter: str
    claims: tuple[str, ...]
    schemes: tuple[str, ...]
    reason: str
    reference: str
    versions: tuple[str, ...]
    engine: Engine | Origin = Engine.NATIVE
    subjects: tuple[str, ...] = ("",)

    @property
    def cases(self) -> tuple[tuple[str, str, str], ...]:
        """Each claim, scheme and subject: every one of them must fail."""
        return tuple(itertools.product(self.claims, self.schemes, self.subjects))

    def concerns(self, row: ResultRow, claim: str, scheme: str, subject: str) -> bool:
        """Return whether a row is about one of the cases."""
        same_claim = row.engine == self.engine and row.claim == claim
        return same_claim and row.family == scheme and row.subject.startswith(subject)


def read(text: str, adapter: str, versions: Mapping[str, str]) -> tuple[Deviation, ...]:
    """Read the deviations of an adapter, of those that a deviations.toml lists.

    Raises:
        FanwiseError: for an entry that does not follow the form.
    """
    return tuple(
        deviation
        for deviation in read_all(text)
        if fnmatchcase(adapter, deviation.adapter)
        and all(_holds(condition, versions) for condition in deviation.versions)
    )


def read_all(text: str) -> tuple[Deviation, ...]:
    """Read all deviations that a deviations.toml lists.

    Raises:
        FanwiseError: for an entry that does not follow the form.
    """
    data = toml_data(text, "deviations.toml")
    _FORM.check(data)
    return tuple(map(_deviation, data.get("deviation", [])))


def mark(row: ResultRow, listed: Iterable[Deviation]) -> ResultRow:
    """Return the row, as a deviation if it is a failure that is listed."""
    if row.outcome != Outcome.FAIL:
        return row
    for deviation in listed:
        if any(deviation.concerns(row, *case) for case in deviation.cases):
            note = f"{deviation.reason} ({deviation.reference})"
            return row.marked(Outcome.DEVIATION, note)
    return row


def vanished(
    rows: Iterable[ResultRow], listed: Iterable[Deviation], adapter: str
) -> Iterator[ResultRow]:
    """Yield a failure for each listed deviation that did not occur in the marked rows of a run."""
    marked = list(rows)
    for deviation in listed:
        for claim, scheme, subject in deviation.cases:
            concerned = [row for row in marked if deviation.concerns(row, claim, scheme, subject)]
            if any(row.outcome == Outcome.DEVIATION for row in concerned):
                continue
            yield ResultRow(
                adapter=adapter,
                engine=deviation.engine,
                claim=claim,
                scheme=scheme,
                subject=f"{subject} listed deviation, {len(concerned)} rows judged".lstrip(),
                outcome=Outcome.FAIL,
                observed="did not occur",
                expected="occurs",
                note="Remove it from deviations.toml, or give the versions that show it."
                if concerned
                else "Nothing was judged that it could be about: see what else fails.",
            )


def _deviation(row: Mapping[str, Any]) -> Deviation:
    lists = {key: tuple(row[key]) for key in _LISTS if key in row}
    engine = {"engine": judged_engine(row["engine"])} if "engine" in row else {}
    return Deviation(**{**row, **lists, **engine})


def _holds(condition: str, versions: Mapping[str, str]) -> bool:
    match = _CONDITION.fullmatch(condition)
    assert match is not None
    if match["package"] not in versions:
        hint = f"Name one of {sorted(versions)}."
        raise FanwiseError("a package whose version the adapter gives", match["package"], hint)
    installed, limit = _numbers(versions[match["package"]]), _numbers(match["version"])
    if not installed:
        # It is not installed: nothing is judged that the deviation could be about.
        return False
    return installed >= limit if match["sign"] == ">=" else installed < limit


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])
