"""Rules for weights that have none: by what their layers declare, and what they hold now."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import ConstantLaw
from fanwise.spec.plan import plan
from fanwise.spec.problems import Holding
from fanwise.spec.recipe import Recipe
from fanwise.spec.registry import KEEP, OWN
from fanwise.spec.roles import PARAMETER
from fanwise.spec.rules import Rule
from fanwise.spec.weight_groups import Observe, general_pattern, pattern_of
from fanwise.spec.weights import Weight

#: Schemes by fans, those that frameworks begin with first.
_SCALED: Final = (
    "torch_default",
    "glorot_uniform",
    "lecun_normal",
    "he_normal",
    "glorot_normal",
    "he_uniform",
    "lecun_uniform",
    "xavier_normal",
    "kaiming_normal",
)
#: More rules for one problem are no help to a reader.
_MOST: Final = 100
#: By how much the standard deviation of a sample may differ from that of a scheme.
_NEAR: Final = 0.05
#: What a weight starts with that holds nothing yet.
_BY_ROLE: Final = {
    "bias": "zeros",
    "forget_bias": "ones",
    "recurrent_bias": "zeros",
    "offset": "zeros",
    "mean": "zeros",
    "scale": "ones",
    "variance": "ones",
}

#: What a rule may give to a weight, the best first, each as JSON.
Starts = tuple[str, ...]


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
    for conditions in (_of_its_class, _of_its_place, _of_itself):
        groups: dict[tuple[object, ...], list[Weight]] = {}
        for weight in waiting:
            rule = conditions(weight)
            key = (rule.match, rule.layer, rule.role, rule.class_name, rule.frozen)
            groups.setdefault(key, []).append(weight)
        if len(groups) > _MOST:
            break
        waiting = []
        for members in groups.values():
            common = _common_starts([starts[weight.path] for weight in members])
            rule = conditions(members[0])
            paths = {weight.path for weight in members}
            fitting = {weight.path for weight in places.near(rule) if rule.fits(weight)}
            if common and fitting == paths:
                rules.append(replace(rule, init=init_of(common[0])))
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

    def near(self, rule: Rule) -> Sequence[Weight]:
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


def _common_starts(starts: Sequence[Starts]) -> list[str]:
    """Return what all of some weights may start with, the best first."""
    common = [start for start in starts[0] if all(start in others for others in starts)]
    if common:
        return common
    # What each holds now, a sample of one law, has a little more or less of it than the others.
    inits = [init_of(start[-1]) for start in starts]
    first = inits[0]
    merged: dict[str, Any] = dict(first)
    for init in inits:
        if init.keys() != first.keys() or init["scheme"] != first["scheme"]:
            return []
    for key in first.keys() - {"scheme"}:
        values = [init[key] for init in inits]
        merged[key] = statistics.median_low(values)
        if any(abs(value - merged[key]) > _NEAR * abs(merged[key]) for value in values):
            return []
    return [json.dumps(merged)]


def possible_starts(weight: Weight, observe: Observe | None) -> Starts:
    """Return what a weight may start with, the best first, each as JSON."""
    if not weight.trains:
        return (json.dumps(KEEP),)
    holding = None if observe is None else observe(weight)
    is_declared = weight.own is not None and weight.own.scheme is not None
    # A model may have set to a constant what its layer declares to be random.
    if is_declared and (holding is None or not _is_constant(holding)):
        return (json.dumps(OWN),)
    if holding is not None and holding.init is not None:
        return (*map(json.dumps, _alike(weight, holding)), json.dumps(holding.init))
    if holding is not None and holding.text:
        # Values of no law that is known, such as a table of sines.
        return (json.dumps(KEEP),)
    return (json.dumps(_BY_ROLE.get(weight.role, "glorot_uniform" if weight.fans else "zeros")),)


def _is_constant(holding: Holding) -> bool:
    init = holding.init
    return init in ("zeros", "ones") or (
        isinstance(init, Mapping) and init.get("scheme") == "constant"
    )


def _alike(weight: Weight, holding: Holding) -> list[str]:
    """Return the schemes by fans that give a weight what it holds."""
    given = _law(weight, holding.init)
    if weight.fans is None or given is None or isinstance(given, ConstantLaw):
        return []
    alike = []
    for name in _SCALED:
        law = _law(weight, name)
        if type(law) is type(given) and law is not None:
            near = abs(law.std - given.std) <= _NEAR * given.std
            alike += [name] if near else []
    return alike


def _law(weight: Weight, init: object) -> Any:
    """Return the law that a start gives a weight; None where it has none."""
    rule = Rule(init=init_of(json.dumps(init)), match="**", frozen=None)
    try:
        (planned,) = plan(Recipe((rule,)), [weight]).planned
    except FanwiseError:
        return None
    return planned.resolved.law


def init_of(start: str) -> Mapping[str, Any]:
    """Return the start of a rule that was written as JSON."""
    init = json.loads(start)
    return {"scheme": init} if isinstance(init, str) else init


def _of_its_class(weight: Weight) -> Rule:
    """Return a rule about the weights of its name in all layers of its class."""
    last = pattern_of(weight.path.rpartition("/")[2])
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
