"""Which scheme a weight was set by: known as long as it has the values that were drawn."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from fanwise.adapters.recipe_forms import Array
from fanwise.core.moments import Moments, moments
from fanwise.spec.plan import Planned


@dataclass(frozen=True)
class Record:
    """How a weight was set.

    Attributes:
        planned: the weight, with what it was drawn from.
        moments: of what was drawn, which any step of training changes.
    """

    planned: Planned
    moments: Moments


# Beside the variables rather than on them, where saving would find it. Keras's variables
# compare their values, so they are no keys; each record goes when its variable does.
_records: Final[dict[tuple[int, str], tuple[weakref.ref[Any], Record]]] = {}


def record(variable: Any, path: str, planned: Planned, moments: Moments) -> None:
    """Remember what a variable now holds, under the path of the weight below its layer."""
    key = (id(variable), path)
    alive = weakref.ref(variable, lambda _: _records.pop(key, None))
    _records[key] = (alive, Record(planned, moments))


def recall(variable: Any, path: str, moments: Moments) -> Record | None:
    """Return how a weight was set; None if it was not, or has other values by now."""
    alive, known = _records.get((id(variable), path), (None, None))
    if alive is None or known is None or alive() is not variable:
        return None
    return known if known.moments == moments else None


def moments_of(values: Array) -> Moments:
    """Compute the moments of a weight; bfloat16 may be its bits."""
    # In one order of the elements, since another would give other digits.
    return moments([np.ascontiguousarray(values)])
