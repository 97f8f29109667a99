"""What the weights of a model hold now, for reports: a sample of each is looked at."""

from __future__ import annotations

from typing import Final

import numpy as np

from fanwise.adapters.keras.drawing.storage import get
from fanwise.adapters.keras.drawing.transfer import host_values
from fanwise.adapters.keras.layers.variable_weights import VariableWeight
from fanwise.adapters.observed_values import observed_values
from fanwise.spec.problems import Holding

#: How many values tell a law; every so-many-th one of a larger weight is looked at.
_SAMPLE: Final = 1 << 15


def holding_of(stored: VariableWeight) -> Holding:
    """Say what a weight holds; nothing of what does not hold real numbers."""
    values = {name: host_values(variable) for name, variable in stored.variables.items()}
    held = get(values, stored.description)
    if held.dtype.kind not in "fV":  # bfloat16 is of no kind that NumPy knows
        return Holding("")
    flat = np.ascontiguousarray(held).reshape(-1)
    # An odd step, which is of no size that axes usually have.
    return observed_values(flat[:: max(1, flat.size // _SAMPLE) | 1])
