"""The streams that living JAX weights were drawn from, with a warning for two of one."""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

import jax

from fanwise.adapters.repeated_streams import StreamUses, described, warn_at_user
from fanwise.spec.laws import Law, is_random

_uses: Final = StreamUses()
#: What is being compiled is no weight yet, and is compiled again for other arguments: of its
#: streams only those of one trace are compared.
_traces: Final[WeakKeyDictionary[Any, StreamUses]] = WeakKeyDictionary()


def note_stream(
    weight: Any, seed: int, path: str | None, law: Law, *, replaced: Any = None
) -> None:
    """Remember a weight's stream; warn where another weight in use was drawn from it.

    To be called where the caller gave the seed.

    Args:
        weight: what was drawn, traced or not.
        seed, path: they chose the stream.
        law: what it was drawn by.
        replaced: an array that the weight takes the place of.

    Warns:
        RepeatedStreamWarning: at the line of the caller's own code.
    """
    if weight.size == 0 or not is_random(law):
        return
    uses = _uses
    if isinstance(weight, jax.core.Tracer):
        # A private name, as there is no other: without it nothing is compared.
        trace = getattr(weight, "_trace", None)
        if trace is None:
            return
        uses = _traces.setdefault(trace, StreamUses())
    uses.note(seed, path, weight, replaced=replaced)


def check_unmapped(key: Any, seed: int, path: str | None, law: Law) -> None:
    """Warn where ``jax.vmap`` maps over keys, and a seed takes their place.

    Warns:
        RepeatedStreamWarning: at the line of the caller's own code.
    """
    if type(key).__name__ == "BatchTracer" and is_random(law):
        warn_at_user(
            f"vmap draws a weight for each of several keys, but all of them from the same stream "
            f"({described(seed, path)}), so they hold the same numbers. Leave out seed=, so that "
            "the keys count, or set up the whole model at once with "
            "initialize(model, recipe, seed=...)."
        )
