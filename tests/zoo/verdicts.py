"""What the zoo says of a model: right, an error, or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Outcome = Literal["right", "error", "wrong"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("right", "error", "wrong")


@dataclass(frozen=True)
class Verdict:
    """What came of one model.

    Attributes:
        model: its name.
        outcome: ``"error"`` where Fanwise refused it, ``"wrong"`` where it was set otherwise than
            it should be.
        reason: for what is not right, the first line of the error, or what is wrong.
        parameters: how many numbers it has.
    """

    model: str
    outcome: Outcome
    reason: str = ""
    parameters: int = 0

    @classmethod
    def of_faults(cls, model: str, faults: Sequence[str], parameters: int) -> Verdict:
        """Return what the faults that a judge has found come to: right if there are none."""
        return cls(model, "wrong" if faults else "right", "; ".join(faults), parameters)
