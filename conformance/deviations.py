"""What a framework itself does differently: listed with a reason, and strictly.

A failure that is listed is a deviation. A deviation that no longer occurs is a failure,
so the list stays true.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fanwise.conformance.rows import DEVIATION, FAIL, Row
from fanwise.spec.errors import FanwiseError

_KEYS: Final = frozenset(
    {"adapter", "claim", "schemes", "reason", "reference", "versions", "elements"}
)
_REQUIRED: Final = _KEYS - {"elements"}
_CONDITION = re.compile(r"^(?P<package>[\w.-]+)(?P<sign>>=|<)(?P<version>[\d.]+)$")


@dataclass(frozen=True)
class Deviation:
    """One departure of a framework's native engine from the specification.

    Attributes:
        adapter: the adapter that shows it.
        claim: the claim that it fails.
        schemes: the names of the schemes concerned.
        reason: what the framework does.
        reference: where that can be read.
        versions: conditions on packages, all of which must hold, e.g. ``keras>=3.0``.
        elements: the number of elements that shows it without fail; 0 for the usual one.
    """

    adapter: str
    claim: str
    schemes: tuple[str, ...]
    reason: str
    reference: str
    versions: tuple[str, ...]
    elements: int = 0

    def concerns(self, row: Row) -> bool:
        """Whether a row is about this claim and one of these schemes."""
        return row.engine == "native" and row.claim == self.claim and _name(row) in self.schemes


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
        if one.adapter == adapter and all(_holds(condition, versions) for condition in one.versions)
    )


def apply(rows: Iterable[Row], deviations: Iterable[Deviation], adapter: str) -> tuple[Row, ...]:
    """Mark the failures that are listed, and add one for each that did not occur."""
    judged = list(rows)
    for one in deviations:
        for scheme in one.schemes:
            about = [
                i for i, row in enumerate(judged) if one.concerns(row) and _name(row) == scheme
            ]
            failed = [i for i in about if judged[i].outcome == FAIL]
            for i in failed:
                judged[i] = judged[i].marked(DEVIATION, f"{one.reason} ({one.reference})")
            if not failed:
                judged.append(_vanished(one, scheme, adapter, len(about)))
    return tuple(judged)


def _vanished(one: Deviation, scheme: str, adapter: str, judged: int) -> Row:
    return Row(
        adapter,
        "native",
        one.claim,
        scheme,
        f"listed deviation, {judged} rows judged",
        FAIL,
        "did not occur",
        "occurs",
        note="Remove it from deviations.toml, or give the versions that still show it.",
    )


def _name(row: Row) -> str:
    """The family in a scheme's text, e.g. he_normal in scheme('he_normal')."""
    found = re.search(r"'(\w+)'", row.scheme)
    return found[1] if found else row.scheme


def _deviation(row: Mapping[str, Any]) -> Deviation:
    if not _REQUIRED <= set(row) <= _KEYS:
        do = "Correct the entry in deviations.toml."
        raise FanwiseError(f"a deviation with the keys {sorted(_REQUIRED)}", sorted(row), do)
    versions = row["versions"]
    conditions = tuple([versions] if isinstance(versions, str) else versions)
    for condition in conditions:
        if not _CONDITION.match(condition):
            do = "Write e.g. 'keras>=3.0' or 'torch<2.12'."
            raise FanwiseError("a condition on a version", condition, do)
    return Deviation(**{**row, "schemes": tuple(row["schemes"]), "versions": conditions})


def _holds(condition: str, versions: Mapping[str, str]) -> bool:
    found = _CONDITION.match(condition)
    assert found is not None
    if found["package"] not in versions:
        do = f"Name one of {sorted(versions)}."
        raise FanwiseError("a package whose version the adapter gives", found["package"], do)
    own, other = _numbers(versions[found["package"]]), _numbers(found["version"])
    return own >= other if found["sign"] == ">=" else own < other


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])
