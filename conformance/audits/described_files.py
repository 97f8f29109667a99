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
from fanwise.adapters.layer_weights import PARAMETER, LayerWeight
from fanwise.adapters.named_weights import named_weights
from fanwise.adapters.starts.start import StartWeight
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.conformance.audits.plans import planned_audit
from fanwise.conformance.audits.results import FAILS, AuditRow
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
            elif (tensor := file.tensors[names[0]]).shape != start.shape:
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
            drawn = {frozenset(start.tensors): start for start in weights if len(start.tensors) > 1}
            for stored, plan in _packed(file, packed, framework, recipe):
                described = drawn.get(frozenset(stored.names))
                renamed, replanned = _replanned(described, stored, plan)
                held.append(renamed)
                planned.append(replanned)
            told = {(stored.weight.path, stored.weight.shape) for stored in held}
            rows += [
                _other_shape(start, file.tensors[start.tensors[0]])
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


def _planned(start: StartWeight, tensor: StoredTensor) -> tuple[StoredWeight, Planned]:
    assert start.scheme is not None
    weight = Weight(
        start.path, start.shape, start.axes, start.role, start.kind, start.groups, told=True
    )
    description = LayerWeight(
        start.path, start.path, start.axes, PARAMETER, start.groups, zero_row=start.zero_row
    )
    scheme = Scheme.from_dict(start.scheme)
    resolved = Resolved(scheme, start.layout, scheme.law_on(start.layout))
    stored = StoredWeight(weight, description, {start.path: tensor})
    return stored, Planned(weight, resolved, start.rule or 0)


def _replanned(
    start: StartWeight | None, stored: StoredWeight, plan: Planned
) -> tuple[StoredWeight, Planned]:
    """Plan a weight of several tensors as it is described: names lack its path."""
    if start is None or start.scheme is None:
        return stored, plan
    weight = stored.weight
    if (start.shape, start.axes, start.role) != (weight.shape, weight.axes, weight.role):
        return stored, plan
    renamed = replace(weight, path=start.path)
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
    return _failed(start, f"It is of shape {tensor.shape} in the file, not {start.shape}.")


def _failed(start: StartWeight, note: str) -> AuditRow:
    return AuditRow(start.path, FAILS, HELD, note=note)
