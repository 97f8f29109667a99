"""Rules for weights that have none: by what their layers declare, and what they hold now."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from fanwise.spec.laws import ConstantLaw
from fanwise.spec.possible_starts import (
    KEPT,
    OWNED,
    Starts,
    init_of,
    is_near,
    law_of,
    possible_starts,
)
from fanwise.spec.problems import Holding
from fanwise.spec.roles import PARAMETER
from fanwise.spec.rules import Rule
from fanwise.spec.weight_groups import Observe, general_pattern, name_in_layer, pattern_of
from fanwise.spec.weights import Weight

#: What is no law: common to weights as it is, or not at all.
_NO_SCHEMES: Final = {KEPT, OWNED}
#: How many weights of one place get rules of their own, at most: those of more stay as they are.
_MOST: Final = 4
#: More rules for one problem are no help to a reader.
_MOST_RULES: Final = 100


def suggested_rules(
    weights: Sequence[Weight], others: Iterable[Weight], observe: Observe | None
) -> tuple[Rule, ...]:
    """Suggest rules that set some weights and no others: few ones, as general as can be.

    Args:
        weights: those that need a rule.
        others: the other weights of the model, which the rules must not fit.
        observe: says what a weight holds now; None where that is not known.
    """
    starts = {weight.path: possible_starts(weight, observe) for weight in weights}
    places = _Places([*weights, *others])
    rules: list[Rule] = []
    waiting = list(weights)
    for conditions in (_of_what_is_frozen, _of_its_class, _of_its_place, _of_itself):
        groups: dict[str, list[Weight]] = {}
        for weight in waiting:
            groups.setdefault(repr(conditions(weight)), []).append(weight)
        if len(groups) > _MOST_RULES:
            break
        waiting = []
        for members in groups.values():
            rule = conditions(members[0])
            common = _common_start(members, starts, observe)
            if not common and conditions is _of_its_place and len(members) > _MOST:
                common = KEPT
            paths = {weight.path for weight in members}
            is_about_some = bool(rule.frozen or rule.match or rule.role)
            if common and is_about_some and places.all_in(rule, paths):
                rules.append(replace(rule, init=init_of(common)))
            else:
                waiting += members
    return tuple(rules)


class _Places:
    """Weights by the segments of their paths, so that few are tried for each rule."""

    def __init__(self, weights: Sequence[Weight]) -> None:
        self._all = weights
        self._by_segment: dict[tuple[int, int, str], list[Weight]] = {}
        self._by_last: dict[str, list[Weight]] = {}
        for weight in weights:
            segments = weight.path.split("/")
            self._by_last.setdefault(segments[-1], []).append(weight)
            for place, segment in enumerate(segments):
                key = (len(segments), place, segment)
                self._by_segment.setdefault(key, []).append(weight)

    def all_in(self, rule: Rule, paths: Collection[str]) -> bool:
        """Tell whether a suggested rule fits no weights but those of some paths."""
        return all(weight.path in paths for weight in self._near(rule) if rule.fits(weight))

    def _near(self, rule: Rule) -> Sequence[Weight]:
        """Return weights among which are all that a suggested rule fits."""
        if rule.match is None:
            return self._all
        *before, last = segments = rule.match.split("/")
        if before == ["**"] and _is_literal(last):
            return self._by_last.get(last, ())
        near = [
            self._by_segment.get((len(segments), place, segment), ())
            for place, segment in enumerate(segments)
            if _is_literal(segment)
        ]
        return min(near, key=len, default=self._all) if "**" not in segments else self._all


def _is_literal(segment: str) -> bool:
    return not any(letter in segment for letter in "*?{}<>")


def _common_start(
    weights: Sequence[Weight], starts: Mapping[str, Starts], observe: Observe | None
) -> str:
    """Return what all of some weights may start with; empty where there is nothing."""
    first, *rest = (starts[weight.path] for weight in weights)
    for start in first:
        if all(start in others for others in rest):
            return start
    if observe is None or any(set(starts[weight.path]) & _NO_SCHEMES for weight in weights):
        return ""
    samples = [(weight, observe(weight)) for weight in weights]
    return _common_law(samples) or _common_scheme(samples, starts)


def _common_law(samples: Sequence[tuple[Weight, Holding]]) -> str:
    """Return the law of which all weights hold samples: a little more or less of it."""
    laws = {weight.path: law_of(weight, holding.init) for weight, holding in samples}
    if any(law is None or isinstance(law, ConstantLaw) for law in laws.values()):
        return ""
    sure = [sample for sample in samples if not sample[1].is_guess] or samples
    by_size = sorted(sure, key=lambda sample: float(laws[sample[0].path].std))
    middle, held = by_size[(len(by_size) - 1) // 2]
    law = laws[middle.path]
    for weight, holding in samples:
        other = laws[weight.path]
        is_alike = holding.is_guess or type(other) is type(law)
        if not (is_alike and is_near(other.std, law.std, weight)):
            return ""
    return json.dumps(held.init)


def _common_scheme(samples: Sequence[tuple[Weight, Holding]], starts: Mapping[str, Starts]) -> str:
    """Return the scheme by fans of the weights whose law is known, if the others may have it."""
    sure = [weight for weight, holding in samples if not holding.is_guess]
    for start in starts[sure[0].path] if sure else ():
        if all(
            _may_be(weight, holding, start) if holding.is_guess else start in starts[weight.path]
            for weight, holding in samples
        ):
            return start
    return ""


def _may_be(weight: Weight, holding: Holding, start: str) -> bool:
    """Tell whether a weight of few values may hold a sample of what a scheme gives."""
    law, held = law_of(weight, json.loads(start)), law_of(weight, holding.init)
    return law is not None and held is not None and is_near(law.std, held.std, weight)


def _of_what_is_frozen(weight: Weight) -> Rule:
    """Return a rule about all weights that do not train, and about no others."""
    return Rule({}, frozen=True) if not weight.trains else Rule({})


def _of_its_class(weight: Weight) -> Rule:
    """Return a rule about the weights of its name in all layers of its class."""
    name = name_in_layer(weight.path)
    last = "/".join(part if part == "*" else pattern_of(part) for part in name.split("/"))
    frozen = not weight.trains
    simple = weight.class_name.rpartition(".")[2]
    if weight.kind != PARAMETER and weight.role and not weight.guess:
        return Rule({}, role=weight.role, layer=weight.kind, frozen=frozen)
    return Rule({}, match=f"**/{last}", class_name=simple or None, frozen=frozen)


def _of_its_place(weight: Weight) -> Rule:
    """Return a rule about the weights at its place, whatever the numbers in their paths."""
    return Rule({}, match=general_pattern(weight.path), frozen=not weight.trains)


def _of_itself(weight: Weight) -> Rule:
    return Rule({}, match=pattern_of(weight.path), frozen=not weight.trains)
