"""The audit of the weights of a model or a file: by a recipe, by a seed, or by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.progress import Progress, show_nothing
from fanwise.conformance.audits.beside_laws import audit_beside_laws
from fanwise.conformance.audits.bits import audit_bits
from fanwise.conformance.audits.judged import DISTRIBUTION
from fanwise.conformance.audits.laws import audit_laws
from fanwise.conformance.audits.plans import AuditedWeights, planned_audit
from fanwise.conformance.audits.results import FAILS, AuditRow
from fanwise.conformance.audits.sources import opened
from fanwise.conformance.audits.unaided import audit_unaided
from fanwise.conformance.audits.verdicts import Audit
from fanwise.conformance.audits.watched import watched
from fanwise.spec.errors import FanwiseError
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe

#: The false-alarm rates of the laws and of what is found without a recipe; bits have none.
LAWS_RATE: Final = 4e-10
UNAIDED_RATE: Final = 4e-10
#: Of bits that no known fault gives, where the law is right.
_ANOTHER_DRAW: Final = "drawn by another engine, or from another seed"
#: What a recipe may be: see :func:`fanwise.recipe`.
RecipeLike = Recipe | str | Path | Mapping[str, Any]


def audit(
    weights: Any,
    recipe: RecipeLike | None = None,
    *,
    seed: int | None = None,
    framework: str | None = None,
    model: Any = None,
    progress: Progress = show_nothing,
    **variables: float | str,
) -> Audit:
    """Judge whether weights are what a recipe starts, with stated error rates.

    Nothing is written, no random state is touched, and a file is read in blocks.

    With a recipe each weight is judged by the law that its rule gives it: whether it is finite,
    its mean, deviation, distribution, tails and support, its rows and columns, and neighbours.
    Each claim says which is the smallest fault that the size of the weight lets it see (missed
    once in a hundred), and is undecided where that is too large to matter. With a seed too, its
    bits are compared with those of the recipe. Without a recipe it is told what the weights look
    like, and what looks wrong with them.

    Args:
        weights: a model of torch, Keras or JAX; a state dict, a pytree, or arrays by their names;
            or the path of a file or folder of weights.
        recipe: what they should be: whatever :func:`fanwise.recipe` takes. None to judge them by
            themselves.
        seed: by which the portable engine should have drawn them.
        framework: whose names they have: ``"torch"``, ``"keras"`` or ``"flax"``; None to see it.
        model: whose weights they are, where they are no model themselves; it needs no memory.
        progress: called, as weights are read, with how many megabytes have been, of how many, and
            a word on which.
        **variables: of the recipe.

    Returns:
        The rows, one for each claim and weight: ``passed`` says whether none fails. Of weights
        that are right, some row fails once in 10⁹ audits.

    Raises:
        FanwiseError: for what holds no weights, for weights without a rule, and whatever else
            keeps the recipe from fitting.

    Examples:
        >>> import fanwise
        >>> weights = {"up.weight": fanwise.sample("he_normal", (256, 512), seed=0, axes="torch")}
        >>> rule = {"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]}
        >>> fanwise.audit(weights, rule).passed
        True
        >>> wrong = {"up.weight": weights["up.weight"] / 2}
        >>> fanwise.audit(wrong, rule).failures[0].claim
        'deviation'
    """
    chosen = None if recipe is None else read_recipe(recipe, **variables)
    if chosen is None and (seed is not None or variables):
        given = "a seed" if seed is not None else ", ".join(variables)
        hint = "Pass the recipe by which the weights should have been drawn."
        raise FanwiseError("a recipe", None, hint, context=f"Without a recipe {given} says nothing")
    progress(0, 0, "opening it")
    with opened(weights, framework, model) as held:
        source = watched(held, progress)
        if chosen is None:
            rows = [*audit_unaided(source.weights, UNAIDED_RATE), *source.rows()]
            return Audit(source.subject, tuple(rows), UNAIDED_RATE)
        audited = planned_audit(chosen, source)
        rows = [
            *_rows(audited, seed, has_layers=source.has_layers),
            *audited.rows(),
            *source.rows(),
        ]
        held_to = judged_by(chosen, seed, variables)
        return Audit(source.subject, tuple(rows), LAWS_RATE + UNAIDED_RATE, held_to)


def judged_by(
    recipe: Recipe, seed: int | None, variables: Mapping[str, Any], name: str = ""
) -> str:
    """Say by what weights were judged, so that a kept verdict can be had again."""
    told = f"the recipe {recipe.source}" if recipe.source else "a recipe given as text or data"
    chosen = ", ".join(f"{key} = {value!r}" for key, value in variables.items())
    parts = (
        name or told,
        f"with {chosen}" if chosen else "",
        "" if seed is None else f"seed {seed}",
    )
    return ", ".join(filter(None, parts))


def _rows(audited: AuditedWeights, seed: int | None, *, has_layers: bool) -> Iterator[AuditRow]:
    of_laws = list(audit_laws(audited.plans, LAWS_RATE, has_layers=has_layers))
    yield from of_laws
    if seed is not None:
        wrong = {row.path for row in of_laws if row.outcome == FAILS}
        right = {row.path for row in of_laws if row.claim == DISTRIBUTION} - wrong
        for row in audit_bits(audited.plans, seed, has_layers=has_layers):
            is_unknown = row.outcome == FAILS and not row.fault
            is_another = is_unknown and row.path in right and float(row.observed) > row.n / 2
            yield replace(row, fault=_ANOTHER_DRAW) if is_another else row
    yield from audit_beside_laws(audited.plans, UNAIDED_RATE)
