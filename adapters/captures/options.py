"""What a place of a model may start with, by what its weights hold in each build."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fanwise.adapters.captures.candidates import FEWEST, candidates
from fanwise.adapters.captures.constants import constant_starts, fixed_starts
from fanwise.adapters.captures.declared import declared_starts
from fanwise.adapters.captures.places import Place, split_place
from fanwise.adapters.captures.starts import KEPT, OWNED, RuleStart
from fanwise.adapters.captures.structures import structured_starts
from fanwise.adapters.observed_values.numbers import ODD
from fanwise.spec.weights import Start

#: Constants that each layer has for itself: more are no rules.
_MOST_CONSTANTS: Final = 8
#: A value that is so large a share of what is drawn is no part of a law.
_REPEATED: Final = 0.01


@dataclass(frozen=True)
class Options:
    """What a place may start with, the likely first; or why there is nothing."""

    place: Place
    starts: tuple[RuleStart, ...]
    reason: str = ""
    is_certain: bool = False


def options_of(place: Place) -> list[Options]:
    """Find what a place may start with; of the parts of it, where it has no common start."""
    return _divided(_found(place))


def _found(place: Place) -> Options:
    first = place.samples[0]
    if place.weight.obstacle is not None or not first.stored.size:
        return Options(place, (KEPT,))
    if not place.is_drawn:
        if first.constant is not None:
            starts = constant_starts(place)
            return Options(place, tuple(starts), "" if starts else "constants of no formula")
        starts = fixed_starts(place)
        return Options(place, tuple(starts) or (KEPT,), is_certain=True)
    if any(sample.moments is None for sample in place.samples):
        return Options(place, (), "values that are not finite")
    if formula := next((s.stored.formula for s in place.samples if s.stored.formula), ""):
        declared = all(s.weight.own is not None and s.weight.own.scheme for s in place.samples)
        return Options(place, (OWNED,) if declared else (), formula, is_certain=True)
    if all(_follows(sample.weight.own) for sample in place.samples):
        return Options(place, (KEPT,), is_certain=True)
    if structured := structured_starts(place):
        return Options(place, tuple(structured), is_certain=True)
    if any(sample.zero_share for sample in place.samples):
        share = max(sample.zero_share for sample in place.samples)
        return Options(place, (), f"{share:.1%} of the values are 0 under every seed")
    starts = candidates(place)
    if agreeing := declared_starts(place, starts):
        return Options(place, tuple(agreeing), is_certain=True)
    return Options(place, tuple(starts), "" if starts else _why_not(place))


def _follows(own: Start | None) -> bool:
    """Tell whether a layer declares that a weight is worked out of others, as a norm of them is."""
    return own is not None and own.scheme is None and own.keeps and not own.is_observed


def _why_not(place: Place) -> str:
    """Say why a drawn place has no start."""
    if place.count < FEWEST:
        return f"{place.count} values are too few to tell a law"
    if any(sample.repeated > _REPEATED for sample in place.samples):
        return "one value comes again and again among what is drawn"
    return "the values are of no law of the catalogue"


def _is_plain(option: Options) -> bool:
    return bool(option.starts) and option.starts[0].cost < ODD


def _divided(option: Options) -> list[Options]:
    """Divide a place without a common start that a person would have written."""
    place = option.place
    if _is_plain(option) or len(place.samples) == 1 or not place.stars:
        return [option]
    best: list[Options] = []
    for star in range(len(place.stars)):
        parts = [_found(part) for part in split_place(place, star)]
        if len(parts) < 2:
            continue
        found = [part for part in parts if _is_plain(part)]
        if found and _count_plain(parts) > _count_plain(best):
            best = parts
    if not (best or option.starts):
        parts = [_found(part) for part in split_place(place, 0)]
        best = parts if any(part.starts for part in parts) else []
    if not best:
        return [option]
    inits = {part.starts[0].init for part in best if part.starts}
    if not place.is_drawn and len(inits) > _MOST_CONSTANTS:
        return [option]
    return [piece for part in best for piece in _divided(part)]


def _count_plain(parts: Iterable[Options]) -> float:
    """Count the weights with a start that a person would have written, less their variety."""
    plain = [part for part in parts if _is_plain(part)]
    variety = len({part.starts[0].init for part in plain})
    return sum(len(part.place.samples) for part in plain) - variety / 100
