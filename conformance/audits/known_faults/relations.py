"""Faults of the law, or of what came after it: the right stream, and other numbers from it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fanwise.conformance.audits.known_faults.bit_patterns import Floats, StreamDraw, numbers
from fanwise.conformance.audits.known_faults.deviating_weight import DeviatingWeight, KnownFault
from fanwise.spec.laws import Law, NormalLaw, TruncatedNormalLaw, UniformLaw, is_random
from fanwise.spec.truncation import truncated_moments
from fanwise.spec.weights import Weight

#: The units in the last place of each dtype, next to 1.
_EPSILON: Final = {
    "float16": 2.0**-10,
    "bfloat16": 2.0**-7,
    "float32": 2.0**-23,
    "float64": 2.0**-52,
}
#: So many of them are a few roundings.
_ROUNDINGS: Final = 4
#: Fewer elements show no relation, and a correlation is one beyond so many of its deviations.
_FEWEST: Final = 16
_SURE: Final = 9.0
#: Another rounding changes more than such a share of the elements.
_SOME: Final = 0.02
#: Beyond this, or where they are not finite, values are related to nothing.
_BEYOND: Final = 1e100
#: A law that is drawn from another one's stream has at least this correlation with it.
_ALIKE: Final = 0.7
#: More values than so many on the two ends were clamped to them.
_ENDS: Final = 3
#: The deviation of a standard normal that is cut at two.
_CUT_AT_TWO: Final = truncated_moments(-2.0, 2.0)[1]
#: Numbers that a scale is off by, where fans do not say it.
_FACTORS: Final = (
    (math.sqrt(2), "√2, the gain of relu"),
    (math.sqrt(1 / 2), "1/√2"),
    (2.0, "2, a gain that was applied twice"),
    (0.5, "1/2"),
    (math.sqrt(3), "√3, the deviation in the place of the bound of a uniform law"),
    (math.sqrt(1 / 3), "1/√3, the bound of a uniform law in the place of its deviation"),
    (1 / _CUT_AT_TWO, "1/0.8796, corrected for a cut at two deviations that was not made"),
    (_CUT_AT_TWO, "0.8796, not corrected for the cut at two deviations"),
    (5 / 3, "5/3, the gain of tanh"),
    (3 / 5, "3/5"),
)
#: How near a factor is to one of these.
_NEAR: Final = 1e-4


@dataclass(frozen=True)
class FittedLine:
    """A line through the values of a weight against what should have been drawn.

    Attributes:
        slope, offset: of the line.
        misfit: how far the farthest value lies from it, in units of the last place.
    """

    slope: float
    offset: float
    misfit: float


def other_numbers(deviating: DeviatingWeight, draw: StreamDraw) -> KnownFault | None:
    """Recognize numbers that come from the stream of a draw in another way.

    Args:
        deviating: the weight.
        draw: on the right stream, or on one that was recognized.
    """
    law = draw.resolved.law
    if not is_random(law) or not _is_alike(deviating, draw):
        return None
    # Where zeros are due whatever is drawn, nothing shows.
    drawn_here = draw.exact(deviating.window)
    held, exact = deviating.values[drawn_here != 0], drawn_here[drawn_here != 0]
    if held.size < _FEWEST or not _has_range(held):
        return None
    line = _line(held, exact, deviating.dtype)
    if line is not None and line.misfit <= _ROUNDINGS:
        return _of_line(line, deviating)
    for name, other in _other_laws(law):
        drawn = replace(draw, resolved=replace(draw.resolved, law=other))
        line = _line(held, drawn.exact(deviating.window)[drawn_here != 0], deviating.dtype)
        if line is not None and line.misfit <= _ROUNDINGS:
            deviation = float(held.std())
            note = f"The deviation is {deviation:.4g}; it should be {law.std:.4g}."
            return KnownFault(name, note)
    for name, clamped in _clamped(exact, held):
        line = _line(held, clamped, deviating.dtype)
        if line is not None and line.misfit <= _ROUNDINGS:
            return KnownFault(name, "The values outside of the bounds lie on them.")
    return None


def _is_alike(deviating: DeviatingWeight, draw: StreamDraw) -> bool:
    """Tell by the probe whether a stream can be the one that numbers come from."""
    held = numbers(deviating.probed, deviating.dtype).ravel()
    exact = draw.exact(deviating.probe).ravel()
    if not _has_range(held) or exact.std() == 0:
        return False
    return abs(float(np.corrcoef(held, exact)[0, 1])) > _ALIKE


def _has_range(held: Floats) -> bool:
    """Tell whether values differ, and are not beyond what squares can be summed of."""
    return bool(np.abs(held).max() < _BEYOND) and float(held.std()) > 0


def changed(deviating: DeviatingWeight) -> KnownFault | None:
    """Recognize values that were moved since the start: trained, noised, averaged."""
    differs = deviating.differs
    held, exact = deviating.values[differs], deviating.draw.exact(deviating.window)[differs]
    if held.size < _FEWEST or not _has_range(held):
        return None
    return _correlated(held, exact)


def _line(held: Floats, exact: Floats, dtype: str) -> FittedLine | None:
    """Fit a line by the two ends of what was drawn; None where it has no length."""
    low, high = int(exact.argmin()), int(exact.argmax())
    length = exact[high] - exact[low]
    if length <= 0:
        return None
    slope = (held[high] - held[low]) / length
    if slope == 0:
        return None
    offset = held[low] - slope * exact[low]
    epsilon = _EPSILON[dtype]
    if abs(offset) <= _ROUNDINGS * epsilon * float(np.abs(held).max()):
        # The ratio of many values is surer than that of two.
        offset, slope = 0.0, float(held @ exact / (exact @ exact))
    away = np.abs(held - (slope * exact + offset))
    # Of what was added to an offset, the rounding is that of the larger of the two.
    unit = epsilon * np.maximum(np.maximum(np.abs(held), abs(offset)), 1e-6 * np.abs(held).max())
    smallest = {"float16": 2.0**-24}.get(dtype, 0.0)
    return FittedLine(float(slope), float(offset), float((away / np.maximum(unit, smallest)).max()))


def _of_line(line: FittedLine, deviating: DeviatingWeight) -> KnownFault | None:
    """Name the fault of values that are a factor of the right ones, and an offset from them."""
    factor = line.slope
    epsilon = _EPSILON[deviating.dtype]
    is_one = abs(factor - 1) <= _ROUNDINGS * epsilon
    if line.offset:
        note = f"Every element is {line.offset:.6g} higher" + (
            "." if is_one else f", after a factor of {factor:.6g}."
        )
        return KnownFault("another mean", note)
    if is_one and deviating.differing < _SOME * deviating.size:
        return None
    if is_one:
        note = "Rounded in another way, or computed in another dtype."
        return KnownFault("last places", note)
    told = _told_factor(factor, deviating.stored.weight)
    note = f"Every element is {factor:.6g} times what it should be{told}."
    return KnownFault("another scale", note)


def _told_factor(factor: float, weight: Weight) -> str:
    """Say what a factor may come from."""
    told = [words for ratio, words in _ratios(weight) if math.isclose(factor, ratio, rel_tol=_NEAR)]
    told += [words for number, words in _FACTORS if math.isclose(factor, number, rel_tol=_NEAR)]
    count = 1 / factor**2
    if not told and 1.5 < count < 1e4 and math.isclose(count, round(count), rel_tol=_NEAR):
        told = [f"1/√{round(count)}, as what is scaled by a depth or a count"]
    return f": {', or '.join(told)}" if told else ""


def _ratios(weight: Weight) -> Iterator[tuple[float, str]]:
    """Give the factors between deviations that count other fans of a weight."""
    fans = weight.fans
    if fans is None or not fans.fan_in or not fans.fan_out or fans.fan_in == fans.fan_out:
        return
    modes = {
        "fan_in": fans.fan_in,
        "fan_out": fans.fan_out,
        "their mean": (fans.fan_in + fans.fan_out) / 2,
    }
    for right, wrong in itertools.permutations(modes, 2):
        yield math.sqrt(modes[right] / modes[wrong]), f"{wrong} in the place of {right}"


def _other_laws(law: Law) -> Iterator[tuple[str, Law]]:
    """Give the laws that a draw may have had, each of deviation 1 or so: a line tells the rest."""
    if not isinstance(law, NormalLaw):
        name = (
            "not truncated"
            if isinstance(law, TruncatedNormalLaw)
            else "normal in the place of uniform"
        )
        yield name, NormalLaw(0.0, 1.0)
    for bound in (2.0, 3.0, 1.0, 2.5, 4.0):
        if not isinstance(law, TruncatedNormalLaw) or (law.low, law.high) != (-bound, bound):
            name = (
                "truncated" if not isinstance(law, TruncatedNormalLaw) else "cut at another bound"
            )
            yield name, TruncatedNormalLaw(0.0, 1.0, -bound, bound)
    if not isinstance(law, UniformLaw):
        yield "uniform in the place of normal", UniformLaw(-1.0, 1.0)


def _clamped(exact: Floats, held: Floats) -> Iterator[tuple[str, Floats]]:
    """Give what was drawn with its ends clamped to where the values end."""
    low, high = float(held.min()), float(held.max())
    ends = int((held == low).sum() + (held == high).sum())
    if ends > _ENDS:
        yield "clamped", np.clip(exact, low, high)


def _correlated(held: Floats, exact: Floats) -> KnownFault | None:
    """Recognize values that are not those of the start, and not independent of them."""
    if exact.std() == 0:
        return None
    correlation = float(np.corrcoef(held, exact)[0, 1])
    if abs(correlation) * math.sqrt(held.size) < _SURE:
        return None
    note = f"Its correlation with the start is {correlation:.4f}: trained, averaged or noised."
    return KnownFault("changed since the start", note)
