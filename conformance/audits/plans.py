"""What a recipe says of the weights that are audited, and what it says nothing of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from fanwise.adapters.observed_values import observed_values, sample_step
from fanwise.adapters.recipes import planned_weights
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.results import UNDECIDED, AuditRow
from fanwise.conformance.audits.sources import AuditedSource
from fanwise.spec.errors import FanwiseError
from fanwise.spec.plan import Planned
from fanwise.spec.problems import Holding, Problem
from fanwise.spec.recipe import Recipe

KEPT: Final = "kept"
RULE: Final = "rule"
#: What is no fault of a file that may hold a part of a model, and what is told weight by weight.
_OF_PARTS: Final = ("unused rule", "unused name")
_OF_WEIGHTS: Final = ("obstacle", "own")
#: What may be due to layers that a file does not tell of.
_OF_LAYERS: Final = "unruled"
_ADVICE: Final = "Pass model=, whose layers say what they start with."


@dataclass(frozen=True)
class AuditedWeights:
    """Weights with what a recipe gives them, and the others.

    Attributes:
        plans: what is judged.
        kept: paths of the weights that the recipe leaves as they are.
        problems: what is told, and is no error.
    """

    plans: list[tuple[StoredWeight, Planned]]
    kept: tuple[str, ...]
    problems: tuple[Problem, ...]

    def rows(self) -> Iterator[AuditRow]:
        """Yield a row for each weight that is not judged, and for each rule without a weight."""
        for path in self.kept:
            note = "The recipe leaves it as it is: nothing is claimed of it."
            yield AuditRow(path, UNDECIDED, KEPT, note=note)
        for problem in self.problems:
            note = str(problem.error)
            if problem.kind == _OF_LAYERS:
                note = f"{note} {_ADVICE}"
            paths = problem.paths or (f"rule {problem.rule}" if problem.rule else "[names]",)
            for path in paths:
                yield AuditRow(path, UNDECIDED, RULE, note=note)


def planned_audit(recipe: Recipe, source: AuditedSource) -> AuditedWeights:
    """Match weights to the rules of a recipe.

    Raises:
        FanwiseError: as :func:`fanwise.adapters.recipes.planned_weights` does; of weights that
            are no model, for other things than rules that fit none of them.
    """
    planned = planned_weights(recipe, source.weights, framework=source.framework, is_dry=True)
    allowed = {*_OF_WEIGHTS}
    if not source.is_model:
        allowed.update(_OF_PARTS)
        if not source.has_layers and any(rule.is_own for rule in recipe.rules):
            allowed.add(_OF_LAYERS)
    if any(problem.kind not in allowed for problem in planned.problems):
        # Not dry, so that all that is wrong is raised, with the lines that would mend it.
        planned_weights(recipe, source.weights, framework=source.framework, observe=observed_weight)
    return AuditedWeights(planned.plans, planned.kept, planned.problems)


def observed_weight(stored: StoredWeight) -> Holding:
    """Say what a weight holds, by some of its values."""
    step, first, some = sample_step(stored.size), 0, []
    try:
        for _, block in stored.blocks():
            flat = block.ravel()
            some.append(flat[-first % step :: step].astype(np.float64))
            first += flat.size
    except FanwiseError:
        return Holding("")
    return observed_values(np.concatenate(some)) if some else Holding("")
