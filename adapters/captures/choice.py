"""Which start each place of a model gets: as few different ones as explain all of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fanwise.adapters.captures.candidates import (
    FEWEST,
    MOST_ODDER,
    candidates,
    declared_starts,
)
from fanwise.adapters.captures.constants import constant_starts, fixed_starts
from fanwise.adapters.captures.places import Place, place_pattern, split_place
from fanwise.adapters.captures.starts import KEPT, OWNED, RuleStart
from fanwise.adapters.captures.structures import structured_starts
from fanwise.adapters.observed_values.numbers import ODD

#: From so many values on, the numbers of a place are its own.
_OWN_NUMBERS: Final = 100_000
#: How much less odd it is to scale by depth what else is there unscaled, and what ends a branch.
_KNOWN_BASE: Final = 2.4
_ENDS_A_BRANCH: Final = 1.0
_ENDS: Final = re.compile(
    r"(?:^|[/_.])(?:c_proj|o_proj|out_proj|down_proj|proj_out|out|output|down|fc2|lin2|w2|w3|wo"
    r"|dense_4h_to_h|ff_out|attn_out|proj|project|linear2|attention_output|output_dense"
    r"|feedforward_output_dense)/"
)
_BASE: Final = re.compile(r"([0-9.e+-]+) / ")
#: Constants that each layer has for itself: more are no rules.
_MOST_CONSTANTS: Final = 8


@dataclass(frozen=True)
class Choice:
    """What the weights of a place start with.

    Attributes:
        place: the weights.
        start: what they start with.
        others: what nothing speaks against either, the likely first.
        reason: why they stay as they are, where no start was found.
        is_first: whether its rule goes before those of the places that it was split from.
    """

    place: Place
    start: RuleStart
    others: tuple[RuleStart, ...] = ()
    reason: str = ""
    is_first: bool = False


@dataclass(frozen=True)
class _Options:
    """What a place may start with, the likely first; or why there is nothing."""

    place: Place
    starts: tuple[RuleStart, ...]
    reason: str = ""
    is_certain: bool = False


def choose(places: Sequence[Place]) -> list[Choice]:
    """Choose a start for each place, so that few different ones are chosen.

    Places whose weights have no common start are divided by the numbers in their paths.
    """
    options = [part for place in places for part in _divided(_options(place))]
    options = _with_common(options)
    options = _with_known_bases(options)
    chosen = _covered(options)
    parts = [_choice(option, start) for option, start in zip(options, chosen, strict=True)]
    return _ordered(parts)


def _options(place: Place) -> _Options:
    weight = place.weight
    if weight.obstacle is not None:
        return _Options(place, (KEPT,))
    first = place.samples[0]
    if not first.stored.size:
        return _Options(place, (KEPT,))
    if not place.is_drawn:
        if first.constant is not None:
            starts = constant_starts(place)
            return _Options(place, tuple(starts), "" if starts else "constants of no formula")
        starts = fixed_starts(place)
        return _Options(place, tuple(starts) or (KEPT,), is_certain=True)
    if any(sample.moments is None for sample in place.samples):
        return _Options(place, (), "values that are not finite")
    if formula := next((s.stored.formula for s in place.samples if s.stored.formula), ""):
        declared = all(s.weight.own is not None and s.weight.own.scheme for s in place.samples)
        return _Options(place, (OWNED,) if declared else (), formula, is_certain=True)
    if structured := structured_starts(place):
        return _Options(place, tuple(structured), is_certain=True)
    if any(sample.zero_share for sample in place.samples):
        share = max(sample.zero_share for sample in place.samples)
        return _Options(place, (), f"{share:.1%} of the values are 0 under every seed")
    starts = candidates(place)
    if agreeing := declared_starts(place, starts):
        return _Options(place, tuple(agreeing), is_certain=True)
    return _Options(place, tuple(starts), "" if starts else _why_not(place))


def _why_not(place: Place) -> str:
    """Say why a drawn place has no start."""
    if place.count < FEWEST:
        return f"{place.count} values are too few to tell a law"
    if any(sample.repeated > 0.01 for sample in place.samples):
        return "one value comes again and again among what is drawn"
    return "the values are of no law of the catalogue"


def _is_plain(option: _Options) -> bool:
    return bool(option.starts) and option.starts[0].cost < ODD


def _divided(option: _Options) -> list[_Options]:
    """Divide a place without a common start that a person would have written."""
    place = option.place
    if _is_plain(option) or len(place.samples) == 1 or not place.stars:
        return [option]
    best: list[_Options] = []
    for star in range(len(place.stars)):
        parts = [_options(part) for part in split_place(place, star)]
        if len(parts) < 2:
            continue
        found = [part for part in parts if _is_plain(part)]
        if found and _count_plain(parts) > _count_plain(best):
            best = parts
    if not best:
        parts = (
            [_options(part) for part in split_place(place, 0) if len(place.stars) > 0]
            if not option.starts
            else []
        )
        if not any(part.starts for part in parts):
            return [option]
        best = parts
    inits = {part.starts[0].init for part in best if part.starts}
    if not place.is_drawn and len(inits) > _MOST_CONSTANTS:
        return [option]
    return [piece for part in best for piece in _divided(part)]


def _count_plain(parts: Iterable[_Options]) -> float:
    """Count the weights with a start that a person would have written, less their variety."""
    plain = [part for part in parts if _is_plain(part)]
    variety = len({part.starts[0].init for part in plain})
    return sum(len(part.place.samples) for part in plain) - variety / 100


def _with_common(options: Sequence[_Options]) -> list[_Options]:
    """Let places of few values have the starts of others, of which they may be samples."""
    pool: dict[RuleStart, RuleStart] = {}
    for option in options:
        if option.place.is_drawn:
            for start in option.starts[:8]:
                if start.cost < ODD and not start.names_captures():
                    pool.setdefault(start, start)
    widened = []
    for option in options:
        place = option.place
        few = place.is_drawn and place.count < _OWN_NUMBERS and not option.place.weight.obstacle
        if (
            option.is_certain
            or not few
            or any(s.moments is None or s.zero_share for s in place.samples)
        ):
            widened.append(option)
            continue
        more = [
            start
            for start in pool
            if start not in option.starts and not place.speaks_against(start)
        ]
        starts = sorted((*option.starts, *more), key=lambda start: start.cost)
        widened.append(replace(option, starts=tuple(starts)))
    return widened


def _with_known_bases(options: Sequence[_Options]) -> list[_Options]:
    """Make it likely that what is scaled by depth is so, where its base is there unscaled."""
    known = {
        repr(float(number))
        for option in options
        for start in option.starts[:1]
        if start.about == "number"
        for key, number in start.data.items()
        if key in ("std", "high") and not isinstance(number, str)
    }
    return [
        replace(
            option,
            starts=tuple(
                sorted(
                    (_with_base(start, option.place, known) for start in option.starts),
                    key=lambda start: start.cost,
                )
            ),
        )
        for option in options
    ]


def _with_base(start: RuleStart, place: Place, known: Iterable[str]) -> RuleStart:
    if start.about != "depth":
        return start
    text = str(start.data.get("std", start.data.get("high", "")))
    base = _BASE.match(text)
    cost = start.cost
    if base is not None and repr(float(base[1])) in known:
        cost -= _KNOWN_BASE
        cost -= _ENDS_A_BRANCH if _ENDS.search(place.pattern) else 0.0
    return replace(start, cost=cost)


def _covered(options: Sequence[_Options]) -> list[RuleStart | None]:
    """Choose starts one by one, each time the one that explains most of what is left."""
    chosen: list[RuleStart | None] = [None] * len(options)
    costs = [{start: start.cost for start in option.starts} for option in options]
    left = {number for number, option in enumerate(options) if option.starts}
    while left:
        gains: dict[RuleStart, float] = {}
        for number in left:
            least = min(costs[number].values())
            for start, cost in costs[number].items():
                gains[start] = gains.get(start, -start.cost) + MOST_ODDER - (cost - least)
        best = max(gains, key=lambda start: gains[start])
        taken = {
            number
            for number in left
            if best in costs[number]
            and costs[number][best] - min(costs[number].values()) < MOST_ODDER
        }
        if not taken:
            taken = {next(number for number in left if best in costs[number])}
        for number in taken:
            chosen[number] = best
        left -= taken
    return chosen


def _choice(option: _Options, start: RuleStart | None) -> Choice:
    if start is None:
        return Choice(option.place, KEPT, reason=option.reason or "no start was found")
    others = tuple(other for other in option.starts if other != start)
    return Choice(option.place, start, others)


def _ordered(choices: Sequence[Choice]) -> list[Choice]:
    """Mark the parts of a divided place whose rules go before that of the most of it."""
    ordered = []
    by_origin: dict[str, list[Choice]] = {}
    for choice in choices:
        by_origin.setdefault(_origin(choice.place), []).append(choice)
    for parts in by_origin.values():
        sizes: Counter[RuleStart] = Counter()
        for part in parts:
            sizes[part.start] += len(part.place.samples)
        most = sizes.most_common(1)[0][0]
        ordered += [replace(part, is_first=part.start != most) for part in parts]
    return ordered


def _origin(place: Place) -> str:
    weight = place.weight
    return repr((place_pattern(place.paths[0]), weight.role, weight.kind, weight.trains))
