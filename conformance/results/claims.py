"""What a claim is: its name, what it says, how it is tested, and what it catches.

Each claim stands in the module of ``conformance/checks`` that checks it; all of them are in
:mod:`fanwise.conformance.checks.registry`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

#: How an exact claim is tested, and what it catches.
EQUALITY: Final = "equality, to the bit"
ANY_DIFFERENCE: Final = "any difference"


class Group(StrEnum):
    """The columns of the report's table, in its order."""

    STAGES = "stages"
    BITS = "bits"
    SCALE = "scale"
    SHAPE = "shape"
    INDEPENDENCE = "independence"
    STRUCTURE = "structure"
    PUBLISHED = "published"
    MODELS = "models"
    OWN = "own"
    VERDICT = "verdict"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One kind of claim.

    Attributes:
        name: what rows call it.
        group: the column of the table that it belongs to.
        null: what is claimed to hold.
        test: how that is judged, and what the false-alarm rate rests on.
        catches: the smallest fault that is caught with probability 1 - MISS; for an exact
            claim, any at all.
    """

    name: str
    group: Group
    null: str
    test: str = EQUALITY
    catches: str = ANY_DIFFERENCE
