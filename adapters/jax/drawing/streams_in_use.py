"""The streams that living JAX weights were drawn from, with a warning for two of one."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any, Final
from weakref import WeakKeyDictionary

import jax

from fanwise.adapters.repeated_streams import Span, StreamUses, described, warn_at_user
from fanwise.spec.laws import Law, is_random

_uses: Final = StreamUses()
#: What is being compiled is no weight yet, and is compiled again for other arguments: of its
#: streams only those of one trace are compared.
_traces: Final[WeakKeyDictionary[Any, StreamUses]] = WeakKeyDictionary()
#: Functions of Flax that draw a weight flat, and keep another of its shape.
_RESHAPING: Final = frozenset({"kernel_init_wrap", "bias_init_wrap"})
#: How many calls there are at most between these and the initializer.
_BETWEEN: Final = 8
_WHOLE: Final = (0, 1)


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
    holder, span = _holder_of(weight)
    uses.note(seed, path, holder, span, replaced=replaced)


def _holder_of(weight: Any) -> tuple[Any, Span]:
    """Return what lives as long as a weight: itself, or what keeps another shape of it."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 (the documented way)
    for _ in range(_BETWEEN):
        if frame is None:
            break
        caller = frame.f_back
        if frame.f_code.co_name in _RESHAPING and caller is not None:
            keeper = caller.f_locals.get("self", weight)
            # In linen no layer lives as long as its weights, but the root of their scopes
            # lives until all are made.
            root = getattr(keeper, "root", None)
            if root is None:
                return keeper, _WHOLE
            place = hash(keeper.path)
            return root, (place, place + 1)
        frame = caller
    return weight, _WHOLE


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
