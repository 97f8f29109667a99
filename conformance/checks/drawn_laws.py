"""The numbers of a law, as they are in a weight that was drawn from known words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.protocol import Draw
from fanwise.core.keys import stream_key
from fanwise.core.order import to_canonical
from fanwise.core.philox import words
from fanwise.core.quantile import into_window, normal_integer, window
from fanwise.core.values import uniform_integer
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import ConstantLaw, NormalLaw, TruncatedNormalLaw, UniformLaw
from fanwise.spec.truncation import truncated_moments


def drawn_numbers(stored: NDArray[Any], draw: Draw) -> dict[str, Any]:
    """Read a law off a float64 weight, of which the words are known.

    The elements lie on a line over the integers of SPEC.md, section 8, whose slope is the unit
    and whose height is the centre.

    Args:
        stored: the weight.
        draw: of the portable stream.

    Returns:
        ``kind``, ``mean``, ``std``; ``low`` and ``high`` of what is bounded; of a normal ``sigma``
        before the cut.

    Raises:
        FanwiseError: for a scheme whose elements are not drawn one by one.
    """
    law = draw.scheme.law(draw.shape, draw.axes)
    values = np.ravel(to_canonical(stored, draw.axes)).astype(np.float64)
    drawn = words(stream_key(draw.seed, draw.path), np.zeros(1, np.uint64), values.size)[0]
    match law:
        case ConstantLaw():
            low, high = float(values.min()), float(values.max())
            return {"kind": "constant", "mean": low, "std": 0.0, "low": low, "high": high}
        case UniformLaw():
            unit, centre = _line(uniform_integer(drawn.copy()), values)
            limit = unit * 2.0**24
            numbers = {"mean": centre, "std": limit / math.sqrt(3.0)}
            return {"kind": "uniform", **numbers, "low": centre - limit, "high": centre + limit}
        case NormalLaw():
            unit, centre = _line(normal_integer(drawn), values)
            sigma = unit * 2.0**28
            return {"kind": "normal", "mean": centre, "std": sigma, "sigma": sigma}
        case TruncatedNormalLaw(low=low, high=high):
            kept = into_window(drawn, *window(low, high))
            unit, centre = _line(normal_integer(kept), values)
            sigma = unit * 2.0**28
            mean, std = truncated_moments(low, high)
            return {
                "kind": "truncated_normal",
                "mean": centre + mean * sigma,
                "std": std * sigma,
                "sigma": sigma,
                "low": centre + low * sigma,
                "high": centre + high * sigma,
            }
    hint = "Give values, at or properties as its known answer."
    raise FanwiseError("a scheme of elements with a law", draw.scheme.name, hint)


def _line(integers: NDArray[Any], values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the slope and the height of the line that elements lie on, by its ends."""
    first, last = int(np.argmin(integers)), int(np.argmax(integers))
    run = float(integers[last]) - float(integers[first])
    if not run:
        hint = "Give a shape of more elements with its known answer."
        raise FanwiseError("two elements that differ", values.shape, hint)
    unit = float(values[last] - values[first]) / run
    off = np.abs(values - values[first] - (integers - float(integers[first])) * unit)
    if off.max(initial=0.0) > 1e-12 * np.abs(values).max(initial=0.0):
        return math.nan, math.nan
    return unit, float(values[first] - integers[first] * unit)
