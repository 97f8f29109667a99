"""What only the layers of a model tell of a weight, where a file has its name alone."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import numpy as np

from fanwise.adapters.observed_values import is_formula
from fanwise.adapters.stored_weights import BLOCK, StoredWeight
from fanwise.conformance.audits.results import FAILS, UNDECIDED, AuditRow
from fanwise.spec.weights import Weight

FORMULA: Final = (
    "It holds a formula, which its layer may compute, and not draw. Pass model=, which says so."
)
_ONE_PLUS: Final = (
    "All are zero: the layer may add 1 to it, which its name does not say. Pass model=."
)
_POSITIONS: Final = re.compile("pos", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?:^|/)\d+/")


def doubted(row: AuditRow, stored: StoredWeight) -> AuditRow:
    """Return a row about a constant, undecided where a weight may be the gain of a norm less 1."""
    weight = stored.weight
    is_gain = bool(weight.guess) or weight.kind.startswith("norm")
    if row.outcome != FAILS or len(weight.shape) != 1 or not is_gain or stored.values().any():
        return row
    return replace(row, outcome=UNDECIDED, note=f"{row.note} {_ONE_PLUS}")


def may_be_padded(weight: Weight) -> bool:
    """Tell whether a weight may be a table, be it under the name of the head that it is."""
    if weight.role == "embedding":
        return True
    is_matrix = weight.role == "kernel" and len(weight.shape) == 2
    return is_matrix and weight.shape[0] > weight.shape[1] and not _NUMBER.search(weight.path)


def is_table_of_positions(stored: StoredWeight) -> bool:
    """Tell whether a weight holds a formula, such as sines, and its name says positions."""
    if not _POSITIONS.search(stored.weight.path) or stored.size > BLOCK:
        return False
    values = stored.values().astype(np.float64).ravel()
    return bool(np.isfinite(values).all() and np.ptp(values) > 0 and is_formula(values))
