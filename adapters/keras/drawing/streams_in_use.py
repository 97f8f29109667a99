"""The streams that living variables were drawn from, with a warning for two of one."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any, Final

from fanwise.adapters.repeated_streams import StreamUses
from fanwise.spec.laws import Law, is_random

#: The method in which Keras calls an initializer for a variable, on every backend.
_DRAWS_VARIABLE: Final = "_initialize_with_initializer"
#: What loads a model gives its variables the values that were saved.
_LOADS: Final = "keras.src.saving"

_uses: Final = StreamUses()


def note_stream(law: Law, seed: Any, path: str | None, variable: Any = None) -> None:
    """Remember a variable's stream; warn where another living one was drawn from it.

    Args:
        law: what is drawn; a constant has no stream.
        seed, path: they choose the stream. A generator gives each weight a seed of its own.
        variable: what is drawn; None for the one for which Keras is calling an initializer.
            Where it is calling for none, nothing is remembered: the tensor is the caller's.

    Warns:
        RepeatedStreamWarning: at the line of the caller's own code.
    """
    if type(seed) is not int or not is_random(law):
        return
    holder = _variable_being_made() if variable is None else variable
    if holder is not None:
        # Keras may call more than once for one variable, as in a function that is retraced.
        _uses.note(seed, path, holder)


def _variable_being_made() -> Any:
    """Return the variable whose initializer is running; None for none, and for one that is loaded.

    Keras does not tell an initializer, but a caller up the stack has it.
    """
    variable = None
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 (the documented way)
    while frame is not None:
        if variable is None and frame.f_code.co_name == _DRAWS_VARIABLE:
            variable = frame.f_locals.get("self")
        elif variable is not None and frame.f_globals.get("__name__", "").startswith(_LOADS):
            return None
        frame = frame.f_back
    return variable
