"""What a weight without a rule may start with: what its layer declares, or what it holds now."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final

from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import ConstantLaw
from fanwise.spec.plan import plan
from fanwise.spec.problems import SAMPLE, Holding
from fanwise.spec.recipe import Recipe
from fanwise.spec.registry import KEEP, OWN
from fanwise.spec.roles import IMPLICIT
from fanwise.spec.rules import Rule
from fanwise.spec.weight_groups import Observe
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
#: The starts of a weight that stays, and of one that begins as its layer declares, as JSON.
KEPT: Final = json.dumps(KEEP)
OWNED: Final = json.dumps(OWN)
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


def possible_starts(weight: Weight, observe: Observe | None) -> Starts:
    """Return what a weight may start with, the best first, each as JSON."""
    if not weight.trains:
        return (KEPT,)
    holding = None if observe is None else observe(weight)
    if weight.own is not None and _holds_its_own(weight, holding):
        return (OWNED if weight.own.scheme is not None else KEPT,)
    if holding is not None and holding.init is not None:
        return (*map(json.dumps, _alike(weight, holding)), json.dumps(holding.init))
    if holding is not None and holding.text:
        # Values of no law that is known, such as a table of sines.
        return (KEPT,)
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
    law = law_of(weight, OWN)
    held = law_of(weight, holding.init)
    if law is None or isinstance(held, ConstantLaw):
        return False
    return own.entry.structured or (held is not None and is_near(held.std, law.std, weight))


def is_near(std: float, other: float, weight: Weight) -> bool:
    """Tell whether two standard deviations of a weight differ as those of samples do."""
    if min(std, other) <= 0:
        return std == other
    # No more of a large weight is looked at.
    size = min(math.prod(weight.shape), SAMPLE)
    return abs(math.log(std / other)) <= _NEAR + _ERRORS / math.sqrt(2 * size)


def _alike(weight: Weight, holding: Holding) -> list[str]:
    """Return the schemes by fans that give a weight what it holds."""
    given = law_of(weight, holding.init)
    if weight.fans is None or holding.is_guess or given is None or isinstance(given, ConstantLaw):
        return []
    alike = []
    for name in _SCALED:
        law = law_of(weight, name)
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


def law_of(weight: Weight, init: object) -> Any:
    """Return the law that a start gives a weight; None where it has none, or there is no start."""
    if init is None:
        return None
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
