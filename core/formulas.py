"""Formulas: weights whose elements are worked out of their places and their words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import numpy as np

from fanwise.core.draws import Reals, StreamDraws, normals_of, uniforms_of
from fanwise.core.elementary import FUNCTIONS, power
from fanwise.core.philox import Words
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.expressions import Comparison, Functions, evaluate, names_in
from fanwise.spec.formulas import sizes
from fanwise.spec.laws import StructuredLaw


def _where(
    comparison: Comparison,
    left: Reals,
    right: Reals,
    held: Callable[[], Reals],
    otherwise: Callable[[], Reals],
) -> Reals:
    """Choose between values; where a number that is compared has none, neither is chosen."""
    chosen = np.where(comparison(left, right), held(), otherwise())
    return np.where(np.isnan(left) | np.isnan(right), np.nan, chosen)


def _checked(numbers: Any) -> Reals:
    """Make NaN of infinities, so that what has no value spreads to the elements that need it."""
    reals = np.asarray(numbers, np.float64)
    finite = np.isfinite(reals)
    return reals if finite.all() else np.where(finite, reals, np.nan)


def functions_of_arrays(
    named: Mapping[str, tuple[Callable[..., Any], int | None]], power: Callable[[Any, Any], Any]
) -> Functions:
    """Return functions by which formulas are worked out.

    Args:
        named: each with the number of its arguments, None for one or more.
        power: of a base and an exponent.
    """
    return Functions(named, power, _where, _checked)


_OF_ARRAYS: Final = functions_of_arrays(FUNCTIONS, power)
#: Words whose numbers are the least and the largest, and some between.
_SOME: Final = np.array([0, 1 << 20, 1 << 30, 1 << 31, 3 << 30, 0xFFF00000, 0xFFFFFFFF], np.uint32)


def make_formula(law: StructuredLaw, draws: StreamDraws) -> Reals:
    """Return the whole weight, in canonical order.

    Raises:
        FanwiseError: for an element that is not a finite number.
    """
    shape = sizes(law.layout)
    stream = draws.shared if law.members else draws
    values = _values(law, _numbers(law, stream.words(shape)) if law.random else {})
    return np.broadcast_to(values, shape).reshape(law.layout.canonical)


@lru_cache(maxsize=1024)
def largest_of_formula(law: StructuredLaw) -> float:
    """Return the largest magnitude of an element, by the words at the ends and some between.

    Raises:
        FanwiseError: for an element that is not a finite number.
    """
    if law.layout.size == 0:
        return 0.0
    if not law.random:
        return float(np.abs(_values(law, {})).max())
    words = _SOME.reshape(-1, 1, 1, 1)
    return max(float(np.abs(_values(law, _numbers(law, word))).max()) for word in words)


def formula_of(
    law: StructuredLaw, drawn: Mapping[str, Any], functions: Functions = _OF_ARRAYS
) -> Reals:
    """Work a formula out for given numbers ``u`` or ``z``: a whole weight.

    Args:
        law: of the formula.
        drawn: by its name, the number at all places, or one for each of (batches, rows, columns).
        functions: what the functions are; those by which weights are drawn are rounded correctly,
            others are quicker.
    """
    return np.broadcast_to(_values(law, drawn, functions), sizes(law.layout))


def _numbers(law: StructuredLaw, word: Words) -> dict[str, Reals]:
    """Return what a formula names of its words."""
    named = names_in(law.text)
    made = {"u": uniforms_of, "z": normals_of}
    return {name: of_words(word) for name, of_words in made.items() if name in named}


def _values(
    law: StructuredLaw, drawn: Mapping[str, Any], functions: Functions = _OF_ARRAYS
) -> Reals:
    batches, rows, columns = sizes(law.layout)
    names: dict[str, Any] = {
        "batch": np.arange(batches, dtype=np.float64)[:, None, None],
        "row": np.arange(rows, dtype=np.float64)[:, None],
        "column": np.arange(columns, dtype=np.float64),
        "batches": float(batches),
        "rows": float(rows),
        "columns": float(columns),
        "pi": math.pi,
    }
    for name, given in law.options:
        names[name] = _along_columns(name, given, law) if isinstance(given, tuple) else given
    names |= drawn
    try:
        with np.errstate(all="ignore"):
            named = {name: np.asarray(numbers, np.float64) for name, numbers in names.items()}
            values = np.asarray(evaluate(law.text, named, functions), np.float64)
    except (ArithmeticError, ValueError) as error:
        raise _not_finite(law, Phrase(f"{error}")) from error
    if not np.isfinite(values).all():
        raise _not_finite(law, Phrase("elements that have no value, or too large a one"))
    return values


def _along_columns(name: str, given: tuple[Any, ...], law: StructuredLaw) -> Reals:
    vector = np.array(given, np.float64)
    columns = sizes(law.layout)[2]
    if vector.shape != (columns,):
        hint = f"Pass as many numbers in {name} as the weight has outputs."
        raise FanwiseError(f"{columns} numbers as {name}", Phrase(f"{vector.shape}"), hint)
    return vector


def _not_finite(law: StructuredLaw, received: Phrase) -> FanwiseError:
    given = ", ".join(f"{name} = {number!r}" for name, number in law.options)
    hint = f"Check the parameters{f' ({given})' if given else ''} and the shape."
    shape = law.layout.shape
    return FanwiseError(f"finite elements of {law.text!r} on the shape {shape}", received, hint)
