"""Files of starts, whose weights their description tells: any framework's, or canonical ones."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Final

from fanwise.adapters.files.opened import TensorFile
from fanwise.adapters.files.opening import open_tensors
from fanwise.adapters.layer_weights import PARAMETER, LayerWeight, Span
from fanwise.adapters.named_weights import named_weights
from fanwise.adapters.starts.start import StartWeight
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.conformance.audits.plans import planned_audit
from fanwise.conformance.audits.results import FAILS, UNDECIDED, AuditRow
from fanwise.conformance.audits.sources import AuditedSource
from fanwise.spec.plan import Planned
from fanwise.spec.recipe import Recipe
from fanwise.spec.resolved import Resolved
from fanwise.spec.scheme import Scheme
from fanwise.spec.weights import Weight

#: The claim of rows about what a start has and its file lacks.
HELD: Final = "held"
#: What is opened: the weights, what each is planned to be, and rows on the others.
OpenedPlans = tuple[AuditedSource, list[Planned], list[AuditRow]]


@contextlib.contextmanager
def opened_described(
    path: Path,
    weights: Sequence[StartWeight],
    framework: str,
    recipe: Recipe,
    ruled: Mapping[str, AuditRow],
) -> Iterator[OpenedPlans]:
    """Open a file whose weights are known.

    Args:
        path: of it.
        weights: what it should hold.
        framework: whose names it has; ``""`` for canonical paths.
        recipe: by which it was drawn. What lies in a tensor with other weights is found there by
            the names of its framework.
        ruled: what is told of the rules of weights; one with a failure is not compared.

    Raises:
        FanwiseError: for what is no file of tensors, and schemes that do not fit their weights.
    """
    with open_tensors(path) as file:
        held, planned, rows = [], [], [*ruled.values()]
        packed: set[str] = set()
        folded: list[StartWeight] = []
        lie_in = Counter(name for start in weights for name in start.tensors)
        for start in weights:
            names = start.tensors
            absent = [name for name in names if name not in file.tensors]
            if absent:
                rows.append(_failed(start, f"The file has nothing by the name of {absent[0]}."))
            elif start.scheme is None:
                continue  # its SHA-256 is all that is known of it
            elif start.path in ruled and ruled[start.path].outcome == FAILS:
                continue
            elif len(names) > 1 or any(lie_in[name] > 1 for name in names):
                packed.update(names)
            elif (tensor := file.tensors[names[0]]).shape != _held_shape(start):
                # Gates side by side, or heads apart: how they lie the names of a framework tell.
                if framework and prod(tensor.shape) == prod(start.shape):
                    folded.append(start)
                else:
                    rows.append(_other_shape(start, tensor))
            else:
                stored, plan = _planned(start, tensor)
                held.append(stored)
                planned.append(plan)
        packed.update(start.tensors[0] for start in folded)
        if packed:
            named = _packed(file, packed, framework, recipe)
            for stored, plan in _as_described(named, weights, folded):
                held.append(stored)
                planned.append(plan)
            told = {(stored.weight.path, stored.weight.shape) for stored in held}
            rows += [
                _untold(start, file.tensors[start.tensors[0]])
                for start in folded
                if (start.path, start.shape) not in told
            ]
        kind = f"{file.format}, canonical" if not framework else file.format
        source = AuditedSource(
            f"{path.name}, {kind}",
            framework,
            tuple(held),
            is_model=False,
            has_layers=False,
            others={},  # each is compared with its SHA-256
        )
        yield source, planned, rows


def _held_shape(start: StartWeight) -> tuple[int, ...]:
    return start.shape if start.batch is None else start.shape[1:]


def _planned(start: StartWeight, tensor: StoredTensor) -> tuple[StoredWeight, Planned]:
    assert start.scheme is not None
    weight = Weight(
        start.path, start.shape, start.axes, start.role, start.kind, start.groups, told=True
    )
    # Of a weight of batches there may be one alone.
    one = () if start.batch is None else (slice(start.batch, start.batch + 1),)
    description = LayerWeight(
        start.path,
        start.path,
        start.axes,
        PARAMETER,
        start.groups,
        zero_row=start.zero_row,
        spans=(Span(start.path, (), one),) if one else (),
        shape=start.shape if one else None,
    )
    scheme = Scheme.from_dict(start.scheme)
    resolved = Resolved(scheme, start.layout, scheme.law_on(start.layout))
    stored = StoredWeight(weight, description, {start.path: tensor})
    return stored, Planned(weight, resolved, start.rule or 0)


def _as_described(
    named: Sequence[tuple[StoredWeight, Planned]],
    weights: Sequence[StartWeight],
    folded: Sequence[StartWeight],
) -> Iterator[tuple[StoredWeight, Planned]]:
    """Give weights that were found by names, but for those that are described in another way."""
    alone = {name for start in folded for name in start.tensors}
    for stored, plan in named:
        alike = _alike(weights, stored)
        if alike or not alone.issuperset(stored.names):
            yield _replanned(alike, stored, plan)


def _alike(weights: Sequence[StartWeight], stored: StoredWeight) -> list[StartWeight]:
    """Return what is described as a weight that was found by names, in the same tensors."""
    known, names = (stored.weight.shape, stored.weight.role), set(stored.names)
    return [
        start
        for start in weights
        if set(start.tensors) == names and (start.shape, start.role) == known
    ]


def _replanned(
    alike: Sequence[StartWeight], stored: StoredWeight, plan: Planned
) -> tuple[StoredWeight, Planned]:
    """Plan a weight as it is described: names lack its path, and what its layer declares."""
    fitting = [start for start in alike if start.axes == stored.weight.axes]
    if len(fitting) != 1 or fitting[0].scheme is None:
        return stored, plan
    (start,) = fitting
    assert start.scheme is not None
    renamed = replace(stored.weight, path=start.path)
    scheme = Scheme.from_dict(start.scheme)
    resolved = Resolved(scheme, start.layout, scheme.law_on(start.layout))
    return replace(stored, weight=renamed), Planned(renamed, resolved, start.rule or 0)


def _packed(
    file: TensorFile, names: set[str], framework: str, recipe: Recipe
) -> list[tuple[StoredWeight, Planned]]:
    """Find the weights of tensors that hold several, and plan them by the recipe."""
    every = named_weights(file.tensors, framework)
    weights = tuple(stored for stored in every if names.issuperset(stored.names))
    source = AuditedSource("", framework, weights, is_model=False, has_layers=False, others={})
    return planned_audit(recipe, source).plans


def _other_shape(start: StartWeight, tensor: StoredTensor) -> AuditRow:
    return _failed(start, f"It is of shape {tensor.shape} in the file, not {_held_shape(start)}.")


def _untold(start: StartWeight, tensor: StoredTensor) -> AuditRow:
    """Say that its SHA-256 is all by which a weight is judged that names do not tell."""
    note = f"How it lies in {tensor.shape} names do not tell: pass model=, whose layers do."
    return AuditRow(start.path, UNDECIDED, HELD, note=note)


def _failed(start: StartWeight, note: str) -> AuditRow:
    return AuditRow(start.path, FAILS, HELD, note=note)
