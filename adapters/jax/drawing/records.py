"""What arrays were drawn by, remembered for as long as the arrays themselves live.

An array of JAX never changes: what is known of it stays true, and a step of training makes
another array, of which nothing is known.
"""

from __future__ import annotations

import weakref
from typing import Any, Final, NamedTuple

import jax

from fanwise.spec.resolved import Resolved
from fanwise.spec.weights import Start


class DrawnBlock(NamedTuple):
    """What a block of an array was drawn by.

    Attributes:
        resolved: the scheme.
        given: what its layer had declared, or was seen to have been given, before it was drawn.
    """

    resolved: Resolved
    given: Start | None


_records: Final[dict[int, tuple[weakref.ref[Any], dict[str, DrawnBlock]]]] = {}


def record(value: Any, at: tuple[Any, ...], drawn: DrawnBlock) -> None:
    """Remember what a block of an array was drawn by."""
    if not isinstance(value, jax.Array):
        return
    number = id(value)
    if _blocks(value) is None:
        # Another array may get the same number once this one is gone.
        reference = weakref.ref(value, lambda _: _records.pop(number, None))
        _records[number] = (reference, {})
    _records[number][1][repr(at)] = drawn


def recall(value: Any, at: tuple[Any, ...]) -> DrawnBlock | None:
    """Return what a block of an array was drawn by; None where that is not known."""
    return (_blocks(value) or {}).get(repr(at))


def _blocks(value: Any) -> dict[str, DrawnBlock] | None:
    reference, blocks = _records.get(id(value), (None, {}))
    return blocks if reference is not None and reference() is value else None
