"""Which streams are in use: two weights drawn from one seed and path hold the same numbers."""

from __future__ import annotations

import gc
import sys
import time
import warnings
import weakref
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, Final

from fanwise.spec.errors import RepeatedStreamWarning

#: A seed and a path, which together choose a stream.
Stream = tuple[int, str | None]
#: Where in its holder a weight lies: first and one past the last, in any unit.
Span = tuple[int, int]

#: Code of these is not where a user wrote what repeats a stream.
_FRAMEWORKS: Final = frozenset(
    {"fanwise", "torch", "keras", "tensorflow", "jax", "flax", "equinox", "haiku"}
)
_WHOLE: Final = (0, 1)
#: How long garbage is not looked for once there was none, in times that looking took.
_PAUSE: Final = 2


class StreamUses:
    """The streams of one framework that living weights were drawn from.

    Examples:
        >>> class Weight: ...
        >>> uses, query, key = StreamUses(), Weight(), Weight()
        >>> uses.note(0, None, query)
        >>> uses.note(0, None, query)  # drawn again: nothing is repeated
        >>> with warnings.catch_warnings(record=True) as caught:
        ...     warnings.simplefilter("always")
        ...     uses.note(0, None, key)
        >>> caught[0].category.__name__
        'RepeatedStreamWarning'
    """

    def __init__(self) -> None:
        self._uses: dict[Stream, tuple[weakref.ref[Any], Span]] = {}
        self._next_collection = 0.0

    def note(
        self,
        seed: int,
        path: str | None,
        holder: object,
        span: Span = _WHOLE,
        *,
        replaced: object = None,
        is_same: Callable[[Any], bool] | None = None,
    ) -> None:
        """Remember that a weight was drawn, and warn where another living one has its numbers.

        Args:
            seed, path: they chose the stream.
            holder: lives as long as the weight, at least; it is not kept alive.
            span: where in the holder the weight lies. Two of one holder are two weights if
                they have nothing in common.
            replaced: a holder whose place this one takes, where a weight cannot be drawn into
                the memory that it has.
            is_same: whether another holder has the same weight, so that nothing is repeated.
        """
        stream = (seed, path)
        repeated = self._is_repeated(stream, holder, span, replaced, is_same)
        if repeated and time.monotonic() >= self._next_collection and not _is_told(seed, path):
            # What only a circle of references holds is in use no more.
            start = time.monotonic()
            gc.collect()
            end = time.monotonic()
            repeated = self._is_repeated(stream, holder, span, replaced, is_same)
            if repeated:
                # Of a model that is built twice every weight is repeated; looking takes long.
                self._next_collection = end + _PAUSE * (end - start)
        if repeated:
            warn_at_user(_message(seed, path))
        elif self._uses.get(stream, (_nothing, _WHOLE))[0]() is not holder:
            forget = _Forget(self._uses, stream)
            self._uses[stream] = (weakref.ref(holder, forget), span)

    def _is_repeated(
        self,
        stream: Stream,
        holder: object,
        span: Span,
        replaced: object,
        is_same: Callable[[Any], bool] | None,
    ) -> bool:
        """Tell whether another weight has the stream."""
        reference, other_span = self._uses.get(stream, (_nothing, _WHOLE))
        other = reference()
        if other is None or other is replaced:
            return False
        if other is not holder:
            return is_same is None or not is_same(other)
        return span[0] >= other_span[1] or other_span[0] >= span[1]


def _nothing() -> None:
    """Stand for a reference to what is gone."""


class _Forget:
    """Drops the use of a stream once its holder is gone."""

    __slots__ = ("_stream", "_uses")

    def __init__(self, uses: dict[Stream, tuple[weakref.ref[Any], Span]], stream: Stream) -> None:
        self._uses, self._stream = uses, stream

    def __call__(self, reference: weakref.ref[Any]) -> None:
        use = self._uses.get(self._stream)
        if use is not None and use[0] is reference:
            del self._uses[self._stream]


def _message(seed: int, path: str | None) -> str:
    return (
        f"Two weights in use were drawn from the same stream ({described(seed, path)}), so they "
        "hold the same numbers. Give each weight a path= of its own, or set up the whole model at "
        "once with initialize(model, recipe, seed=...). If one replaces the other, as in a model "
        "that is built again, nothing is wrong."
    )


def _is_told(seed: int, path: str | None) -> bool:
    """Tell whether Python has shown the warning for this place, and so will not again."""
    frame = _user_frame()
    told = (_message(seed, path), RepeatedStreamWarning, frame.f_lineno)
    return told in frame.f_globals.get("__warningregistry__", {})


def described(seed: int, path: str | None) -> str:
    """Return a stream in words."""
    return f"seed={seed} without a path" if path is None else f"seed={seed}, path={path!r}"


def warn_at_user(message: str, category: type[Warning] = RepeatedStreamWarning) -> None:
    """Warn at the line of the caller's own code; Python shows it once for each of them."""
    frame = _user_frame()
    registry = frame.f_globals.setdefault("__warningregistry__", {})
    warnings.warn_explicit(
        message,
        category,
        frame.f_code.co_filename,
        frame.f_lineno,
        module=frame.f_globals.get("__name__"),
        registry=registry,
    )


def _user_frame() -> FrameType:
    """Return the innermost frame of the caller's own code."""
    return next(_frames_of_users(), sys._getframe(1))  # noqa: SLF001 (the documented way)


def _frames_of_users() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 (the documented way)
    while frame is not None:
        if frame.f_globals.get("__name__", "").partition(".")[0] not in _FRAMEWORKS:
            yield frame
        frame = frame.f_back
