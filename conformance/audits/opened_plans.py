"""Weights that are opened to be verified, each with what a recipe makes of it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.files import open_tensors
from fanwise.adapters.held_models import weights_of
from fanwise.adapters.recipes import planned_weights
from fanwise.adapters.shape_sources.configurations import (
    CONFIGURATION,
    configuration_beside,
    model_beside,
)
from fanwise.adapters.starts.descriptions import StartDescription
from fanwise.adapters.starts.plans import planned_start
from fanwise.adapters.starts.start import CANONICAL
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.described_files import HELD, OpenedPlans, opened_described
from fanwise.conformance.audits.described_rules import rule_rows
from fanwise.conformance.audits.plans import planned_audit
from fanwise.conformance.audits.results import FAILS, UNDECIDED, AuditRow
from fanwise.conformance.audits.sources import AuditedSource, opened
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Planned
from fanwise.spec.recipe import Recipe

#: The claim of a row about layers that could not be asked.
LAYERS: Final = "layers"


def opened_plans(
    weights: Any,
    described: StartDescription | None,
    recipe: Recipe,
    seed: int,
    framework: str | None,
    model: Any,
) -> AbstractContextManager[OpenedPlans]:
    """Open weights, for as long as they are read, and plan them.

    Args:
        weights: as :func:`fanwise.verify` takes them.
        described: what stands beside them; None where nothing does.
        recipe, seed: by which they should have been drawn.
        framework, model: as :func:`fanwise.verify` takes them.

    Raises:
        FanwiseError: as :func:`fanwise.verify` does.
    """
    if described is None:
        return _opened_named(weights, recipe, framework, model)
    if described.is_canonical:
        return _opened_canonical(weights, described, recipe, seed, framework, model)
    if model is None and not _differ(recipe, described.recipe):
        return opened_described(
            Path(weights),
            described.weights,
            described.framework,
            recipe,
            rule_rows(described, recipe),
        )
    return _opened_named(weights, recipe, framework or described.framework, model)


@contextlib.contextmanager
def _opened_named(
    weights: Any, recipe: Recipe, framework: str | None, model: Any
) -> Iterator[OpenedPlans]:
    """Open weights under the names of their framework, and plan them by the recipe."""
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(opened(weights, framework, model))
        rows: list[AuditRow] = []
        if model is None and isinstance(weights, str | os.PathLike):
            source, rows = _by_configuration(Path(weights), source, stack)
        audited = planned_audit(recipe, source)
        rows += [*_absent(recipe, source.framework, model, audited.plans), *audited.rows()]
        held = replace(source, weights=tuple(stored for stored, _ in audited.plans))
        yield held, [planned for _, planned in audited.plans], rows


def _opened_canonical(
    path: Any,
    described: StartDescription,
    recipe: Recipe,
    seed: int,
    framework: str | None,
    model: Any,
) -> AbstractContextManager[OpenedPlans]:
    """Open weights under canonical paths, and plan them by a model, or as they are described."""
    weights = described.weights
    if model is not None:
        chosen, held = weights_of(model, framework)
        planned = planned_start(recipe, held, {}, seed=seed, framework=chosen, form=CANONICAL)
        weights = planned.weights
    elif _differ(recipe, described.recipe):
        hint = "Pass the model too: by its weights alone the recipe tells what they are to be."
        expected = "the recipe by which the file says that it was drawn, or a model"
        raise FanwiseError(expected, Phrase("another recipe"), hint)
    ruled = rule_rows(described, recipe) if model is None else {}
    return opened_described(Path(path), weights, "", recipe, ruled)


def _differ(recipe: Recipe, other: Recipe) -> bool:
    texts = (recipe.to_toml(), other.to_toml())
    return texts[0] != texts[1] or dict(recipe.variables) != dict(other.variables)


def _by_configuration(
    path: Path, source: AuditedSource, stack: contextlib.ExitStack
) -> tuple[AuditedSource, list[AuditRow]]:
    """Read a file by the model of the configuration that lies beside it; a row says where not."""
    if configuration_beside(path) is None:
        return source, []
    with open_tensors(path) as file:
        model, told = model_beside(path, file.tensors, source.framework)
    if model is None:
        note = f"{told.rstrip('.')}; or pass the model too."
        return source, [AuditRow(CONFIGURATION, UNDECIDED, LAYERS, note=note)] if told else []
    read = stack.enter_context(opened(path, source.framework, model))
    return replace(read, subject=f"{read.subject}, {told}"), []


def _absent(
    recipe: Recipe, framework: str, model: Any, plans: Sequence[tuple[StoredWeight, Planned]]
) -> Iterator[AuditRow]:
    """Yield a failure for each weight that the recipe draws in the model, and the file lacks."""
    if model is None:
        return
    _, weights = weights_of(model, framework)
    present = {planned.weight.path for _, planned in plans}
    for stored, planned in planned_weights(recipe, weights, framework=framework, is_dry=True).plans:
        if planned.weight.path not in present:
            note = f"The file has nothing by the name of {', '.join(stored.names)}."
            yield AuditRow(planned.weight.path, FAILS, HELD, n=stored.size, note=note)
