"""Whatever holds weights that are audited: a model, named tensors, or a file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.held_models import checked_framework, framework_of_model
from fanwise.adapters.held_weights import held_weights
from fanwise.adapters.named_weights import framework_of, named_weights
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.results import UNDECIDED, AuditRow
from fanwise.conformance.audits.ties import tie_rows

#: The claim of rows about what is not judged by any law.
NOT_A_WEIGHT: Final = "not a weight"


@dataclass(frozen=True)
class AuditedSource:
    """Weights, and what holds them.

    Attributes:
        subject: what holds them, in words.
        framework: whose names they have.
        weights: all of them.
        is_model: whether all weights of a model are there, so that a recipe must fit them.
        has_layers: whether a model tells what its layers declare.
        others: names of tensors that are no weights, each with its dtype.
    """

    subject: str
    framework: str
    weights: tuple[StoredWeight, ...]
    is_model: bool
    has_layers: bool
    others: Mapping[str, str]

    def rows(self) -> Iterator[AuditRow]:
        """Yield a row for each further name of a tied weight, and each tensor without a weight."""
        yield from tie_rows(self.weights)
        for name, dtype in self.others.items():
            note = f"A tensor of {dtype} that no layer draws: nothing is claimed of it."
            yield AuditRow(name, UNDECIDED, NOT_A_WEIGHT, note=note)


@contextmanager
def opened(weights: Any, framework: str | None, model: Any) -> Iterator[AuditedSource]:
    """Open what holds weights, for as long as they are read.

    Args:
        weights: a model, named tensors, or the path of a file or folder.
        framework: whose names they have; None to see it.
        model: whose weights they are, where they are no model.

    Raises:
        FanwiseError: for what holds no weights.
    """
    if isinstance(weights, str | os.PathLike):
        from fanwise.adapters.files.opening import open_tensors

        given = "" if framework is None else checked_framework(framework)
        if not given and model is not None:
            given = framework_of_model(model) or ""
        with open_tensors(weights) as file:
            chosen = given or file.framework or framework_of(file.tensors)
            named = named_weights(file.tensors, chosen, model)
            yield _source(
                f"{Path(weights).name}, {file.format}",
                chosen,
                named,
                {name: tensor.dtype for name, tensor in file.tensors.items()},
                has_layers=model is not None,
            )
        return
    seen, held = held_weights(weights, framework, model)
    if isinstance(weights, Mapping | list | tuple):
        names = {str(name): _dtype(value) for name, value in _tensors(weights)}
        yield _source("named tensors", seen, held, names, has_layers=model is not None)
    else:
        subject = f"a model of class {type(weights).__qualname__}"
        yield AuditedSource(subject, seen, held, is_model=True, has_layers=True, others={})


def _source(
    subject: str,
    framework: str,
    weights: tuple[StoredWeight, ...],
    dtypes: Mapping[str, str],
    *,
    has_layers: bool,
) -> AuditedSource:
    """Return named tensors, those that no weight lies in apart."""
    used = {
        name
        for stored in weights
        for tensor in stored.tensors.values()
        for held in (tensor, *tensor.tied)
        for name in (held.name, *held.aliases)
    }
    others = {name: dtype for name, dtype in dtypes.items() if name not in used}
    return AuditedSource(
        subject, framework, weights, is_model=False, has_layers=has_layers, others=others
    )


def _tensors(weights: Any) -> Iterator[tuple[str, Any]]:
    """Give the tensors of a mapping that is flat; deeper ones are all weights or told by names."""
    if isinstance(weights, Mapping):
        yield from (
            (name, value) for name, value in weights.items() if not isinstance(value, Mapping)
        )


def _dtype(value: Any) -> str:
    return str(getattr(value, "dtype", type(value).__name__))
