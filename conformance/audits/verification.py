"""Whether weights are, bit for bit, what a recipe and a seed draw."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from fanwise.adapters.files import open_tensors
from fanwise.adapters.progress import Progress, show_nothing
from fanwise.adapters.starts.descriptions import StartDescription, description_of
from fanwise.adapters.stored_weights import StoredWeight, Where
from fanwise.conformance.audits.audit import RecipeLike, judged_by
from fanwise.conformance.audits.bit_verdicts import Verification
from fanwise.conformance.audits.bits import CLAIM, ComparedBlocks, all_blocks, audit_bits
from fanwise.conformance.audits.block_samples import BlockSample
from fanwise.conformance.audits.described_tensors import judged_tensors, tensor_rows
from fanwise.conformance.audits.opened_plans import opened_plans
from fanwise.conformance.audits.results import FAILS, HOLDS, AuditRow
from fanwise.conformance.audits.verdicts import Audit
from fanwise.conformance.audits.watched import watched
from fanwise.core.keys import checked_seed
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Planned
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe

Plan = tuple[StoredWeight, Planned]


def verify(
    weights: Any,
    recipe: RecipeLike | None = None,
    *,
    seed: int | None = None,
    framework: str | None = None,
    model: Any = None,
    sample: int | None = None,
    progress: Progress = show_nothing,
    **variables: float | str,
) -> Verification:
    """Check that weights are, bit for bit, what a recipe and a seed draw.

    Nothing is written, no random state is touched, and a file is read in blocks. A factorization
    such as orthogonal is held to the bounds that the specification has for it.

    Args:
        weights: the path of a file or folder of weights; or a model, a state dict, a pytree, or
            arrays by their names.
        recipe: by which they were drawn: whatever :func:`fanwise.recipe` takes. None for a start
            that Fanwise has written, for the one that its ``start.json`` says.
        seed: by which they were drawn; None likewise.
        framework: whose names they have: ``"torch"``, ``"keras"`` or ``"flax"``; None to see it.
        model: whose weights they are, where they are no model themselves; it needs no memory.
            With it, a weight that the file lacks fails too.
        sample: how many blocks to compare, chosen at random, beside one of every weight; None for
            all. The text says which faults such a sample misses, and how often.
        progress: called with how many megabytes have been read, of how many.
        **variables: of the recipe.

    Returns:
        What was compared, and the first difference.

    Raises:
        FanwiseError: for what holds no weights, for weights without a rule, and whatever else
            keeps the recipe from fitting.

    Examples:
        >>> import fanwise
        >>> rule = {"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]}
        >>> kernel = fanwise.sample("he_normal", (64, 32), seed=3, path="up/kernel", axes="torch")
        >>> fanwise.verify({"up.weight": kernel}, rule, seed=3).passed
        True
        >>> kernel[5, 7] = 2
        >>> note = fanwise.verify({"up.weight": kernel}, rule, seed=3).first_difference.note
        >>> note.partition(". ")[0]
        '0.05% of its elements differ, first at [5, 7]: 2, not -0.42760095'
    """
    described = _description_of(weights)
    chosen, seed = _asked(recipe, seed, described, variables)
    progress(0, 0, "opening it")
    with opened_plans(weights, described, chosen, seed, framework, model) as (
        source,
        planned,
        others,
    ):
        held = source if sample is not None else watched(source, progress)
        plans, blocks = list(zip(held.weights, planned, strict=True)), None
        if sample is not None:
            plans, held = [*_each_name(plans)], replace(held, weights=())
            blocks = BlockSample([stored for stored, _ in plans], sample)
        of_bits = [
            *audit_bits(
                plans,
                seed,
                has_layers=source.has_layers,
                blocks_of=all_blocks if blocks is None else _told(blocks, progress),
            )
        ]
        if described is not None:
            held = replace(held, others={})  # each is compared with its SHA-256
            untold = chosen if model is None else None
            others.extend(_of_tensors(weights, described, plans, of_bits, untold, sample))
        rows = (*of_bits, *others, *held.rows())
        name = "the recipe of its start.json" if recipe is None else ""
        verdict = Audit(source.subject, rows, 0.0, judged_by(chosen, seed, variables, name))
    compared = sum(row.n for row in rows if row.claim == CLAIM and row.outcome in (HOLDS, FAILS))
    return Verification(verdict, compared, sum(stored.size for stored, _ in plans), blocks)


def _description_of(weights: Any) -> StartDescription | None:
    """Read what stands beside the files of a start."""
    if not isinstance(weights, str | os.PathLike):
        return None
    try:
        described, is_there = description_of(Path(weights)), Path(weights).exists()
    except (OSError, ValueError) as error:
        if isinstance(error, FanwiseError):
            raise
        return None  # no path at all, which is told where it is opened
    if described is None and not is_there:
        open_tensors(weights)  # which tells that nothing is there
    return described


def _of_tensors(
    path: Any,
    described: StartDescription,
    plans: Sequence[Plan],
    of_bits: Sequence[AuditRow],
    recipe: Recipe | None,
    sample: int | None,
) -> Iterator[AuditRow]:
    """Judge the tensors that are not drawn again by what is said of them."""
    names = {
        name
        for stored, _ in plans
        for tensor in stored.tensors.values()
        for held in (tensor, *tensor.tied, *tensor.sources.values())
        for name in (held.name, *held.aliases)
    }
    outcomes = {row.path: row.outcome for row in of_bits}
    judged = judged_tensors(described, names, outcomes)
    return tensor_rows(Path(path), described, judged, recipe, is_sample=sample is not None)


def _asked(
    recipe: RecipeLike | None,
    seed: int | None,
    described: StartDescription | None,
    variables: Mapping[str, Any],
) -> tuple[Recipe, int]:
    """Return the recipe and the seed: as they are given, or else as the description says."""
    if described is None and (recipe is None or seed is None):
        hint = "Pass both: only a start that Fanwise has written says by which it was drawn."
        given = [name for name, value in (("recipe", recipe), ("seed", seed)) if value is not None]
        received = Phrase(" and ".join(given) or "neither")
        raise FanwiseError("a recipe and a seed", received, hint)
    if recipe is not None:
        chosen = read_recipe(recipe, **variables)
    else:
        assert described is not None
        chosen = described.recipe.with_vars(**variables)
    if seed is None:
        assert described is not None
        seed = described.seed
    return chosen, checked_seed(seed)


def _each_name(plans: Sequence[Plan]) -> Iterator[Plan]:
    """Give what a file holds under the other names of a tied weight a plan of its own."""
    for stored, planned in plans:
        yield stored, planned
        for name, tensor in stored.tensors.items():
            for other in tensor.tied:
                yield replace(stored, tensors={**stored.tensors, name: other}), planned


def _told(blocks: BlockSample, progress: Progress) -> ComparedBlocks:
    """Read the blocks of a sample, and tell how many have been."""
    done = count()

    def blocks_of(stored: StoredWeight) -> Iterator[tuple[Where, NDArray[Any]]]:
        for block in blocks.blocks(stored):
            progress(next(done), blocks.chosen, f"blocks, {stored.weight.path}")
            yield block

    return blocks_of
