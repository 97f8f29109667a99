"""Whether weights are, bit for bit, what a recipe and a seed draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Final

from numpy.typing import NDArray

from fanwise.adapters.held_models import weights_of
from fanwise.adapters.progress import Progress, show_nothing
from fanwise.adapters.recipes import planned_weights
from fanwise.adapters.stored_weights import StoredWeight, Where
from fanwise.conformance.audits.audit import RecipeLike, judged_by
from fanwise.conformance.audits.bits import CLAIM, ComparedBlocks, all_blocks, audit_bits
from fanwise.conformance.audits.block_samples import BlockSample
from fanwise.conformance.audits.digests import counts_of, shown
from fanwise.conformance.audits.forms import audit_json
from fanwise.conformance.audits.lines import TextLine, row_lines
from fanwise.conformance.audits.plans import planned_audit
from fanwise.conformance.audits.results import FAILS, HOLDS, AuditRow
from fanwise.conformance.audits.sources import opened
from fanwise.conformance.audits.verdicts import Audit
from fanwise.conformance.audits.watched import watched
from fanwise.core.keys import checked_seed
from fanwise.spec.plan import Planned
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe

Plan = tuple[StoredWeight, Planned]
#: The claim of rows about what a model has and its file lacks.
HELD: Final = "held"


@dataclass(frozen=True)
class Verification:
    """Whether weights are what a recipe and a seed draw; ``print`` it to see the first difference.

    Attributes:
        audit: a row for each weight, its first difference in the note.
        compared: how many elements were compared.
        elements: how many the weights have.
        sample: which blocks were compared; None for all.
    """

    audit: Audit
    compared: int
    elements: int
    sample: BlockSample | None = None

    @property
    def passed(self) -> bool:
        """Whether nothing that was compared differs, and something was."""
        return self.audit.passed

    @property
    def first_difference(self) -> AuditRow | None:
        """The first weight that differs, and where; None where none does."""
        return next(iter(self.audit.failures), None)

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, *, full: bool = False) -> str:
        """Write it as plain text, without anything that a terminal would obey.

        Args:
            full: whether to show every weight; without it, those alike are told once.
        """
        return "\n".join(line.text for line in self.lines(full=full))

    def lines(self, *, full: bool = False) -> Iterator[TextLine]:
        """Write it line by line, each with the outcome that it tells of.

        Args:
            full: whether to show every weight.
        """
        counts, outcome = counts_of(self.audit.rows), HOLDS if self.passed else FAILS
        word = "PASS" if self.passed else "FAIL"
        yield TextLine(f"{word}: {shown(self.audit.subject)}", outcome)
        yield TextLine(f"Held to {shown(self.audit.held_to)}.")
        differing = counts[FAILS]
        verb = "weight differs" if differing == 1 else "weights differ"
        yield TextLine(
            f"{differing:,} {verb}, {counts[HOLDS]:,} do not; {self.compared:,} of "
            f"{self.elements:,} elements compared, {counts['undecided']:,} claims undecided."
        )
        if self.sample is not None:
            yield TextLine(f"Compared: {self.sample}.")
        if not differing and not self.passed:
            yield TextLine(
                "Nothing could be compared, and nothing compared is nothing right.", FAILS
            )
        yield from row_lines(self.audit.rows, full=full)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data: that of the audit, and what was compared."""
        data = self.audit.to_dict() | {"compared": self.compared, "elements": self.elements}
        if self.sample is not None:
            data["sample"] = {
                "blocks": self.sample.count,
                "of": self.sample.total,
                "seen": self.sample.smallest_seen,
                "missed": self.sample.missed(1),
            }
        return data

    def to_json(self) -> str:
        """Return it as JSON."""
        return audit_json(self.to_dict())


def verify(
    weights: Any,
    recipe: RecipeLike,
    *,
    seed: int,
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
        recipe: by which they were drawn: whatever :func:`fanwise.recipe` takes.
        seed: by which they were drawn.
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
        >>> kernel[5, 7] = 0
        >>> print(fanwise.verify({"up.weight": kernel}, rule, seed=3).first_difference.note)
        0.05% of its elements differ, first at [5, 7]: 0, not 0.152014241.
    """
    chosen, seed = read_recipe(recipe, **variables), checked_seed(seed)
    progress(0, 0, "opening it")
    with opened(weights, framework, model) as held:
        source = held if sample is not None else watched(held, progress)
        audited = planned_audit(chosen, source)
        plans, blocks = audited.plans, None
        if sample is not None:
            plans, source = [*_each_name(plans)], replace(source, weights=())
            blocks = BlockSample([stored for stored, _ in plans], sample)
        of_bits = audit_bits(
            plans,
            seed,
            has_layers=source.has_layers,
            blocks_of=all_blocks if blocks is None else _told(blocks, progress),
        )
        rows = (
            *of_bits,
            *_absent(chosen, source.framework, model, audited.plans),
            *audited.rows(),
            *source.rows(),
        )
        verdict = Audit(source.subject, rows, 0.0, judged_by(chosen, seed, variables))
    compared = sum(row.n for row in rows if row.claim == CLAIM and row.outcome in (HOLDS, FAILS))
    return Verification(verdict, compared, sum(stored.size for stored, _ in plans), blocks)


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


def _absent(
    recipe: Recipe, framework: str, model: Any, plans: Sequence[Plan]
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
