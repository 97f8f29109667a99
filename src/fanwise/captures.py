"""From a function that builds a model to the recipe that starts it, with a proof."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import count, islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fanwise.adapters.builds import ModelBuilds, called, check_factory, signature_names
from fanwise.adapters.captures import Captured, Unresolved, captured
from fanwise.adapters.extras import explain_missing
from fanwise.adapters.held_models import FLAX, checked_framework, framework_of_model
from fanwise.adapters.observed_values import is_formula
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.spec.errors import (
    FanwiseError,
    Phrase,
    UnrepeatableFactoryWarning,
    UnresolvedWeightWarning,
)
from fanwise.spec.recipe import Recipe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fanwise.conformance.audits.results import AuditRow

#: The seeds of the builds that a recipe is captured from.
SEEDS: Final = (0, 1, 2, 3)
_FEWEST: Final = 2
#: How many further builds prove it.
_PROVING: Final = 2
#: How many values tell whether two builds hold the same.
_SEEN: Final = 1 << 12
#: How many weights an error or a warning names.
_NAMED: Final = 5
_SEEDS: Final = 1 << 64


def capture(
    builds: ModelBuilds, *, seeds: Sequence[int] = SEEDS, prove: bool = True, model: str = ""
) -> Recipe:
    """Find the recipe of a model, and prove it on builds that it was not found by.

    Args:
        builds: a function that builds the model, of some framework.
        seeds: of the builds that the recipe is found by.
        prove: whether to judge further builds by it.
        model: what the recipe calls the model.

    Raises:
        FanwiseError: for a function that builds no new model under each seed, and for a recipe
            that its own model contradicts.
        ModuleNotFoundError: where the proof needs a package that is not installed.
    """
    if prove:
        # What is missing is told before anything is built.
        _proof_module()
    found = find(builds, seeds, model=model)
    _warn_of_unresolved(found.captured.unresolved)
    if prove:
        failures, differing = judge(found, builds)
        _warn_of_unrepeatable(differing)
        check_proved(failures)
    return found.captured.recipe


@dataclass(frozen=True)
class Found:
    """What builds of a model have shown.

    Attributes:
        captured: the recipe, and the weights whose start was not found.
        seeds: of the builds.
        prints: some values of each weight of the first build.
    """

    captured: Captured
    seeds: tuple[int, ...]
    prints: Mapping[str, NDArray[Any]]


def find(builds: ModelBuilds, seeds: Sequence[int] = SEEDS, *, model: str = "") -> Found:
    """Find the recipe of a model, without a proof.

    Args:
        builds, seeds, model: as in :func:`capture`.

    Raises:
        FanwiseError: as :func:`capture` does.
    """
    checked, prints = checked_seeds(seeds), _Prints()
    captured_model = captured(_each(builds, checked, prints), builds.framework, model=model)
    return Found(captured_model, checked, prints.first)


def judge(found: Found, builds: ModelBuilds) -> tuple[list[AuditRow], list[str]]:
    """Judge by a recipe builds that it was not found by, and a model that it has started itself.

    Args:
        found: the recipe, and what it was found by.
        builds: the function that builds the model.

    Returns:
        The claims that do not hold; and the weights that differ between two builds of one seed.

    Raises:
        FanwiseError: where the recipe does not fit the model.
    """
    fresh = list(islice((seed for seed in count() if seed not in found.seeds), _PROVING))
    again = builds.build(found.seeds[0])
    seen = {stored.weight.path: _seen(stored) for stored in builds.weights(again)}
    differing = [path for path, some in seen.items() if not _are_equal(found.prints[path], some)]
    rows = _proof_module().proof(
        found.captured.recipe,
        _judged(found, builds, again, fresh),
        builds.framework,
        count=len(fresh) + 1,
        open_paths={weight.path for weight in found.captured.unresolved},
    )
    return [row for row in rows if row.outcome == "fail"], differing


def check_proved(failures: Sequence[AuditRow]) -> None:
    """Raise where a claim about a captured recipe does not hold, naming the weights."""
    if failures:
        hint = "Pass prove=False to have the recipe as it is, and mend the rules of these weights."
        lines = _named([_told(row) for row in failures])
        received = Phrase(f"builds that contradict it: {lines}")
        raise FanwiseError("a recipe that builds of the model are of", received, hint)


def captured_by(
    factory: Callable[..., Any], framework: str | None = None, **options: Any
) -> Recipe:
    """Find the recipe of a model of any framework.

    Args:
        factory: builds the model.
        framework: ``"torch"``, ``"keras"`` or ``"flax"``; None to see it by what is built.
        **options: of the ``capture`` of that framework.

    Raises:
        FanwiseError: as that does, and where the framework cannot be seen.
    """
    chosen = _framework_of(factory) if framework is None else checked_framework(framework)
    door = import_module(f"fanwise.{'jax' if chosen == FLAX else chosen}")
    recipe: Recipe = door.capture(factory, **options)
    return recipe


def _framework_of(factory: Callable[..., Any]) -> str:
    """Tell the framework of a factory, which is called once for it if it takes nothing."""
    check_factory(factory)
    try:
        model = called(factory)
    except FanwiseError:
        if any(name in signature_names(factory) for name in ("key", "rng", "rngs")):
            return FLAX
        raise
    # Of a linen module with its variables, the first is the module.
    chosen = framework_of_model(model)
    if chosen is None:
        hint = "Pass framework='torch', 'keras' or 'flax'."
        received = Phrase(f"an object of class {type(model).__qualname__}")
        raise FanwiseError("a function that builds a model", received, hint)
    return chosen


def checked_seeds(seeds: Sequence[int]) -> tuple[int, ...]:
    """Return seeds, no two of them the same.

    Raises:
        FanwiseError: for fewer than two, and for anything but whole numbers below 2⁶⁴.
    """
    hint = "Pass three to five of them, e.g. seeds=(0, 1, 2, 3)."
    is_sequence = isinstance(seeds, Sequence) and not isinstance(seeds, str)
    if not is_sequence or any(type(s) is not int or not 0 <= s < _SEEDS for s in seeds):
        raise FanwiseError("seeds as a tuple of whole numbers below 2⁶⁴", seeds, hint)
    if len(set(seeds)) < max(_FEWEST, len(seeds)):
        raise FanwiseError("at least two seeds, all of them different", seeds, hint)
    return tuple(seeds)


class _Prints:
    """Some values of each weight, by which builds are told apart."""

    def __init__(self) -> None:
        self.first: dict[str, NDArray[Any]] = {}
        self._differ: set[str] = set()

    def add(self, weights: Sequence[StoredWeight]) -> None:
        """Look at one more build."""
        for stored in weights:
            path, seen = stored.weight.path, _seen(stored)
            if not _are_equal(self.first.setdefault(path, seen), seen):
                self._differ.add(path)

    def check_seeded(self) -> None:
        """Raise where values that look drawn are the same under every seed, all of them."""
        drawn = [path for path, seen in self.first.items() if _looks_drawn(seen)]
        if not self._differ and drawn:
            hint = (
                "Take the seed out of the function, such as torch.manual_seed(0) or a key of its "
                "own, and let it load no weights."
            )
            received = Phrase(f"the same values under every seed, e.g. of {drawn[0]}")
            raise FanwiseError("a model whose weights follow the seed", received, hint)


def _each(
    builds: ModelBuilds, seeds: Sequence[int], prints: _Prints
) -> Iterator[tuple[StoredWeight, ...]]:
    """Build the model under each seed, one after the other: none is held here."""
    for seed in seeds:
        weights = builds.weights(builds.build(seed))
        prints.add(weights)
        yield weights
        del weights
    prints.check_seeded()


def _seen(stored: StoredWeight) -> NDArray[Any]:
    """Return some values of a weight."""
    return next((np.array(block) for _, block in stored.blocks(_SEEN)), np.zeros(0))


def _are_equal(values: NDArray[Any], others: NDArray[Any]) -> bool:
    return np.array_equal(values, others, equal_nan=True)


def _looks_drawn(values: NDArray[Any]) -> bool:
    flat = values.reshape(-1).astype(np.float64)
    return flat.size > 1 and bool((flat != flat[0]).any()) and not is_formula(flat)


def _warn_of_unrepeatable(paths: Sequence[str]) -> None:
    """Warn of a function whose seeds do not tell what it builds."""
    if paths:
        message = (
            f"Two builds under one seed differ in {_named(paths)}: the function draws what no "
            "seed of its framework, NumPy or Python tells. The recipe is found all the same."
        )
        warnings.warn(message, UnrepeatableFactoryWarning, stacklevel=4)


def _warn_of_unresolved(unresolved: Sequence[Unresolved]) -> None:
    if unresolved:
        named = _named([f"{weight.path} ({weight.reason})" for weight in unresolved])
        message = f"The recipe keeps what starts in no way that was found: {named}."
        warnings.warn(message, UnresolvedWeightWarning, stacklevel=4)


def _judged(
    found: Found, builds: ModelBuilds, again: Any, fresh: Sequence[int]
) -> Iterator[Sequence[StoredWeight]]:
    """Give builds that the recipe was not found by, and last one that it has started."""
    for seed in fresh:
        yield builds.weights(builds.build(seed))
    yield builds.drawn(again, found.captured.recipe, fresh[0])


def _told(row: AuditRow) -> str:
    return f"{row.path} ({row.claim} {row.observed}, expected {row.expected} {row.bound})".replace(
        " )", ")"
    )


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"


def _proof_module() -> Any:
    with explain_missing("A capture with its proof"):
        from fanwise.conformance.audits import proofs
    return proofs
