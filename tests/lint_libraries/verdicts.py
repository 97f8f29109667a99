"""What reading the findings of a library has shown: which are right, which are not, and why."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "verdicts"


@dataclass(frozen=True)
class Verdict:
    """Findings that were read one by one, and are right or wrong for one reason."""

    code: str
    is_right: bool
    reason: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """All findings of one version of a library, read."""

    library: str
    version: str
    verdicts: tuple[Verdict, ...]

    @property
    def places(self):
        """The findings, as code and place."""
        return {(v.code, place) for v in self.verdicts for place in v.places}

    def count(self, code="", *, right_only=False):
        """How many findings there are of a code, or of the codes that begin with it."""
        return sum(
            len(v.places)
            for v in self.verdicts
            if v.code.startswith(code) and (v.is_right or not right_only)
        )

    @property
    def precision(self):
        """The share of the findings that are right."""
        return self.count(right_only=True) / self.count() if self.count() else 1.0


def readings():
    """Every reading that is kept, by library."""
    return {reading.library: reading for reading in map(read, sorted(FOLDER.glob("*.toml")))}


def read(file):
    """Read one file of verdicts."""
    data = tomllib.loads(file.read_text("utf-8"))
    verdicts = tuple(
        Verdict(row["code"], row["right"], row["reason"], tuple(row["places"]))
        for row in data.get("verdict", ())
    )
    return Reading(data["library"], data["version"], verdicts)
