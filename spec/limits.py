"""The elementwise laws that there are: within what float32 and the stream can do, else an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import ConstantLaw, ElementLaw, NormalLaw, TruncatedNormalLaw, UniformLaw
from fanwise.spec.truncation import truncated_mass, truncated_moments

#: The scale of a weight, so that no intermediate of the stream is subnormal or infinite.
SMALLEST_SCALE: Final = 2.0**-90
LARGEST_SCALE: Final = 2.0**90
#: The largest float32: what every element of a weight stays below.
LARGEST_VALUE: Final = (2.0 - 2.0**-23) * 2.0**127
#: A cut that keeps less than this probability has too few words left (2**20 of 2**32).
SMALLEST_MASS: Final = 2.0**-12


def constant_law(value: float) -> ElementLaw:
    """Make the law of one value."""
    check_value(value)
    return ConstantLaw(value)


def uniform_law(low: float, high: float) -> ElementLaw:
    """Make a uniform law; between two equal ends it is a constant."""
    if low == high:
        return constant_law(low)
    check_scale((high - low) / 2)
    check_value(low)
    check_value(high)
    return UniformLaw(low, high)


def normal_law(kind: str, std: float, options: Mapping[str, Any]) -> ElementLaw:
    """Make a normal law, whole or cut; without spread it is a constant.

    Args:
        kind: ``"normal"`` or ``"truncated_normal"``.
        std: of the weights, or where ``corrected`` is false of the normal before the cut.
        options: what else the catalogue says: ``mean``, and of a cut ``low``, ``high`` and
            ``corrected``.
    """
    mean = float(options.get("mean", 0.0))
    if std == 0.0:
        return constant_law(mean)
    check_value(mean)
    if kind == "normal":
        check_scale(std)
        return NormalLaw(mean, std)
    low, high = options["low"], options["high"]
    correction = truncated_moments(low, high)[1] if options["corrected"] else 1.0
    check_scale(std / correction)
    return TruncatedNormalLaw(mean, std / correction, low, high)


def check_scale(scale: float) -> None:
    """Raise for a scale that float32 cannot hold with room to spare."""
    if not SMALLEST_SCALE <= scale <= LARGEST_SCALE:
        hint = "Choose a scale that float32 can hold with room to spare."
        raise FanwiseError("a scale between 2**-90 and 2**90", scale, hint)


def check_value(value: float) -> None:
    """Raise for a value that float32 cannot hold."""
    if abs(value) > LARGEST_VALUE:
        hint = "Choose a value that float32 can hold."
        raise FanwiseError(f"a value of at most {LARGEST_VALUE:g} in magnitude", value, hint)


def check_window(low: float, high: float) -> None:
    """Raise for a cut that leaves too little of the normal."""
    if truncated_mass(low, high) < SMALLEST_MASS:
        raise FanwiseError(
            "bounds that keep at least 2**-12 of the normal",
            (low, high),
            "Move the bounds, in standard deviations, towards 0, or apart.",
        )
