"""What a weight of a model holds: some of its values, and whether they are one, or computed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from fanwise.adapters.jax.drawing.dtypes import is_complex
from fanwise.adapters.jax.layers.collection import ArrayWeight
from fanwise.adapters.jax.layers.samples import Values
from fanwise.adapters.jax.layers.variables import is_quantized, near_array, sampled
from fanwise.adapters.observed_values import is_formula
from fanwise.spec.roles import FAN_ROLES

#: Fewer values in their order may be anything.
_SOME: Final = 8
_AXES_OF_A_MATRIX: Final = 2


def values_held(stored: ArrayWeight, values: Mapping[int, Any]) -> Values | None:
    """Return some of the values of a weight, from all over it; None where there are none."""
    parts = []
    for key, block in stored.blocks:
        value = values.get(key)
        if value is None or not getattr(value, "is_fully_addressable", True):
            return None
        if is_quantized(value.dtype) or is_complex(value.dtype):
            return None
        parts.append(sampled(value, block.at).astype(np.float64))
    return np.concatenate(parts)


def matrix_held(stored: ArrayWeight, values: Mapping[int, Any]) -> Any:
    """Return a weight that is one whole matrix, in the form of its array; None for any other."""
    (key, block), *others = stored.blocks
    value = values.get(key)
    if others or value is None or len(stored.weight.shape) != _AXES_OF_A_MATRIX:
        return None
    if not getattr(value, "is_fully_addressable", True) or is_quantized(value.dtype):
        return None
    near = near_array(value)
    matrix = near[block.at] if block.at else near
    return (
        matrix.reshape(stored.weight.shape)
        if matrix.size == math.prod(stored.weight.shape)
        else None
    )


def constant_held(
    stored: ArrayWeight, held: Values | None, values: Mapping[int, Any]
) -> float | None:
    """Return the one value that a weight holds throughout; None where there are several, or none.

    Of one element nothing can be told, unless it is a parameter by itself.
    """
    if held is None or not held.size or not _is_one(held, held[0]):
        return None
    whole = (values[key][block.at] if block.at else values[key] for key, block in stored.blocks)
    if not all(_is_one(np.asarray(part), held[0]) for part in whole):
        return None
    is_alone = stored.weight.role not in FAN_ROLES
    return float(held[0]) if held.size > 1 or is_alone else None


def _is_one(values: Any, value: Any) -> bool:
    return bool((values == value).all())


def is_computed(values: Values) -> bool:
    """Tell whether values are those of a formula, of a mask, or of numbers that count."""
    if not np.isfinite(values).all():
        return not np.isnan(values).any()
    whole = bool((values == np.round(values)).all())
    return whole or (values.size >= _SOME and is_formula(values))
