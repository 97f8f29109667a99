"""What a row is about, and how it comes to its outcome."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fanwise.conformance.results.rows import FAIL, NONE, PASS, Row
from fanwise.conformance.statistics.tails import ALPHA, Finding


@dataclass(frozen=True)
class About:
    """One subject of claims.

    Attributes:
        adapter: the adapter's name.
        engine: the engine, as in :class:`~fanwise.conformance.results.rows.Row`.
        scheme: the scheme as text, or what else is judged.
        subject: shape, axes, dtype, mode or layer, in words.
        n: number of elements.
        seed: of the draw.
    """

    adapter: str
    engine: str
    scheme: str
    subject: str
    n: int = 0
    seed: int | None = None

    def found(self, claim: str, finding: Finding, alpha: float = ALPHA) -> Row:
        """A row for what a test saw."""
        outcome = PASS if finding.passed else FAIL
        figures = (f"{finding.observed:.6g}", f"{finding.expected:.6g}")
        bound = f"[{finding.low:.6g}, {finding.high:.6g}]"
        return self._row(claim, outcome, *figures, bound=bound, alpha=alpha)

    def equal(self, claim: str, observed: str, expected: str) -> Row:
        """A row for what must be the same."""
        return self._row(claim, PASS if observed == expected else FAIL, observed, expected)

    def not_offered(self, why: Exception) -> Row:
        """A row for what the framework has no initializer for."""
        return self._row("offered", NONE, "no", "yes or no", note=str(why))

    def _row(
        self,
        claim: str,
        outcome: str,
        observed: str,
        expected: str,
        *,
        bound: str = "equal",
        alpha: float = 0.0,
        note: str = "",
    ) -> Row:
        return Row(
            self.adapter,
            self.engine,
            claim,
            self.scheme,
            self.subject,
            outcome,
            observed,
            expected,
            bound,
            self.n,
            alpha,
            note,
            self.seed,
        )


def size_text(shape: tuple[int, ...]) -> str:
    """A shape in words."""
    return "×".join(map(str, shape))


def elements(shape: tuple[int, ...]) -> int:
    """How many elements a shape has."""
    return math.prod(shape)
