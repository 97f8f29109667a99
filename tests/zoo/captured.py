"""What comes of a model of the zoo that is captured, and how its recipe stands to a bundled one."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from fanwise.adapters.builds import ModelBuilds
from fanwise.adapters.recipes import planned_weights
from fanwise.captures import Found, find, judge
from fanwise.spec import FanwiseError
from fanwise.spec.globs import matches
from fanwise.spec.plan import Planned
from fanwise.spec.recipe import recipe
from zoo.zoo_model import ZooModel

#: What may come of it: the builds prove the recipe; they do, and some weights are kept since their
#: starts were not found; they contradict it; a bundled recipe that cites the model gives other
#: laws; it is refused, or the zoo fails.
OUTCOMES: Final = ("proved", "open", "refuted", "other", "error")
#: How many faults are told.
_TOLD: Final = 3
#: Two laws are one if their deviations are as near as this, and their families the same.
_NEAR: Final = 1e-6


@dataclass(frozen=True)
class CaptureVerdict:
    """What came of capturing a model.

    Attributes:
        model: its name.
        outcome: one of :data:`OUTCOMES`.
        weights: how many it has.
        resolved: of how many of them the start was found.
        rules: how many rules its recipe has.
        cited: the bundled recipe that cites it; ``""`` for none.
        agreeing, compared: of how many weights the two recipes give one law, and of how many both
            give one.
        reason: what is not right, in words.
    """

    model: str
    outcome: str
    weights: int = 0
    resolved: int = 0
    rules: int = 0
    cited: str = ""
    agreeing: int = 0
    compared: int = 0
    reason: str = ""


def capture(model: ZooModel, framework: str) -> CaptureVerdict:
    """Capture a model, prove its recipe, and compare it with a bundled one that cites the model.

    Raises:
        FanwiseError: where Fanwise refuses it.
    """
    builds = _builds(model, framework)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = find(builds)
        try:
            failures, _ = judge(found, builds)
            faults = [f"{row.path}: {row.claim} {row.observed}" for row in failures]
        except FanwiseError as error:
            faults = [str(error).splitlines()[0]]
        compared, differing = _compared(model, found, builds)
    unresolved = [f"{weight.path}: {weight.reason}" for weight in found.captured.unresolved]
    outcome = "refuted" if faults else "other" if differing else "open" if unresolved else "proved"
    told = [*faults, *differing, *unresolved]
    return CaptureVerdict(
        model.name,
        outcome,
        found.captured.weights,
        found.captured.weights - len(unresolved),
        len(found.captured.recipe.rules),
        model.recipe,
        compared - len(differing),
        compared,
        "; ".join(told[:_TOLD]),
    )


def _builds(model: ZooModel, framework: str) -> ModelBuilds:
    """Let a model of the zoo, which seeds everything itself, follow the seeds of a capture."""
    module: Any = import_module(f"fanwise.adapters.{framework}.builds")
    if framework == "torch":
        builds: ModelBuilds = module.TorchBuilds(lambda: model.build(random.getrandbits(31)))
        return builds
    if framework == "keras":
        builds = module.KerasBuilds(lambda: model.build(random.getrandbits(31)))
        return builds
    factory, options = _jax_factory(model)
    builds = module.JaxBuilds(factory, **options)
    return builds


def _jax_factory(model: ZooModel) -> tuple[Callable[[int], Any], dict[str, Any]]:
    from zoo.judges.jax_builds import Linen, Transformed, compiled_init

    first = model.build(0)
    if isinstance(first, Linen):
        init = compiled_init(first)
        options = {"inputs": first.inputs, "keywords": first.keywords, "method": first.method}
        return (lambda seed: (first.module, init(seed))), options
    if isinstance(first, Transformed):
        return (lambda seed: _parameters(model.build(seed))), {}
    return (lambda seed: model.build(seed)), {}


def _parameters(built: Any) -> Any:
    import jax

    result = built.function.init(jax.random.key(built.seed), *built.inputs)
    return result[0] if isinstance(result, tuple) else result


def _compared(model: ZooModel, found: Found, builds: ModelBuilds) -> tuple[int, list[str]]:
    """Compare the laws that two recipes give the weights of a model."""
    if not model.recipe:
        return 0, []
    weights = builds.weights(builds.build(0))
    cited = recipe(model.recipe, **{k: v for k, v in model.variables.items() if k != "only"})
    laws = {s.weight.path: p for s, p in _plans(found.captured.recipe, weights, builds.framework)}
    compared, differing = 0, []
    for stored, planned in _plans(cited, weights, builds.framework):
        path = stored.weight.path if stored.weight.part is None else stored.weight.part.whole
        if path not in laws or not matches(model.variables.get("only", "**"), planned.weight.path):
            continue
        compared += 1
        if not _are_alike(laws[path], planned):
            differing.append(f"{planned.weight.path}: {laws[path].scheme} for {planned.scheme}")
    return compared, differing


def _plans(chosen: Any, weights: Sequence[Any], framework: str) -> list[tuple[Any, Planned]]:
    return planned_weights(chosen, weights, framework=framework).plans


def _are_alike(one: Planned, other: Planned) -> bool:
    law, same = one.resolved.law, other.resolved.law
    near = abs(law.std - same.std) <= _NEAR * same.std and abs(law.mean - same.mean) <= _NEAR
    return near and (type(law) is type(same) or law.std == 0)
