"""Weights of one place in a model: those whose paths differ in numbers alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.captures.samples import WeightSample
from fanwise.adapters.captures.starts import RuleStart
from fanwise.adapters.observed_values.evidence import (
    FARTHEST,
    Evidence,
    is_distributed,
    is_spread,
    is_too_much,
)
from fanwise.adapters.observed_values.families import Family, family_of
from fanwise.spec.laws import ConstantLaw, Law
from fanwise.spec.plan import plan
from fanwise.spec.recipe import Recipe
from fanwise.spec.weight_groups import pattern_of
from fanwise.spec.weights import Weight

#: What numbers a name among others: a segment, or the end of one after an underscore.
_NUMBERED: Final = re.compile(r"(?<![^/])\d+(?![^/])|(?<=_)\d+(?![^/])")
_STAR: Final = re.compile(r"\*\*|\*")
#: The names of the captures of a pattern, in order.
CAPTURES: Final = ("i", "j", "k", "m", "n")
#: Half the spacing of narrow numbers, with some room.
_SLACK: Final = {"bfloat16": 4e-3, "float16": 1e-3}
#: How many values the distribution of a place is told by.
_MOST: Final = 1 << 15


@dataclass(frozen=True)
class Place:
    """Weights whose paths differ in numbers alone, and that are of one role, kind and class.

    Attributes:
        pattern: of their paths, with a star for each number.
        samples: what they hold.
        neighbours: all weights of the model whose paths fit the pattern.
        stars: which numbers of a path the stars of the pattern stand for, in order.
    """

    pattern: str
    samples: tuple[WeightSample, ...]
    neighbours: tuple[Weight, ...]
    stars: tuple[int, ...] = ()

    @property
    def weight(self) -> Weight:
        """The first of its weights."""
        return self.samples[0].weight

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of its weights."""
        return tuple(sample.path for sample in self.samples)

    @property
    def is_drawn(self) -> bool:
        """Whether its weights differ from seed to seed."""
        return not self.samples[0].is_fixed

    @cached_property
    def capturing(self) -> str:
        """Its pattern with a capture in the place of each star."""
        return capturing(self.pattern)

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """The numbers in the paths: (weights, stars)."""
        every = [numbers_in(path) for path in self.paths]
        return np.array([[n[star] for star in self.stars] for n in every], np.int64)

    @property
    def count(self) -> int:
        """How many drawn values are known."""
        return sum(self.counts)

    @cached_property
    def counts(self) -> list[int]:
        """How many drawn values are known of each weight."""
        return [0 if s.moments is None else s.moments.count for s in self.samples]

    @property
    def slack(self) -> float:
        """By how much its values may lie beyond their ends, by rounding to their dtype."""
        return _SLACK.get(self.samples[0].stored.dtype, 1e-6)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The sizes of axes that all of its weights have."""
        common = set.intersection(*(set(sample.weight.shape) for sample in self.samples))
        return tuple(size for size in self.weight.shape if size in common)

    def laws(self, start: RuleStart) -> list[Law] | None:
        """Work out what a start gives to each weight; None where it does not fit one."""
        recipe = Recipe((start.rule(self.capturing),))
        planned = plan(recipe, self.neighbours, is_dry=True)
        if any(problem.kind != "lora" for problem in planned.problems):
            return None
        laws = {chosen.weight.path: chosen.resolved.law for chosen in planned.planned}
        return [laws[path] for path in self.paths] if all(p in laws for p in self.paths) else None

    def speaks_against(self, start: RuleStart) -> str:
        """Say what speaks against a start of all of its weights; empty where nothing does."""
        if not self.is_drawn:
            return "" if self._holds(start) else "values"
        laws = self.laws(start)
        if laws is None:
            return "fans"
        families = {family_of(law) for law in laws}
        family = families.pop() if len(families) == 1 else None
        if family is None:
            return "law"
        return self._contradiction(family, laws)

    def _holds(self, start: RuleStart) -> bool:
        laws = self.laws(start)
        return laws is not None and all(
            isinstance(law, ConstantLaw)
            and sample.constant is not None
            and np.float32(law.value) == np.float32(sample.constant)
            for law, sample in zip(laws, self.samples, strict=True)
        )

    def _contradiction(self, family: Family, laws: Sequence[Law]) -> str:
        """Say what speaks against the laws of one family, of each weight and of all together."""
        counts, sampled = np.array(self.counts), []
        every: list[tuple[float, float, float, float]] = []
        peak, beyond = 0.0, 0.0
        for sample, law in zip(self.samples, laws, strict=True):
            moments = sample.moments
            if moments is None:
                return "values"
            if law.std == 0:
                return "deviation"
            scaled = moments.about(law.mean, law.std)
            if not is_spread(family, moments.count, scaled[1]):
                return "deviation"
            every.append(scaled)
            sampled.append(moments.sampled)
            ends = (moments.low - law.mean, moments.high - law.mean)
            reach = max(abs(end) / law.std for end in ends)
            beyond += moments.count * family.beyond(reach * (1 + self.slack))
            peak = max(peak, reach)
        powers = pooled_moments(every, counts, sampled)
        if said := Evidence(int(counts.sum()), sum(sampled), powers, peak).contradiction(family):
            return said
        if peak < FARTHEST and is_too_much(beyond, len(self.samples)):
            return "tails"
        some = [
            (sample.some - law.mean) / law.std
            for sample, law in zip(self.samples, laws, strict=True)
        ]
        return "" if is_distributed(family, _thinned(some)) else "distribution"


def pooled_moments(
    every: Sequence[tuple[float, float, float, float]],
    counts: Sequence[int] | NDArray[np.int64],
    sampled: Sequence[int],
) -> tuple[float, float, float, float]:
    """Return the moments of several samples together.

    Args:
        every: the moments of each.
        counts: how many values the first two are of.
        sampled: how many the others are of.
    """
    table = np.array(every)
    lower = np.average(table[:, :2], axis=0, weights=counts)
    upper = np.average(table[:, 2:], axis=0, weights=sampled)
    return float(lower[0]), float(lower[1]), float(upper[0]), float(upper[1])


def places_of(samples: Iterable[WeightSample]) -> tuple[Place, ...]:
    """Put the weights of one place together, in the order of the model."""
    known = list(samples)
    by_pattern: dict[str, list[Weight]] = {}
    groups: dict[tuple[object, ...], list[WeightSample]] = {}
    for sample in known:
        weight = sample.weight
        pattern = place_pattern(sample.path)
        by_pattern.setdefault(pattern, []).append(weight)
        state = "drawn" if not sample.is_fixed else "formula" if sample.constant is None else "one"
        key = (
            pattern,
            weight.role,
            weight.kind,
            weight.class_name,
            weight.trains,
            bool(weight.guess),
            len(weight.shape),
            weight.obstacle is None,
            state,
        )
        groups.setdefault(key, []).append(sample)
    places = []
    for alike, members in groups.items():
        pattern = str(alike[0])
        stars = tuple(range(len(numbers_in(members[0].path))))
        if _STAR.findall(pattern).count("*") != len(stars):  # of a path that is no pattern
            stars = ()
        places.append(Place(pattern, tuple(members), tuple(by_pattern[pattern]), stars))
    return tuple(places)


def split_place(place: Place, star: int) -> tuple[Place, ...]:
    """Divide a place by one of the numbers in its paths.

    Args:
        place: the place.
        star: which of its stars stands for the number.
    """
    position = place.stars[star]
    stars = tuple(other for other in place.stars if other != position)
    groups: dict[int, list[WeightSample]] = {}
    for sample in place.samples:
        groups.setdefault(numbers_in(sample.path)[position], []).append(sample)
    parts = []
    for number, members in groups.items():
        pattern = _with_number(place.pattern, star, number)
        near = tuple(w for w in place.neighbours if numbers_in(w.path)[position] == number)
        parts.append(Place(pattern, tuple(members), near, stars))
    return tuple(parts)


def place_pattern(path: str) -> str:
    """Return a pattern of a path with a star for each number.

    Examples:
        >>> place_pattern("h/11/layer_2/conv1/kernel")
        'h/*/layer_*/conv1/kernel'
    """
    return _NUMBERED.sub("*", pattern_of(path))


def numbers_in(path: str) -> list[int]:
    """Return the numbers that a place's pattern has a star for."""
    return [int(digits) for digits in _NUMBERED.findall(path)]


def capturing(pattern: str) -> str:
    """Return a pattern with a capture in the place of each star."""
    names = iter(CAPTURES)
    return _STAR.sub(lambda m: m[0] if m[0] == "**" else _capture(next(names, "")), pattern)


def _capture(name: str) -> str:
    return f"<{name}>" if name else "*"


def _with_number(pattern: str, star: int, number: int) -> str:
    """Write a number in the place of a star, of those that are left."""
    places = [place for place in _STAR.finditer(pattern) if place[0] == "*"]
    return f"{pattern[: places[star].start()]}{number}{pattern[places[star].end() :]}"


def _thinned(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    values = np.concatenate(parts)
    return values[:: max(1, values.size // _MOST) | 1]
