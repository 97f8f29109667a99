"""Checkpoints with nothing wrong, of all architectures: none may be found at fault."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from audits.architectures import ARCHITECTURES, Architecture
from audits.checkpoints import Start, Via, audited, right

#: The seed of the first; more than 32 bits of it count.
FIRST_SEED = 5 << 40


@dataclass(frozen=True)
class RightCheckpoint:
    """A checkpoint of a model's right start, and how it is audited.

    Attributes:
        model: the architecture.
        start: who drew it.
        aid: what the audit has: ``"seed"`` (with the recipe), ``"recipe"``, or ``"nothing"``.
        dtype: that it is drawn or stored in.
        via: how it is handed over.
    """

    model: str
    start: Start
    aid: str
    dtype: str
    via: Via

    def audit(self, seed: int):
        """Draw it by a seed, and audit it."""
        return audited(
            self.model,
            right(self.model, self.start, seed, self.dtype),
            via=self.via,
            recipe=self.aid != "nothing",
            seed=seed if self.aid == "seed" else None,
            start=self.start,
        )


def kinds() -> list[RightCheckpoint]:
    """Return every kind of right checkpoint."""
    return [kind for chosen in ARCHITECTURES for kind in _kinds_of(chosen)]


def _kinds_of(chosen: Architecture) -> Iterator[RightCheckpoint]:
    starts: tuple[Start, ...] = (
        ("fanwise", "library") if chosen.library is not None else ("fanwise",)
    )
    halves = ("bfloat16", "float16") if chosen.framework == "torch" else ()
    ways: Iterator[Via] = itertools.cycle(("model", "state", "file"))
    for start, dtype in itertools.product(starts, ("float32", *halves)):
        for aid in ("seed", "recipe", "nothing") if start == "fanwise" else ("recipe", "nothing"):
            yield RightCheckpoint(chosen.name, start, aid, dtype, next(ways))


def checkpoints(count: int) -> Iterator[tuple[RightCheckpoint, int]]:
    """Give so many of them with their seeds, the kinds in turn."""
    every = kinds()
    for number in range(count):
        yield every[number % len(every)], FIRST_SEED + number
