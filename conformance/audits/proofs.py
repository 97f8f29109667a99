"""The proof of a captured recipe: fresh builds of its model are judged by it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from fanwise.adapters.recipes import planned_weights
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.beside_laws import BESIDE, audit_beside_laws
from fanwise.conformance.audits.judged import REPEATS
from fanwise.conformance.audits.laws import audit_laws
from fanwise.conformance.audits.neighbour_claims import NEIGHBOURS
from fanwise.conformance.audits.results import FAILS, HOLDS, AuditRow
from fanwise.spec.recipe import Recipe

#: The false-alarm rate of a proof, of all builds that it looks at.
PROOF_RATE: Final = 4e-10
FORMULA: Final = "formula"
#: What an audit of a build says that no recipe mends: how its code draws by the laws, which may
#: repeat values of few bits, or give two weights the same numbers.
OF_BUILDS: Final = BESIDE | {REPEATS, NEIGHBOURS}


def proof(
    recipe: Recipe,
    builds: Iterable[Sequence[StoredWeight]],
    framework: str,
    *,
    count: int,
    open_paths: Collection[str] = (),
) -> Iterator[AuditRow]:
    """Judge builds of a model by a recipe, which none of them has been captured from.

    What the recipe draws is judged by its laws. What it keeps is to be a formula, the same in
    every build. What an audit would say of the first build beside its laws is told too.

    Args:
        recipe: the recipe.
        builds: the weights of each build; they are read one build after the other, and those of
            the first are kept.
        framework: whose model it is.
        count: how many builds there are.
        open_paths: what is kept since its start was not found.

    Yields:
        A row for each claim, weight and build. Those of the claims ``OF_BUILDS`` are about the
        first build, and speak against its code, not against the recipe.

    Raises:
        FanwiseError: where the recipe does not fit the model.
    """
    first: dict[str, StoredWeight] = {}
    for number, weights in enumerate(builds):
        planned = planned_weights(recipe, weights, framework=framework)
        rows = audit_laws(planned.plans, PROOF_RATE / count)
        yield from (row for row in rows if not number or row.claim not in OF_BUILDS)
        if not number:
            yield from audit_beside_laws(planned.plans, PROOF_RATE)
        formulas = {s.weight.path: s for s in planned.staying if s.weight.path not in open_paths}
        for path, stored in formulas.items():
            if path in first:
                yield _formula_row(first[path], stored)
        first = first or formulas


def _formula_row(before: StoredWeight, stored: StoredWeight) -> AuditRow:
    """Say whether two builds hold the same values, block by block."""
    pairs = zip(before.blocks(), stored.blocks(), strict=True)
    same = all(np.array_equal(a, b, equal_nan=True) for (_, a), (_, b) in pairs)
    observed = "the same values" if same else "other values"
    return AuditRow(
        stored.weight.path,
        HOLDS if same else FAILS,
        FORMULA,
        observed=observed,
        expected="the same values under every seed",
        n=stored.size,
    )
