"""Files of starts whose tensors have canonical paths, as their description tells them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from fanwise.adapters.files.opening import open_tensors
from fanwise.adapters.layer_weights import PARAMETER, LayerWeight
from fanwise.adapters.starts.start import StartWeight
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.conformance.audits.plans import KEPT
from fanwise.conformance.audits.results import FAILS, UNDECIDED, AuditRow
from fanwise.conformance.audits.sources import AuditedSource
from fanwise.spec.plan import Planned
from fanwise.spec.resolved import resolve
from fanwise.spec.scheme import Scheme
from fanwise.spec.weights import Weight

#: The claim of rows about what a start has and its file lacks.
HELD: Final = "held"
#: What is opened: the weights, what each is planned to be, and rows on the others.
OpenedPlans = tuple[AuditedSource, list[Planned], list[AuditRow]]


@contextlib.contextmanager
def opened_canonical(path: Path, weights: Sequence[StartWeight]) -> Iterator[OpenedPlans]:
    """Open a file of weights under their canonical paths.

    Args:
        path: of it.
        weights: what it should hold.

    Raises:
        FanwiseError: for what is no file of tensors, and schemes that do not fit their weights.
    """
    with open_tensors(path) as file:
        held, planned, rows = [], [], []
        for start in weights:
            tensor = file.tensors.get(start.path)
            if tensor is None or tensor.shape != start.shape:
                rows.append(_wrong(start, tensor))
            elif start.scheme is None:
                note = "It was copied from a model: nothing is claimed of it."
                rows.append(AuditRow(start.path, UNDECIDED, KEPT, note=note))
            else:
                stored, plan = _planned(start, tensor)
                held.append(stored)
                planned.append(plan)
        named = {start.path for start in weights}
        others = {name: t.dtype for name, t in file.tensors.items() if name not in named}
        subject = f"{path.name}, {file.format}, canonical"
        source = AuditedSource(subject, "", tuple(held), False, False, others)  # noqa: FBT003
        yield source, planned, rows


def _planned(start: StartWeight, tensor: StoredTensor) -> tuple[StoredWeight, Planned]:
    assert start.scheme is not None
    weight = Weight(
        start.path, start.shape, start.axes, start.role, start.kind, start.groups, told=True
    )
    description = LayerWeight(start.path, start.path, start.axes, PARAMETER, start.groups)
    resolved = resolve(Scheme.from_dict(start.scheme), start.shape, start.axes)
    stored = StoredWeight(weight, description, {start.path: tensor})
    return stored, Planned(weight, resolved, start.rule or 0)


def _wrong(start: StartWeight, tensor: StoredTensor | None) -> AuditRow:
    if tensor is None:
        note = "The file has nothing by this name."
    else:
        note = f"It is of shape {tensor.shape} in the file, not {start.shape}."
    return AuditRow(start.path, FAILS, HELD, note=note)
