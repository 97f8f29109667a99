"""Faults of a part of a weight: the rest of it is right."""

from __future__ import annotations

from typing import Final

import numpy as np

from fanwise.conformance.audits.known_faults.bit_patterns import Floats, along
from fanwise.conformance.audits.known_faults.deviating_weight import (
    CONFIRMED,
    DeviatingWeight,
    KnownFault,
)

#: Beyond this share of it, it is not a part that differs, but the weight.
_MOST: Final = 0.98


def one_value(deviating: DeviatingWeight) -> KnownFault | None:
    """Recognize a weight that holds one value, or none that is finite, where it differs."""
    kind = _kind(deviating.values[deviating.differs])
    if not kind:
        return None
    if deviating.differing > _MOST * deviating.size:
        return KnownFault(_NAMES[kind][1], _NOTES[kind])
    return KnownFault(_NAMES[kind][0], f"{_NOTES[kind]} {_extent(deviating)}")


def overwritten_part(deviating: DeviatingWeight) -> KnownFault | None:
    """Recognize a weight of which a part alone differs."""
    if deviating.differing > _MOST * deviating.size:
        return None
    return KnownFault("a part overwritten", _extent(deviating))


#: What a part that differs is called, and a weight that differs throughout.
_NAMES: Final = {
    "zeros": ("a part of zeros", "all zeros"),
    "ones": ("a part of ones", "all ones"),
    "one value": ("a part of one value", "all of one value"),
    "not finite": ("a part not finite", "not finite"),
}
_NOTES: Final = {
    "zeros": "Nothing was written there, or it is the shard of another process.",
    "ones": "They are 1, as a gain that was set by mistake.",
    "one value": "They hold one value, as what a constant was written over.",
    "not finite": "There are infinities or NaN.",
}


def _kind(values: Floats) -> str:
    """Tell what values have in common."""
    if values.size == 0:
        return ""
    if not np.isfinite(values).all():
        return "not finite"
    if (values == values[0]).all() and (values.size > 1 or values[0] in (0.0, 1.0)):
        return {0.0: "zeros", 1.0: "ones"}.get(float(values[0]), "one value")
    return ""


def _extent(deviating: DeviatingWeight) -> str:
    """Say where the elements lie that differ: slices of an axis, or from where to where."""
    shape = deviating.draw.shape
    for axis, size in enumerate(shape):
        where = along(shape, axis, deviating.first, CONFIRMED)
        differs = deviating.bits(where) != deviating.draw.bits(deviating.dtype, where)
        others = tuple(other for other in range(len(shape)) if other != axis)
        share = np.asarray(differs.mean(axis=others))
        places = np.flatnonzero(share)
        first, last = int(places[0]), int(places[-1])
        whole = (share[first : last + 1] > _MOST).all()
        if len(places) < size and last - first + 1 == len(places) and whole:
            return f"It is all of {first} to {last} on axis {axis}."
    return f"The last of them is at {list(deviating.last)}."
