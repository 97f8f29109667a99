"""What is said of a file that cannot be read: expected, received, what to do."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from fanwise.spec.errors import FanwiseError, Phrase, printable

#: How much of a name that a file gives is shown.
_LONGEST_NAME = 120


def quoted(name: object) -> str:
    r"""Quote a name that a file gives, so that no terminal obeys it.

    Examples:
        >>> quoted("a\x1b[2J")
        "'a\\x1b[2J'"
    """
    text = printable(str(name)[: _LONGEST_NAME + 1])
    return f"'{text[:_LONGEST_NAME]}{'…' if len(text) > _LONGEST_NAME else ''}'"


def broken(expected: str, received: str, hint: str = "") -> FanwiseError:
    """Make the error of a file that is not what it should be.

    Args:
        expected: what would have been accepted.
        received: what the file holds, in words.
        hint: what to do; by default, to fetch or write the file again.
    """
    advice = hint or "The file is cut off or damaged: fetch it, or write it, again."
    return FanwiseError(expected, Phrase(received), advice)


@contextlib.contextmanager
def explained(path: Path, form: str) -> Iterator[None]:
    """Turn whatever a reader raises over a file into an error that says what to do.

    Args:
        path: of the file.
        form: what it is read as, ``"a safetensors file"``.

    Raises:
        FanwiseError: in the place of everything but an interrupt.
    """
    context = f"{quoted(path)} cannot be read as {form}"
    try:
        yield
    except FanwiseError as error:
        raise error.within(context) from None
    except Exception as error:
        reason = f"{type(error).__name__}: {printable(str(error))}"
        raise broken(form, reason).within(context) from error
