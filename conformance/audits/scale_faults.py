"""The known faults that give the elements of a weight another scale than its recipe does."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fanwise.adapters.stored_weights import StoredWeight
from fanwise.spec.axes import RECEPTIVE
from fanwise.spec.fans import MODES
from fanwise.spec.laws import TruncatedNormalLaw
from fanwise.spec.plan import Planned
from fanwise.spec.truncation import truncated_moments

#: What people scale the weights before a nonlinearity by.
_GAINS: Final = {"relu": math.sqrt(2), "tanh": 5 / 3, "selu": 3 / 4}
#: The share of what is likely in which the likeliest fault counts, and not the nearest scale.
_LIKELY: Final = 0.5


@dataclass(frozen=True)
class Scales:
    """What is known of the weights of a recipe.

    Attributes:
        rules: of each standard deviation, the first rule that gives it.
        layers: how many layers there are, by the numbers in paths.
    """

    rules: Mapping[float, int]
    layers: int


def scales_of(plans: Sequence[tuple[StoredWeight, Planned]]) -> Scales:
    """Return the standard deviations that a recipe gives, and the depth of its model."""
    rules: dict[float, int] = {}
    numbers = set()
    for _, planned in plans:
        if planned.std > 0:
            rules.setdefault(planned.std, planned.rule)
        numbers.update(_numbers(planned))
    return Scales(rules, len(numbers))


def scale_fault(least: float, most: float, planned: Planned, scales: Scales) -> str:
    """Name the fault that gives a weight another scale; nothing where none is known.

    Args:
        least, most: between what the true deviation lies, over that of the recipe.
        planned: what the recipe gives it.
        scales: of the weights of the recipe.
    """
    known = [*_of_fans(planned), *_of_depth(planned, scales), *_of_laws(planned)]
    known += [
        (std / planned.std, f"scale of rule {rule} in the place of rule {planned.rule}'s")
        for std, rule in scales.rules.items()
        if rule != planned.rule
    ]
    known += _of_gains(planned)
    middle, width = math.sqrt(least * most), math.log(most / least) / 2
    distances = [(abs(math.log(ratio / middle)), fault) for ratio, fault in known]
    likely = [fault for distance, fault in distances if distance <= _LIKELY * width]
    if likely:
        return likely[0]
    return min((pair for pair in distances if pair[0] <= width), default=(0.0, ""))[1]


def _of_fans(planned: Planned) -> Iterator[tuple[float, str]]:
    """Yield the ratios of scales that wrong fans give, and the faults."""
    weight, mode = planned.weight, planned.scheme.fan_mode
    if mode not in MODES or weight.fans is None:
        return
    fan = MODES[mode](weight.fans)
    for other, count in MODES.items():
        if count(weight.fans) and count(weight.fans) != fan:
            yield math.sqrt(fan / count(weight.fans)), f"{other} in the place of {mode}"
    places = planned.resolved.layout.extent(RECEPTIVE)
    if places > 1:
        yield math.sqrt(places), "receptive field left out of the fan"
    if weight.groups > 1:
        yield 1 / math.sqrt(weight.groups), "groups left out of the fan"
        yield math.sqrt(weight.groups), "fan divided by the groups twice"


def _of_depth(planned: Planned, scales: Scales) -> Iterator[tuple[float, str]]:
    """Yield those of the scale of residual branches."""
    numbers = _numbers(planned)
    if not numbers or scales.layers < 2:
        return
    depths = (2 * scales.layers, scales.layers)
    # Only of a weight that is so much smaller than others is known that it is scaled.
    scaled = [
        depth
        for depth in depths
        if any(math.isclose(planned.std * math.sqrt(depth), std) for std in scales.rules)
    ]
    for depth, other in (depths, depths[::-1]):
        if depth in scaled:
            fault = f"depth scale 1/sqrt({other}) in the place of 1/sqrt({depth})"
            yield math.sqrt(depth / other), fault
    for depth in depths:
        yield math.sqrt(depth), f"depth scale missing, 1/sqrt({depth})"
        yield 1 / math.sqrt(depth), f"depth scale where there is none, 1/sqrt({depth})"
    for number in numbers:
        if scaled and number + 1 != scales.layers:
            yield math.sqrt(scales.layers / (number + 1)), "depth scale by the layer's own number"


def _of_laws(planned: Planned) -> Iterator[tuple[float, str]]:
    """Yield those of gains, and of numbers taken for others."""
    law = planned.resolved.law
    if isinstance(law, TruncatedNormalLaw):
        correction = truncated_moments(law.low, law.high)[1]
        yield correction, "correction for the cut, or truncation, missing"
        yield 1 / correction, "corrected for a cut twice"
    yield law.std, "variance in the place of the standard deviation"
    yield 1 / math.sqrt(law.std), "standard deviation taken for the variance"
    yield 1 / math.sqrt(3), "standard deviation taken for the limit of a uniform law"
    yield math.sqrt(3), "limit of a uniform law taken for the standard deviation"
    yield 1 / math.sqrt(6), "gain of a = sqrt(5) in the place of relu's"


def _of_gains(planned: Planned) -> Iterator[tuple[float, str]]:
    """Yield those of gains that are too much, missing, or of another nonlinearity.

    A rule that says a standard deviation in so many words has no gain to take for another's.
    """
    for name, gain in _GAINS.items():
        yield gain, f"gain of {name} too much"
        yield 1 / gain, f"gain of {name} missing"
    if planned.scheme.fan_mode is None and "gain" not in dict(planned.scheme.params):
        return
    for name, gain in _GAINS.items():
        for other, instead in _GAINS.items():
            if other != name:
                yield instead / gain, f"gain of {other} in the place of {name}'s"


def _numbers(planned: Planned) -> list[int]:
    """Return the number of the block that a path has, if it has one.

    A number that a layer itself has, as in a sequence of layers, is none.
    """
    segments = planned.weight.path.split("/")[:-2]
    return [int(segment) for segment in segments if segment.isascii() and segment.isdigit()][:1]
