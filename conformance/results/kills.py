"""How often a mutant was caught."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: The seed of the mutants that are part of every run.
SEED: Final = 77


@dataclass(frozen=True, kw_only=True)
class Kill:
    """How often a mutant was caught.

    Attributes:
        mutant: the fault, in words.
        claim: the claim that must catch it.
        missed: the probability that the claim misses it; 0 where it cannot.
        caught: on how many seeds its claim caught it.
        tried: on how many it was tried.
    """

    mutant: str
    claim: str
    missed: float
    caught: int
    tried: int

    @property
    def always(self) -> bool:
        """Whether it was caught every time."""
        return self.caught == self.tried > 0
