"""Code that is not Fanwise's, run: whatever it raises becomes a FanwiseError."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fanwise.spec.errors import FanwiseError, Phrase


@contextmanager
def foreign_code(expected: str, hint: str, *, context: str = "") -> Iterator[None]:
    """Turn what a user's class or function raises into a FanwiseError that names it.

    Args:
        expected, hint, context: of the error.

    Raises:
        FanwiseError: with what was raised as its cause.

    Examples:
        >>> with foreign_code("a function that runs", "Correct it."):
        ...     1 / 0
        Traceback (most recent call last):
            ...
        fanwise.spec.errors.FanwiseError: Expected a function that runs. Received: \
ZeroDivisionError: division by zero. Correct it.
    """
    try:
        yield
    except FanwiseError:
        raise
    except Exception as error:
        received = Phrase(f"{type(error).__name__}: {error}")
        raise FanwiseError(expected, received, hint, context=context) from error
