"""From a function that builds a model to the recipe that starts it, with a proof."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from fanwise.adapters.builds import (
    ModelBuilds,
    called,
    check_factory,
    parameters_of,
    seeded_numbers,
)
from fanwise.adapters.captures import Unresolved
from fanwise.adapters.held_models import FLAX, checked_framework, framework_of_model
from fanwise.adapters.model_builds import CountedBuilds, builds_of
from fanwise.adapters.progress import Progress, show_nothing
from fanwise.doors import SEEDS
from fanwise.proved_captures import (
    builds_of_capture,
    check_proved,
    find,
    judge,
    named_some,
    proof_module,
    told,
)
from fanwise.spec.errors import (
    FanwiseError,
    Phrase,
    UnrepeatableFactoryWarning,
    UnresolvedWeightWarning,
    UnsoundStartWarning,
)
from fanwise.spec.recipe import Recipe


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
        proof_module()
    found = find(builds, seeds, model=model)
    _warn_of_unresolved(found.captured.unresolved)
    _warn_of_fixed(found.prints.fixed_draws())
    if prove:
        proof = judge(found, builds)
        _warn_of_unrepeatable(proof.differing)
        check_proved(proof.failures)
        _warn_of_faults([told(row) for row in proof.faults])
    return found.captured.recipe


def captured_by(
    factory: Callable[..., Any],
    framework: str | None = None,
    *,
    prove: bool = True,
    progress: Progress = show_nothing,
    **call: Any,
) -> Recipe:
    """Find the recipe of a model of any framework.

    Args:
        factory: builds the model.
        framework: ``"torch"``, ``"keras"`` or ``"flax"``; None to see it by what is built.
        prove: whether to judge further builds by it.
        progress: told before each build.
        **call: what a linen module is called with, as in :func:`fanwise.jax.capture`.

    Raises:
        FanwiseError: as the ``capture`` of that framework does, and where the framework cannot be
            seen.
    """
    chosen = framework_of(factory) if framework is None else checked_framework(framework)
    builds = builds_of(factory, chosen, **call)
    return capture(CountedBuilds(builds, builds_of_capture(prove=prove), progress), prove=prove)


def framework_of(factory: Callable[..., Any]) -> str:
    """Tell the framework of a factory, which is called once for it if it takes nothing.

    Args:
        factory: builds the model.

    Raises:
        FanwiseError: where that cannot be told.
    """
    check_factory(factory)
    if any(p.default is p.empty for p in parameters_of(factory)) and "jax" in sys.modules:
        # Only those of JAX are given anything.
        return FLAX
    with seeded_numbers(0):
        model = called(factory)
    chosen = framework_of_model(model)
    if chosen is None:
        hint = "Pass framework='torch', 'keras' or 'flax'."
        received = Phrase(f"an object of class {type(model).__qualname__}")
        raise FanwiseError("a function that builds a model", received, hint)
    return chosen


def _warn_of_unrepeatable(paths: Sequence[str]) -> None:
    """Warn of a function whose seeds do not tell what it builds."""
    if paths:
        message = (
            f"Two builds under one seed differ in {named_some(paths)}: the function draws what no "
            "seed of its framework, NumPy or Python tells. The recipe is found all the same."
        )
        warnings.warn(message, UnrepeatableFactoryWarning, stacklevel=4)


def _warn_of_unresolved(unresolved: Sequence[Unresolved]) -> None:
    if unresolved:
        named = named_some([f"{weight.path} ({weight.reason})" for weight in unresolved])
        message = f"The recipe keeps what starts in no way that was found: {named}."
        warnings.warn(message, UnresolvedWeightWarning, stacklevel=4)


def _warn_of_fixed(paths: Sequence[str]) -> None:
    """Warn of weights that somebody has drawn before, or under a seed of the function's own."""
    if paths:
        message = (
            f"The recipe keeps what looks drawn, and is the same under every seed: "
            f"{named_some(paths)}. The function loads these weights, or seeds itself before it "
            "draws them."
        )
        warnings.warn(message, UnresolvedWeightWarning, stacklevel=4)


def _warn_of_faults(claims: Sequence[str]) -> None:
    """Warn of what an audit of the model's own start fails, though its laws are those found."""
    if claims:
        message = (
            "The recipe gives the laws of this model, and yet an audit of what the function builds "
            f"fails, by how it draws: {named_some(claims)}. A model started by the recipe is "
            "drawn otherwise."
        )
        warnings.warn(message, UnsoundStartWarning, stacklevel=4)
