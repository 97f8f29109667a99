"""What comes of a model of the zoo that is captured, and how its recipe stands to a bundled one."""

from __future__ import annotations

import math
import random
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module, resources
from typing import Any, Final

from fanwise.adapters.builds import ModelBuilds
from fanwise.adapters.recipes import planned_weights
from fanwise.conformance.results.deviations import read_all
from fanwise.proved_captures import SEEDS, Found, find, judge
from fanwise.spec import FanwiseError
from fanwise.spec.globs import matches
from fanwise.spec.laws import Law, NormalLaw, TruncatedNormalLaw
from fanwise.spec.plan import Planned
from fanwise.spec.recipe import recipe
from zoo.zoo_model import ZooModel

#: What may come of it: the builds prove the recipe; they do, and some weights are kept since their
#: starts were not found; they contradict it; a bundled recipe that cites the model gives other
#: laws; it is refused, or the zoo fails.
OUTCOMES: Final = ("proved", "open", "refuted", "other", "error")
#: How many faults are told.
_TOLD: Final = 3
#: Two laws of one family agree if their deviations differ by no more standard errors than these.
_ERRORS: Final = 6.0
#: Beyond so many deviations a normal law has no values.
_FAR: Final = 8.0


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
        deviating: of how many of the others the list of deviations says that they differ.
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
    deviating: int = 0
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
            failures = judge(found, builds).failures
            faults = [f"{row.path}: {row.claim} {row.observed}" for row in failures]
        except FanwiseError as error:
            faults = [str(error).splitlines()[0]]
        compared, differing = _compared(model, found, builds)
        deviations = _deviations(framework)
        told_of = [text for text in differing if _subject(model, text).startswith(deviations)]
        differing = [text for text in differing if text not in told_of]
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
        compared - len(differing) - len(told_of),
        compared,
        len(told_of),
        "; ".join(told[:_TOLD]),
    )


def _builds(model: ZooModel, framework: str) -> ModelBuilds:
    """Let a model of the zoo, which seeds everything itself, follow the seeds of a capture."""
    adapter: Any = import_module(f"fanwise.adapters.{framework}.builds")

    def build() -> Any:
        return model.build(random.getrandbits(31))

    builds: ModelBuilds
    if framework == "torch":
        builds = adapter.TorchBuilds(build)
    elif framework == "keras":
        builds = adapter.KerasBuilds(build)
    else:
        factory, options = _jax_factory(model)
        builds = adapter.JaxBuilds(factory, **options)
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


def _subject(model: ZooModel, differing: str) -> str:
    """Return what the list of deviations calls a weight of a model."""
    return f"{model.name} {differing.partition(':')[0]}"


def _deviations(framework: str) -> tuple[str, ...]:
    """Return the subjects of which a list says that they differ from the recipes that cite them."""
    folder = resources.files(f"fanwise.adapters.{framework}.conformance")
    listed = read_all(folder.joinpath("deviations.toml").read_text("utf-8"))
    return tuple(subject for deviation in listed for subject in deviation.subjects if subject)


def _plans(chosen: Any, weights: Sequence[Any], framework: str) -> list[tuple[Any, Planned]]:
    return planned_weights(chosen, weights, framework=framework).plans


def _are_alike(one: Planned, other: Planned) -> bool:
    law, same = one.resolved.law, other.resolved.law
    # A number that no expression gives is measured.
    error = _ERRORS * same.std / math.sqrt(2 * math.prod(one.weight.shape) * len(SEEDS))
    near = abs(law.std - same.std) <= error and abs(law.mean - same.mean) <= 2 * error
    return near and (_family(law) == _family(same) or law.std == 0)


def _family(law: Law) -> type[Law]:
    """Tell the family of a law: a normal one that is cut where it has no values is not cut."""
    is_cut = isinstance(law, TruncatedNormalLaw) and min(-law.low, law.high) < _FAR
    return type(law) if is_cut or not isinstance(law, TruncatedNormalLaw) else NormalLaw
