"""The one exception of Fanwise, and its warnings."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Self

#: What a received value is cut to, and a list of known names.
_LONGEST: Final = 500
_LONGEST_LIST: Final = 2000
#: How many names of one family are suggested together.
_FAMILY: Final = 4
#: How alike a word must be to a name: for a slip of the fingers, and to be suggested at all.
_MISTYPED: Final = 0.8
_ALIKE: Final = 0.6


class FanwiseError(ValueError):
    """Bad input: says what was expected, what was received, and what to do.

    Args:
        expected: what would have been accepted, without a final full stop.
        received: the offending value; its ``repr`` is shown (a string that is
            already a phrase can be wrapped in :class:`Phrase`).
        hint: a sentence that says how to put it right.
        context: what failed, where that is not plain; the first sentence of the message.
        problems: where several things are wrong, each as data
            (:class:`fanwise.spec.problems.Problem`).

    Examples:
        >>> str(FanwiseError("a positive number for scale", -1.0, "Pass scale > 0."))
        'Expected a positive number for scale. Received: -1.0. Pass scale > 0.'
    """

    def __init__(
        self,
        expected: str,
        received: object,
        hint: str,
        *,
        context: str = "",
        problems: tuple[Any, ...] = (),
    ) -> None:
        self.expected = expected
        self.received = received
        self.hint = hint
        self.context = context
        self.problems = problems
        parts = [
            f"{_cut(context, _LONGEST_LIST)}.",
            f"Expected {_cut(expected, _LONGEST_LIST)}.",
            f"Received: {short_repr(received)}.",
            hint,
        ]
        lines = " ".join(parts if context else parts[1:]).split("\n")
        # Names may be from anyone's file: only the line feeds of reports reach a terminal.
        super().__init__("\n".join(map(printable, lines)))

    def within(self, context: str) -> Self:
        """Return the same error, with what failed around it said first.

        Examples:
            >>> error = FanwiseError("a positive std", -1.0, "Pass std > 0.")
            >>> str(error.within("head/kernel cannot be set"))
            'head/kernel cannot be set. Expected a positive std. Received: -1.0. Pass std > 0.'
        """
        inner = f"{context}: {self.context}" if self.context else context
        return type(self)(
            self.expected, self.received, self.hint, context=inner, problems=self.problems
        )

    def __reduce__(self) -> tuple[object, ...]:
        parts = (self.expected, self.received, self.hint, self.context, self.problems)
        return (_rebuild, (type(self), *parts))


def _rebuild(
    cls: type[FanwiseError],
    expected: str,
    received: object,
    hint: str,
    context: str,
    problems: tuple[Any, ...],
) -> FanwiseError:
    return cls(expected, received, hint, context=context, problems=problems)


class RepeatedStreamWarning(UserWarning):
    """Two weights hold the same numbers, since they were drawn from one seed and path.

    Give each weight a ``path=`` of its own, or a whole model to ``initialize``.

    Examples:
        A program that must not go on is told by an error:

        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("error", RepeatedStreamWarning)
    """


class UnsetBufferWarning(UserWarning):
    """A model was initialized whose buffers hold what lay in their memory before.

    Or weights that the recipe leaves as they are; the warning says which of both, and names them.
    It comes of a model that was built on the meta device, and given memory by ``to_empty``.

    Examples:
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("error", UnsetBufferWarning)
    """


class UnresolvedWeightWarning(UserWarning):
    """A model was captured some of whose weights start in no way that a recipe can say.

    The recipe keeps them, and the warning names them.

    Examples:
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("error", UnresolvedWeightWarning)
    """


class UnrepeatableFactoryWarning(UserWarning):
    """A model was captured whose factory gives two models under one seed.

    Something in it draws what no seed of its framework, NumPy or Python tells.

    Examples:
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("error", UnrepeatableFactoryWarning)
    """


class UnsoundStartWarning(UserWarning):
    """A model was captured whose own code draws with a fault that an audit of it tells.

    Its laws are those of the recipe; two of its weights may hold the same numbers, say.

    Examples:
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("error", UnsoundStartWarning)
    """


class Phrase(str):
    """A received value that is described rather than shown: its ``repr`` has no quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def did_you_mean(
    word: object,
    known: Iterable[str],
    synonyms: Mapping[str, str] | None = None,
    *,
    listed: str = "",
) -> str:
    """Advise on an unknown name: the nearest known ones, then all of them.

    Args:
        word: what was given.
        known: all names that would do.
        synonyms: what others call some of them.
        listed: a sentence on where all of them are, for too many to name.

    Examples:
        >>> did_you_mean("HeNormal", ["he_normal", "normal"])
        "Did you mean 'he_normal'? Known: he_normal, normal."
    """
    names = sorted(filter(None, known))
    if not names:
        return "There is none to choose from."
    near = _nearest(word, names, synonyms or {}) if isinstance(word, str) else []
    listed = listed or f"Known: {_cut(', '.join(names), _LONGEST_LIST)}."
    meant = " or ".join(_cut(repr(name), _LONGEST) for name in near)
    return f"Did you mean {meant}? {listed}" if near else listed


def _nearest(word: str, names: Sequence[str], synonyms: Mapping[str, str]) -> list[str]:
    """Find the names that a word stands for: in another spelling, a part of it, or mistyped."""
    by_letters: dict[str, list[str]] = {}
    for name in names:
        by_letters.setdefault(letters_of(name), []).append(name)
    if len(word) > _LONGEST:
        return []
    wanted = letters_of(word)
    if wanted in by_letters:
        return by_letters[wanted]
    for other, name in synonyms.items():
        if wanted == letters_of(other) and name in names:
            return [name]
    family = [name for name in names if len(wanted) > 1 and letters_of(name).startswith(wanted)]
    if 0 < len(family) <= _FAMILY:
        return family
    within = [letters for letters in by_letters if letters and wanted.endswith(letters)]
    mistyped = difflib.get_close_matches(wanted, by_letters, n=1, cutoff=_MISTYPED)
    alike = difflib.get_close_matches(wanted, by_letters, n=1, cutoff=_ALIKE)
    nearest = next(iter([*mistyped, *sorted(within, key=len)[-1:], *alike]), None)
    return [] if nearest is None else by_letters[nearest]


def letters_of(name: str) -> str:
    """Return a name without case and separators, in which styles of writing differ.

    Examples:
        >>> letters_of("LeakyReLU") == letters_of("leaky_relu")
        True
    """
    return "".join(filter(str.isalnum, name)).casefold()


def printable(text: str) -> str:
    r"""Write what a terminal would obey, or not show, as its escape.

    Examples:
        >>> print(printable("a\x1b[2Jb"))
        a\x1b[2Jb
    """
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )


def short_repr(received: object) -> str:
    """Return the repr of a value, of which a long one is cut, and one that raises is none.

    Examples:
        >>> short_repr("normal"), len(short_repr("x" * 10_000))
        ("'normal'", 501)
    """
    try:
        text = repr(received)
    except Exception as error:  # noqa: BLE001 - an error must not fail on what it is about
        return f"a {type(received).__name__} whose repr raises {type(error).__name__}"
    return _cut(text, _LONGEST)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
