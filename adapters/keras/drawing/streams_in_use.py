"""The streams that living variables were drawn from, with a warning for two of one."""

from __future__ import annotations

import re
import sys
import warnings
import weakref
from functools import partial
from types import FrameType
from typing import Any, Final

from fanwise.adapters.repeated_streams import StreamUses
from fanwise.spec.errors import RepeatedStreamWarning
from fanwise.spec.laws import Law, is_random

#: The method in which Keras calls an initializer for a variable, on every backend.
_DRAWS_VARIABLE: Final = "_initialize_with_initializer"
#: That in which it does so for variables that were made while it inferred shapes.
_DRAWS_LATER: Final = "initialize_all_variables"
#: What makes a model from another one, or from its file: it has the same weights on purpose.
_COPIES: Final = ("keras.src.saving", "keras.src.models.cloning")

_uses: Final = StreamUses()
#: The variable that an initializer has drawn last.
_last_drawn: Final[weakref.WeakKeyDictionary[Any, weakref.ref[Any]]] = weakref.WeakKeyDictionary()


def note_stream(
    law: Law,
    seed: Any,
    path: str | None,
    variable: Any = None,
    *,
    is_path_given: bool,
    initializer: Any = None,
) -> None:
    """Remember a variable's stream; warn where another living one was drawn from it.

    The same weight of two models that are built alike is no other one: that of the same name in
    Keras, and where a path was given, of the same but for the numbers that Keras puts in it.

    Args:
        law: what is drawn; a constant has no stream.
        seed, path: they choose the stream. A generator gives each weight a seed of its own.
        variable: what is drawn; None for the one for which Keras is calling an initializer.
            Where it is calling for none, nothing is remembered: the tensor is the caller's.
        is_path_given: whether the caller has chosen the path.
        initializer: what draws, where it may draw another variable too.

    Warns:
        RepeatedStreamWarning: at the line of the caller's own code.
    """
    if type(seed) is not int or not is_random(law):
        return
    raises = True
    if variable is None:
        variable, raises = _variable_being_made()
    if variable is None:
        return
    known = None if initializer is None else _last_drawn.get(initializer)
    is_same = partial(
        _is_counterpart,
        variable,
        is_path_given=is_path_given,
        last=None if known is None else known(),
    )
    note = partial(_uses.note, seed, path, variable, is_same=is_same)
    if raises:
        note()
    else:
        _note_without_raising(note)
    if initializer is not None:
        _last_drawn[initializer] = weakref.ref(variable)


def _variable_being_made() -> tuple[Any, bool]:
    """Return the variable whose initializer is running, and whether Keras bears an error there.

    It is None where there is none, and where the variable is one of a copy. Keras does not tell
    an initializer, but a caller up the stack has it.
    """
    variable, bears_errors = None, True
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 (the documented way)
    while frame is not None:
        name = frame.f_code.co_name
        if variable is None and name == _DRAWS_VARIABLE:
            variable = frame.f_locals.get("self")
        elif variable is not None and frame.f_globals.get("__name__", "").startswith(_COPIES):
            return None, True
        elif name == _DRAWS_LATER:
            bears_errors = False
        frame = frame.f_back
    return variable, bears_errors


def _note_without_raising(note: Any) -> None:
    """Show the warning, where the caller would have it raised.

    An error here would leave Keras with a list of variables that it never gets through again.
    """
    try:
        note()
    except RepeatedStreamWarning:
        with warnings.catch_warnings():
            warnings.simplefilter("always", RepeatedStreamWarning)
            note()


def _is_counterpart(variable: Any, other: Any, *, is_path_given: bool, last: Any) -> bool:
    """Tell whether another variable has the place of this one, in a model that is built alike.

    Two that one initializer has drawn under one path need not be of two models.
    """
    if variable.path == other.path:
        return True
    return is_path_given and other is not last and _unnumbered(variable) == _unnumbered(other)


def _unnumbered(variable: Any) -> str:
    """Return the name of a variable without the numbers that Keras counts by process."""
    return re.sub(r"_\d+(?=/|$)", "", variable.path)
