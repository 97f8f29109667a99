"""Rules for weights that have none: by what their layers declare, and what they hold now."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import ConstantLaw
from fanwise.spec.plan import plan
from fanwise.spec.problems import Holding
from fanwise.spec.recipe import Recipe
from fanwise.spec.registry import KEEP, OWN
from fanwise.spec.roles import IMPLICIT, PARAMETER
from fanwise.spec.rules import Rule
from fanwise.spec.weight_groups import Observe, general_path
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
#: By how much the standard deviation of a sample may differ from that of a scheme.
_NEAR: Final = 0.05
#: How many standard errors two samples of one law may differ by.
_ERRORS: Final = 6.0
#: How many values of a large weight are looked at, at most.
_SAMPLE: Final = 1 << 15
_KEEP: Final = json.dumps(KEEP)
_OWN: Final = json.dumps(OWN)
_NO_SCHEMES: Final = {_KEEP, _OWN}
#: What a weight starts with that holds nothing yet.
_BY_ROLE: Final = {
    **IMPLICIT,
    "bias": "zeros",
    "forget_bias": "ones",
    "offset": "zeros",
    "scale": "ones",
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
    every = [*weights, *others]
    rules: list[Rule] = []
    waiting = list(weights)
    for conditions in (_of_what_is_frozen, _of_its_class, _of_its_place, _of_itself):
        groups: dict[str, list[Weight]] = {}
        for weight in waiting:
            groups.setdefault(repr(conditions(weight)), []).append(weight)
        waiting = []
        for members in groups.values():
            rule = conditions(members[0])
            common = _common_start(members, starts, observe)
            paths = {weight.path for weight in members}
            is_about_some = bool(rule.frozen or rule.match or rule.role)
            if common and is_about_some and _fits_only(rule, paths, every):
                rules.append(replace(rule, init=init_of(common)))
            else:
                waiting += members
    return tuple(rules)


def _fits_only(rule: Rule, paths: Collection[str], every: Iterable[Weight]) -> bool:
    return all(weight.path in paths for weight in every if rule.fits(weight))


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
    laws = {weight.path: _law(weight, holding.init) for weight, holding in samples}
    if any(law is None or isinstance(law, ConstantLaw) for law in laws.values()):
        return ""
    sure = [sample for sample in samples if not sample[1].is_guess] or samples
    by_size = sorted(sure, key=lambda sample: float(laws[sample[0].path].std))
    middle, held = by_size[(len(by_size) - 1) // 2]
    law = laws[middle.path]
    for weight, holding in samples:
        other = laws[weight.path]
        is_alike = holding.is_guess or type(other) is type(law)
        if not (is_alike and _is_near(other.std, law.std, weight)):
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
    law, held = _law(weight, json.loads(start)), _law(weight, holding.init)
    return law is not None and held is not None and _is_near(law.std, held.std, weight)


def possible_starts(weight: Weight, observe: Observe | None) -> Starts:
    """Return what a weight may start with, the best first, each as JSON."""
    if not weight.trains:
        return (_KEEP,)
    holding = None if observe is None else observe(weight)
    if weight.own is not None and _holds_its_own(weight, holding):
        return (_OWN if weight.own.scheme is not None else _KEEP,)
    if holding is not None and holding.init is not None:
        return (*map(json.dumps, _alike(weight, holding)), json.dumps(holding.init))
    if holding is not None and holding.text:
        # Values of no law that is known, such as a table of sines.
        return (_KEEP,)
    return (json.dumps(_BY_ROLE.get(weight.role, "glorot_uniform" if weight.fans else "zeros")),)


def _holds_its_own(weight: Weight, holding: Holding | None) -> bool:
    """Tell whether a weight holds what its layer declares, as far as can be seen.

    A model may have drawn again, or set to a constant, what its layers declare.
    """
    if holding is None or not holding.text:
        return True
    own = weight.own.scheme if weight.own is not None else None
    if own is None:
        return False
    if holding.init is None:
        return holding.is_guess or own.entry.structured
    law = _law(weight, OWN)
    held = _law(weight, holding.init)
    if law is None or isinstance(held, ConstantLaw):
        return False
    return own.entry.structured or (held is not None and _is_near(held.std, law.std, weight))


def _is_near(std: float, other: float, weight: Weight) -> bool:
    """Tell whether two standard deviations of a weight differ as those of samples do."""
    if min(std, other) <= 0:
        return std == other
    # No more of a large weight is looked at.
    size = min(math.prod(weight.shape), _SAMPLE)
    return abs(math.log(std / other)) <= _NEAR + _ERRORS / math.sqrt(2 * size)


def _alike(weight: Weight, holding: Holding) -> list[str]:
    """Return the schemes by fans that give a weight what it holds."""
    given = _law(weight, holding.init)
    if weight.fans is None or holding.is_guess or given is None or isinstance(given, ConstantLaw):
        return []
    alike = []
    for name in _SCALED:
        law = _law(weight, name)
        if type(law) is type(given):
            near = abs(law.std - given.std) <= _NEAR * given.std
            alike += [name] if near else []
    return alike


def is_constant(holding: Holding) -> bool:
    """Tell whether all values of a weight are the same."""
    init = holding.init
    return init in ("zeros", "ones") or (
        isinstance(init, Mapping) and init.get("scheme") == "constant"
    )


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


def _of_what_is_frozen(weight: Weight) -> Rule:
    """Return a rule about all weights that do not train, and about no others."""
    return Rule({}, frozen=True) if not weight.trains else Rule({})


def _of_its_class(weight: Weight) -> Rule:
    """Return a rule about the weights of its name in all layers of its class."""
    last = weight.path.rpartition("/")[2]
    frozen = not weight.trains
    simple = weight.class_name.rpartition(".")[2]
    if weight.kind != PARAMETER and weight.role and not weight.guess:
        return Rule({}, role=weight.role, layer=weight.kind, frozen=frozen)
    return Rule({}, match=f"**/{last}", class_name=simple or None, frozen=frozen)


def _of_its_place(weight: Weight) -> Rule:
    """Return a rule about the weights at its place, whatever the numbers in their paths."""
    return Rule({}, match=general_path(weight.path), frozen=not weight.trains)


def _of_itself(weight: Weight) -> Rule:
    return Rule({}, match=weight.path, frozen=not weight.trains)
