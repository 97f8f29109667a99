"""Weights that a description says were copied, though a recipe may draw them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from fanwise.adapters.named_weights import named_weights
from fanwise.adapters.starts.canonical_form import start_weight
from fanwise.adapters.starts.descriptions import StartDescription
from fanwise.adapters.starts.start import StartWeight
from fanwise.adapters.stored_weights import StoredTensor
from fanwise.conformance.audits.described_rules import ALONE, rule_fits
from fanwise.conformance.audits.plans import RULE
from fanwise.conformance.audits.results import FAILS, UNDECIDED, AuditRow
from fanwise.spec import globs
from fanwise.spec.errors import FanwiseError
from fanwise.spec.recipe import Recipe

#: What names say of tensors that may be no weights: nothing, or that they scale.
_OF_BUFFERS: Final = ("", "parameter", "norm")


def copy_rows(
    described: StartDescription, recipe: Recipe, tensors: Mapping[str, StoredTensor]
) -> Iterator[AuditRow]:
    """Judge what a description says was copied: a SHA-256 alone does not tell that it should be.

    Args:
        described: says which tensors were copied.
        recipe: by which the others were drawn.
        tensors: of the file.

    Yields:
        A failure for a weight that the recipe draws, and an undecided row for one that it may draw.
    """
    copied = {tensor.name for tensor in described.tensors if tensor.is_copied}
    # Of what a rule draws the weights are named; of what is empty there is nothing to draw.
    copied -= {t.name for t in described.tensors if t.weights or 0 in t.shape}
    every = described.weights if described.is_canonical else _named(described, tensors)
    for start in every:
        if start.scheme is None and copied.issuperset(start.tensors):
            number, is_told = _drawn_by(described, recipe, start)
            if number and is_told and not _may_stay(described, recipe, start):
                note = f"start.json says that it was copied, and rule {number} draws it."
                yield AuditRow(start.path, FAILS, RULE, note=note)
            elif number:
                note = f"It was copied, and rule {number} may draw it. {ALONE}"
                yield AuditRow(start.path, UNDECIDED, RULE, note=note)


def _named(
    described: StartDescription, tensors: Mapping[str, StoredTensor]
) -> Iterator[StartWeight]:
    """Read the weights of a file by their names, each as what is copied."""
    try:
        every = named_weights(tensors, described.framework)
    except FanwiseError:
        return  # names that tell nothing
    for stored in every:
        weight = stored.weight
        # By names and shapes alone a matrix may be a kernel or a table.
        kind = "" if weight.guess else weight.kind
        known = replace(weight, kind=kind, role="" if weight.guess else weight.role)
        yield start_weight(known, weight.shape, weight.axes, tuple(stored.names))


def _may_stay(described: StartDescription, recipe: Recipe, start: StartWeight) -> bool:
    """Tell whether rules may pass over a tensor: a buffer, or a weight that does not train."""
    # A matrix of a layer is no buffer; of a norm that stays as it is, all may be.
    is_buffer = not described.is_canonical and start.kind in _OF_BUFFERS
    return is_buffer or any(globs.matches(pattern, start.path) for pattern in recipe.unmatched)


def _drawn_by(described: StartDescription, recipe: Recipe, start: StartWeight) -> tuple[int, bool]:
    """Return the first rule that may draw a weight, 0 for none, and whether it surely does."""
    is_open = 0
    for number, rule in enumerate(recipe.rules, 1):
        fits = rule_fits(described, recipe, start, rule)
        # What a weight is that nobody draws, a description alone says, or a look at its name.
        untold = described.is_canonical or not start.role
        may_fit = fits is False or (fits is None and untold and rule.fits_path(start.path))
        if fits and (rule.keeps or not is_open):
            return (is_open, False) if rule.keeps else (number, True)
        if may_fit and not rule.keeps:
            is_open = is_open or number
    return is_open, False
