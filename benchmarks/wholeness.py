"""What results lack that the tables and pictures of speed are to show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import results
from aims import AIMS, IMPORT_AIMS
from shown import FEW, ROWS, SMALL

#: Of fewer repeats no median is shown.
FEWEST: Final = 9


def lacking(data: dict[str, Any]) -> Iterator[str]:
    """Name what the tables and pictures show, and some results do not have."""
    cases = {results.key_of(case): case for case in data["cases"]}
    cores = data["machine"].get("cores", 0)
    if rows := [row for row in {*ROWS, *SMALL, *FEW} if (*row, str(cores)) not in cases]:
        yield f"cases, {len(rows)} in all, as {' '.join(min(rows))}"
    if aims := [aim for aim in AIMS if aim.measured(cases, cores) is None]:
        yield f"what {len(aims)} aims are held to"
    if not {*IMPORT_AIMS} <= {*data.get("imports", ())}:
        yield "imports"
    yield from (name for name in ("first_call", "scale") if name not in data)


def too_few(data: dict[str, Any]) -> Iterator[str]:
    """Say that medians are of too few repeats, if they are."""
    repeats = data["machine"].get("repeats", 0)
    if repeats < FEWEST:
        yield f"repeats ({repeats}, of {FEWEST} at least)"
