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
from fanwise.adapters.captures.structures import is_rigid, structured_starts
from fanwise.adapters.observed_values.numbers import ODD

#: Constants that each layer has for itself: more are no rules.
_MOST_CONSTANTS: Final = 8
#: Why what is renewed with the weights beside it has no law.
_WORKED_OUT: Final = "it is worked out of other weights"
#: What speaks against every law of single values.
_RIGID: Final = "its singular values are the same under every seed, by no scheme of the catalogue"
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
    weight = place.weight
    if weight.obstacle is not None:
        return Options(place, (KEPT,))
    if not place.samples[0].stored.size:
        return Options(place, (KEPT,))
    return _of_what_is_drawn(place) if place.is_drawn else _of_what_is_fixed(place)


def _of_what_is_fixed(place: Place) -> Options:
    if place.samples[0].constant is not None:
        starts = constant_starts(place)
        return Options(place, tuple(starts), "" if starts else "constants of no formula")
    return Options(place, tuple(fixed_starts(place)) or (KEPT,), is_certain=True)


def _of_what_is_drawn(place: Place) -> Options:
    if any(sample.moments is None for sample in place.samples):
        return Options(place, (), "values that are not finite")
    if worked_out := _of_what_is_worked_out(place):
        return worked_out
    if structured := structured_starts(place):
        return Options(place, tuple(structured), is_certain=True)
    if any(map(is_rigid, place.samples)):
        return Options(place, (), _RIGID)
    if any(sample.zero_share for sample in place.samples):
        share = max(sample.zero_share for sample in place.samples)
        return Options(place, (), f"{share:.1%} of the values are 0 under every seed")
    starts = candidates(place)
    if agreeing := declared_starts(place, starts):
        return Options(place, tuple(agreeing), is_certain=True)
    return Options(place, tuple(starts), "" if starts else _why_not(place))


def _of_what_is_worked_out(place: Place) -> Options | None:
    """Return the options of values that come out of what is drawn; None for others."""
    owned = [sample.weight.own for sample in place.samples]
    if all(own is not None and own.scheme is None and own.keeps for own in owned):
        # What an adapter works out of the weights beside it is renewed with them.
        text = owned[0].text if owned[0] else ""
        return Options(place, (OWNED,), text or _WORKED_OUT, is_certain=True)
    formula = next((s.stored.formula for s in place.samples if s.stored.formula), "")
    if not formula:
        return None
    if all(own is not None and own.scheme is not None for own in owned):
        return Options(place, (OWNED,), is_certain=True)
    return Options(place, (), formula, is_certain=True)


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
