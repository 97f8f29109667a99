"""What the weights of a model hold now, for reports: a sample of each is looked at."""

from __future__ import annotations

import numpy as np

from fanwise.adapters.keras.drawing.transfer import host_values, is_whole_here
from fanwise.adapters.keras.layers.variable_weights import VariableWeight
from fanwise.adapters.observed_values import observed_values, sample_step
from fanwise.adapters.recipe_forms import get
from fanwise.spec.problems import Holding


def holding_of(stored: VariableWeight) -> Holding:
    """Say what a weight holds; nothing of other than real numbers, or of a part of it."""
    if not all(map(is_whole_here, stored.variables.values())):
        return Holding("")
    values = {name: host_values(variable) for name, variable in stored.variables.items()}
    held = get(values, stored.description)
    if held.dtype.kind not in "fV":  # bfloat16 is of no kind that NumPy knows
        return Holding("")
    flat = np.ascontiguousarray(held).reshape(-1)
    return observed_values(flat[:: sample_step(flat.size)])
