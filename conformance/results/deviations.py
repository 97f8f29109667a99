"""What a framework itself does differently: listed with a reason, and strictly.

A failure that is listed is a deviation. A deviation that no longer occurs is a failure,
so the list stays true.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from fanwise.conformance.results.rows import DEVIATION, FAIL, Row
from fanwise.spec.errors import FanwiseError

_REQUIRED: Final = frozenset({"adapter", "claims", "schemes", "reason", "reference", "versions"})
_KEYS: Final = _REQUIRED | {"engine", "subjects"}
_LISTS: Final = ("claims", "schemes", "subjects", "versions")
_CONDITION = re.compile(r"^(?P<package>[\w.-]+)(?P<sign>>=|<)(?P<version>[\d.]+)$")


@dataclass(frozen=True)
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
    engine: str = "native"
    subjects: tuple[str, ...] = ("",)

    @property
    def cases(self) -> tuple[tuple[str, str, str], ...]:
        """Each claim, scheme and subject: every one of them must fail."""
        return tuple(itertools.product(self.claims, self.schemes, self.subjects))

    def concerns(self, row: Row, claim: str, scheme: str, subject: str) -> bool:
        """Whether a row is about one of the cases."""
        own = row.engine == self.engine and row.claim == claim
        return own and _name(row) == scheme and row.subject.startswith(subject)


def read(text: str, adapter: str, versions: Mapping[str, str]) -> tuple[Deviation, ...]:
    """The deviations of an adapter, of those that a deviations.toml lists.

    Raises:
        FanwiseError: for an entry that does not follow the form.
    """
    rows = tomllib.loads(text).get("deviation", [])
    listed = [_deviation(row) for row in rows]
    return tuple(
        one
        for one in listed
        if fnmatchcase(adapter, one.adapter)
        and all(_holds(condition, versions) for condition in one.versions)
    )


def mark(row: Row, listed: Iterable[Deviation]) -> Row:
    """The row, as a deviation if it is a failure that is listed."""
    if row.outcome != FAIL:
        return row
    for one in listed:
        if any(one.concerns(row, *case) for case in one.cases):
            return row.marked(DEVIATION, f"{one.reason} ({one.reference})")
    return row


def vanished(rows: Iterable[Row], listed: Iterable[Deviation], adapter: str) -> Iterator[Row]:
    """A failure for each listed deviation that did not occur in the marked rows of a run."""
    marked = list(rows)
    for one in listed:
        for claim, scheme, subject in one.cases:
            about = [row for row in marked if one.concerns(row, claim, scheme, subject)]
            if not any(row.outcome == DEVIATION for row in about):
                what = f"{subject} listed deviation, {len(about)} rows judged".lstrip()
                yield Row(
                    adapter,
                    one.engine,
                    claim,
                    scheme,
                    what,
                    FAIL,
                    "did not occur",
                    "occurs",
                    note="Remove it from deviations.toml, or give the versions that show it."
                    if about
                    else "Nothing was judged that it could be about: see what else fails.",
                )


def _name(row: Row) -> str:
    """The family in a scheme's text, e.g. he_normal in scheme('he_normal')."""
    found = re.search(r"'(\w+)'", row.scheme)
    return found[1] if found else row.scheme


def _deviation(row: Mapping[str, Any]) -> Deviation:
    if not _REQUIRED <= set(row) <= _KEYS:
        hint = "Correct the entry in deviations.toml."
        raise FanwiseError(f"a deviation with the keys {sorted(_REQUIRED)}", sorted(row), hint)
    for key in _LISTS:
        if not isinstance(row.get(key, []), list):
            hint = f'Write {key} = ["…"] in deviations.toml.'
            raise FanwiseError(f"a list of {key}", row[key], hint)
    lists = {key: tuple(row[key]) for key in _LISTS if key in row}
    for condition in lists["versions"]:
        if not _CONDITION.match(condition):
            hint = "Write e.g. 'keras>=3.0' or 'torch<2.12'."
            raise FanwiseError("a condition on a version", condition, hint)
    return Deviation(**{**row, **lists})


def _holds(condition: str, versions: Mapping[str, str]) -> bool:
    found = _CONDITION.match(condition)
    assert found is not None
    if found["package"] not in versions:
        hint = f"Name one of {sorted(versions)}."
        raise FanwiseError("a package whose version the adapter gives", found["package"], hint)
    own, other = _numbers(versions[found["package"]]), _numbers(found["version"])
    return own >= other if found["sign"] == ">=" else own < other


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])
