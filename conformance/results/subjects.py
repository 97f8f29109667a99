"""What a row is about, and how it comes to its outcome."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from fanwise.adapters.engines import Engine
from fanwise.conformance.results.claims import Claim
from fanwise.conformance.results.rows import Origin, Outcome, ResultRow
from fanwise.conformance.statistics.tails import ALPHA, Finding


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One subject of claims.

    Attributes:
        adapter: the adapter's name.
        engine: what is judged, as in :class:`~fanwise.conformance.results.rows.ResultRow`.
        scheme: the scheme as text, or what else is judged.
        subject: shape, axes, dtype, mode or layer, in words.
        n: number of elements.
        seed: of the draw.
    """

    adapter: str
    engine: Engine | Origin
    scheme: str
    subject: str = ""
    n: int = 0
    seed: int | None = None

    def judge(self, claim: Claim, finding: Finding, alpha: float = ALPHA) -> ResultRow:
        """Return a row for what a test saw."""
        return self.row(
            claim,
            Outcome.PASS if finding.passed else Outcome.FAIL,
            observed=f"{finding.observed:.6g}",
            expected=f"{finding.expected:.6g}",
            bound=f"[{finding.low:.6g}, {finding.high:.6g}]",
            alpha=alpha,
        )

    def compare(self, claim: Claim, observed: str, expected: str) -> ResultRow:
        """Return a row for what must be the same."""
        outcome = Outcome.PASS if observed == expected else Outcome.FAIL
        return self.row(claim, outcome, observed=observed, expected=expected)

    def row(self, claim: Claim, outcome: Outcome, **figures: Any) -> ResultRow:
        """Return a row with an outcome and its figures, by the names of the row's fields."""
        return ResultRow(
            adapter=self.adapter,
            engine=self.engine,
            claim=claim.name,
            scheme=self.scheme,
            subject=self.subject,
            outcome=outcome,
            n=self.n,
            seed=self.seed,
            **figures,
        )


def size_text(shape: tuple[int, ...]) -> str:
    """Write a shape in words."""
    return "×".join(map(str, shape))


def elements(shape: tuple[int, ...]) -> int:
    """Count the elements of a shape."""
    return math.prod(shape)
