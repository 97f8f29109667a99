"""The one exception of Fanwise."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class FanwiseError(ValueError):
    """Bad input: says what was expected, what was received, and what to do.

    Args:
        expected: what would have been accepted, without a final full stop.
        received: the offending value; its ``repr`` is shown (a string that is
            already a phrase can be wrapped in :class:`Phrase`).
        do: a sentence that says how to put it right.
        what: an optional first sentence that names what failed.

    Examples:
        >>> str(FanwiseError("a positive number for scale", -1.0, "Pass scale > 0."))
        'Expected a positive number for scale. Received: -1.0. Pass scale > 0.'
    """

    def __init__(self, expected: str, received: object, do: str, *, what: str = "") -> None:
        self.expected = expected
        self.received = received
        self.do = do
        self.what = what
        parts = [f"{what}.", f"Expected {expected}.", f"Received: {received!r}.", do]
        super().__init__(" ".join(parts if what else parts[1:]))

    def __reduce__(self) -> tuple[object, ...]:
        state = {"what": self.what}
        return (_rebuild, (type(self), self.expected, self.received, self.do, state))


def _rebuild(
    cls: type[FanwiseError], expected: str, received: object, do: str, state: dict[str, str]
) -> FanwiseError:
    return cls(expected, received, do, **state)


class Phrase(str):
    """A received value that is described rather than shown: its ``repr`` has no quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """The advice for an unknown name: the nearest known one, then all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(str(word), names, n=1, cutoff=0.5)
    listed = f"Known: {', '.join(names)}."
    return f"Did you mean {near[0]!r}? {listed}" if near else listed
