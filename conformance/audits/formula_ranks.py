"""Where the elements of a random formula lie in its range: uniform ranks, if they are of it.

A formula that only rises, or only falls, with its random number is inverted in every place. What
was drawn by it has ranks that are uniform, whatever the formula; these are judged.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fanwise.core.formulas import formula_of, functions_of_arrays
from fanwise.spec.expressions import names_in
from fanwise.spec.formulas import sizes
from fanwise.spec.laws import StructuredLaw

Numbers = NDArray[np.float64]

#: The ranks that no word goes beyond.
_END: Final = 2.0**-25
#: Halvings of the range: beyond them the rank is closer than a judge of ranks can tell.
_HALVINGS: Final = 34
#: Ranks at which a formula has to rise, or fall, from one to the next.
_STEPS: Final = np.linspace(_END, 1 - _END, 17)
#: How far apart the slope of a formula is measured.
_APART: Final = 1e-4
#: NumPy's functions: quick, and none of those by which the core draws.
_FUNCTIONS: Final = functions_of_arrays(
    {
        "sqrt": (np.sqrt, 1),
        "exp": (np.exp, 1),
        "expm1": (np.expm1, 1),
        "log": (np.log, 1),
        "log2": (np.log2, 1),
        "log1p": (np.log1p, 1),
        "sin": (np.sin, 1),
        "cos": (np.cos, 1),
        "tanh": (np.tanh, 1),
        "logit": (special.logit, 1),
        "softplus_inverse": (lambda y: y + np.log(-np.expm1(-y)), 1),
        "abs": (np.abs, 1),
        "floor": (np.floor, 1),
        "ceil": (np.ceil, 1),
        "mod": (np.mod, 2),
        "min": (lambda *given: np.minimum.reduce(np.broadcast_arrays(*given)), None),
        "max": (lambda *given: np.maximum.reduce(np.broadcast_arrays(*given)), None),
    },
    np.power,
)


class FormulaRange:
    """The range of a random formula in every place of a weight.

    Args:
        law: of the formula.
    """

    def __init__(self, law: StructuredLaw) -> None:
        self._law = law
        self._is_normal = "z" in names_in(law.text)
        values = np.stack([self.at(np.full((1, 1, 1), rank)) for rank in _STEPS])
        rises = np.diff(values, axis=0)
        #: Whether every element only rises, or only falls, from one step to the next.
        self.is_monotone = bool(((rises >= 0).all(0) | (rises <= 0).all(0)).all())
        self.first, self.last = values[0], values[-1]

    @property
    def is_drawn(self) -> NDArray[np.bool_]:
        """The elements that depend on the random number at all."""
        return np.asarray(self.first != self.last)

    def at(self, ranks: Numbers) -> Numbers:
        """Return the weight whose elements have these ranks."""
        number = special.ndtri(ranks) if self._is_normal else ranks
        return formula_of(self._law, {"z" if self._is_normal else "u": number}, _FUNCTIONS)

    def ranks(self, values: Numbers) -> Numbers:
        """Return the rank of every element, as a share of its range; beyond its ends one of them.

        Args:
            values: (batches, rows, columns).
        """
        rising = self.last > self.first
        low, high = np.full(values.shape, _END), np.full(values.shape, 1 - _END)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            below = (self.at(middle) < values) == rising
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        ranks: Numbers = (low + high) / 2
        return ranks

    def blur(self, ranks: Numbers, rounding: Numbers) -> Numbers:
        """Return how far a rank may be off, where an element is by so much."""
        after, before = np.minimum(ranks + _APART, 1 - _END), np.maximum(ranks - _APART, _END)
        slope = np.abs(self.at(after) - self.at(before)) / (after - before)
        blur: Numbers = np.full(ranks.shape, np.inf)
        np.divide(rounding, slope, out=blur, where=slope > 0)
        return blur


def as_matrices(canonical: NDArray[Any], law: StructuredLaw) -> Numbers:
    """Return a weight in canonical order as (batches, rows, columns)."""
    return canonical.reshape(sizes(law.layout)).astype(np.float64)
