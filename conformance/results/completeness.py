"""What only a whole run can tell: whether enough was judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from fanwise.adapters.protocol import Adapter, WithOwn, WithStarts
from fanwise.conformance.checks.claims import OWN, START
from fanwise.conformance.results.rows import FAIL, Row

#: A run must have judged both engines, and at least one layer; and the framework's own
#: initializers, and what its layers start with, if the adapter says that it has them.
_WANTED: Final = (
    ("portable", "golden"),
    ("portable", "bits"),
    ("portable", "layers"),
    ("portable", "variance"),
    ("native", "variance"),
)


def nothing_judged(adapter: Adapter, rows: Iterable[Row]) -> Iterator[Row]:
    """A failure for each claim that a whole run must have judged, and has not."""
    seen = {(row.engine, row.claim) for row in rows}
    further = []
    if isinstance(adapter, WithOwn) and set(adapter.own_layers) - {"vector"}:
        further.append((OWN, "variance"))
    if isinstance(adapter, WithStarts):
        further.append((START, "variance"))
    for engine, claim in (*_WANTED, *further):
        if (engine, claim) not in seen:
            yield Row(
                adapter.name, engine, "judged", "every scheme", claim, FAIL, "nothing", "rows"
            )  # fmt: skip
