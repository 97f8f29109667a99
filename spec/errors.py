"""The one exception of Fanwise, and its one warning."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Self


class FanwiseError(ValueError):
    """Bad input: says what was expected, what was received, and what to do.

    Args:
        expected: what would have been accepted, without a final full stop.
        received: the offending value; its ``repr`` is shown (a string that is
            already a phrase can be wrapped in :class:`Phrase`).
        hint: a sentence that says how to put it right.
        context: what failed, where that is not plain; the first sentence of the message.

    Examples:
        >>> str(FanwiseError("a positive number for scale", -1.0, "Pass scale > 0."))
        'Expected a positive number for scale. Received: -1.0. Pass scale > 0.'
    """

    def __init__(self, expected: str, received: object, hint: str, *, context: str = "") -> None:
        self.expected = expected
        self.received = received
        self.hint = hint
        self.context = context
        parts = [f"{context}.", f"Expected {expected}.", f"Received: {received!r}.", hint]
        super().__init__(" ".join(parts if context else parts[1:]))

    def within(self, context: str) -> Self:
        """Give the same error with what failed around it told first.

        Examples:
            >>> error = FanwiseError("a positive std", -1.0, "Pass std > 0.")
            >>> str(error.within("head/kernel cannot be set"))
            'head/kernel cannot be set. Expected a positive std. Received: -1.0. Pass std > 0.'
        """
        inner = f"{context}: {self.context}" if self.context else context
        return type(self)(self.expected, self.received, self.hint, context=inner)

    def __reduce__(self) -> tuple[object, ...]:
        parts = (self.expected, self.received, self.hint, self.context)
        return (_rebuild, (type(self), *parts))


def _rebuild(
    cls: type[FanwiseError], expected: str, received: object, hint: str, context: str
) -> FanwiseError:
    return cls(expected, received, hint, context=context)


class RepeatedStreamWarning(UserWarning):
    """Two weights hold the same numbers, since they were drawn from one seed and path."""


class Phrase(str):
    """A received value that is described rather than shown: its ``repr`` has no quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Advise on an unknown name: the nearest known one, then all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(str(word), names, n=1, cutoff=0.5)
    listed = f"Known: {', '.join(names)}."
    return f"Did you mean {near[0]!r}? {listed}" if near else listed
