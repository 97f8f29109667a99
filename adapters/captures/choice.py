"""Which start each place of a model gets: as few different ones as explain all of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fanwise.adapters.captures.candidates import MOST_ODDER
from fanwise.adapters.captures.options import Options, options_of
from fanwise.adapters.captures.places import Place, place_pattern
from fanwise.adapters.captures.starts import KEPT, RuleStart
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


def choose(places: Sequence[Place]) -> list[Choice]:
    """Choose a start for each place, so that few different ones are chosen.

    Places whose weights have no common start are divided by the numbers in their paths.
    """
    options = [part for place in places for part in options_of(place)]
    options = _with_common(options)
    options = _with_known_bases(options)
    chosen = _covered(options)
    parts = [_choice(option, start) for option, start in zip(options, chosen, strict=True)]
    return _ordered(parts)


def _with_common(options: Sequence[Options]) -> list[Options]:
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


def _with_known_bases(options: Sequence[Options]) -> list[Options]:
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


def _covered(options: Sequence[Options]) -> list[RuleStart | None]:
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


def _choice(option: Options, start: RuleStart | None) -> Choice:
    if start is None:
        return Choice(option.place, KEPT, reason=option.reason or "no start was found")
    others = tuple(other for other in option.starts if other != start)
    return Choice(option.place, start, others, option.reason)


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
