"""One row for each claim that was judged, and how it came out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from fanwise.adapters.engines import Engine

#: What the suite says of itself is under this name, in place of an adapter's.
SUITE: Final = "suite"


class Outcome(StrEnum):
    """How a claim came out."""

    PASS = "pass"  # noqa: S105 - an outcome, no password
    FAIL = "fail"
    #: A failure that is listed.
    DEVIATION = "deviation"
    #: The framework has no initializer of its own for the scheme: there is nothing to judge.
    NONE = "none"


class Origin(StrEnum):
    """What rows are about other than the two engines; they have it in an engine's place."""

    #: The framework's own initializer, called as its users do.
    OWN = "own"
    #: What the framework's layers start with by themselves.
    START = "start"
    #: The core's known answers.
    CORE = "core"
    #: A broken adapter that a claim must catch.
    MUTANT = "mutant"
    #: The adapter as a whole.
    ADAPTER = "adapter"
    #: All runs together.
    VERDICT = "verdict"


def judged_engine(name: str) -> Engine | Origin:
    """Return the engine or the origin of that name.

    Raises:
        ValueError: for any other name.
    """
    return Engine(name) if name in list(Engine) else Origin(name)


@dataclass(frozen=True, kw_only=True)
class ResultRow:
    """One claim about one subject.

    Attributes:
        adapter: the adapter's name.
        engine: what was judged: one of the two engines, or an :class:`Origin`.
        claim: the name of the claim.
        scheme: the scheme as text, or what else is judged.
        subject: shape, axes, dtype, mode or layer, in words.
        outcome: how it came out.
        observed, expected, bound: the figures, as text.
        n: number of elements judged.
        alpha: the false-alarm rate; 0 for an exact claim.
        note: the reason of a deviation, or the message of an error.
        seed: of the draw, where there is one.
        step: the step of the run that gave it: ``--only`` repeats it.
    """

    adapter: str
    engine: Engine | Origin
    claim: str
    scheme: str
    subject: str
    outcome: Outcome
    observed: str
    expected: str
    bound: str = "equal"
    n: int = 0
    alpha: float = 0.0
    note: str = ""
    seed: int | None = None
    step: str = ""

    @property
    def family(self) -> str:
        """The name of the scheme, without its parameters; the text itself if it is no scheme."""
        match = re.match(r"scheme\('(\w+)'", self.scheme)
        return match[1] if match else self.scheme

    def marked(self, outcome: Outcome, note: str) -> ResultRow:
        """Return the same row with another outcome, and why."""
        return replace(self, outcome=outcome, note=note)

    def __str__(self) -> str:
        return (
            f"{self.adapter} · {self.engine} · {self.scheme} · {self.subject} · {self.claim}: "
            f"observed {self.observed}, expected {self.expected}, bound {self.bound}, "
            f"n = {self.n} ({self.outcome}{': ' + self.note if self.note else ''})"
        )
