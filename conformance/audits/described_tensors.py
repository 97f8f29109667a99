"""The tensors of a file beside those that its description names: each of them, and no other."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.files.numbers import NUMBERS
from fanwise.adapters.files.opening import open_tensors
from fanwise.adapters.starts.cells import cells_of, step_of
from fanwise.adapters.starts.descriptions import DescribedTensor, StartDescription
from fanwise.adapters.starts.digests import start_digest
from fanwise.adapters.starts.manifest import NAME
from fanwise.adapters.stored_weights import BLOCK, StoredTensor
from fanwise.conformance.audits.described_copies import copy_rows
from fanwise.conformance.audits.known_faults.bit_patterns import stored_bits
from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditRow
from fanwise.spec.recipe import Recipe

#: The claim of rows about the bytes of tensors that nothing draws again.
DIGEST: Final = "sha256"
#: The claim of rows about what a description says.
DESCRIBED: Final = "described"


def tensor_rows(
    path: Path,
    described: StartDescription,
    judged: Collection[str],
    recipe: Recipe | None,
    *,
    is_sample: bool,
) -> Iterator[AuditRow]:
    """Compare the tensors of a file with what stands beside it.

    Args:
        path: of the file, or of its folder.
        described: what stands beside it.
        judged: names of the tensors all of which is compared with what is drawn; of the others
            the SHA-256 is.
        recipe: that may draw what is said to be copied; None where a model told what it draws.
        is_sample: whether blocks alone are read, so that no SHA-256 is compared.

    Yields:
        A failure for each tensor that one of the two lacks, or has otherwise, and a row for each
        whose SHA-256 decides.
    """
    yield from _disagreements(described)
    by_name = {tensor.name: tensor for tensor in described.tensors}
    with open_tensors(path) as file:
        for tensor in described.tensors:
            held = file.tensors.get(tensor.name)
            if held is None:
                yield _failed(tensor.name, "start.json names it, and the file has nothing of it.")
            else:
                yield from _compared(
                    held, tensor, is_judged=tensor.name in judged, is_sample=is_sample
                )
        if recipe is not None:
            yield from copy_rows(described, recipe, file.tensors)
        for name, held in file.tensors.items():
            if name in by_name:
                continue
            first = by_name.get(described.ties.get(name, ""))
            if first is not None:
                yield from _compared(held, first, is_judged=False, is_sample=is_sample)
            else:
                yield _failed(name, "The file has it, and start.json does not name it.")


def _disagreements(described: StartDescription) -> Iterator[AuditRow]:
    """Compare what a description says of its tensors with what it says of its weights."""
    drawn = {weight.path: weight for weight in described.weights if weight.scheme is not None}
    by_name = {tensor.name: tensor for tensor in described.tensors}
    if len(by_name) < len(described.tensors):
        yield _failed(NAME, "It names a tensor twice.")
    elif described.digest != start_digest({t.name: t.sha256 for t in described.tensors}):
        yield _failed(NAME, "Its digest is not that of the SHA-256s that it has of its tensors.")
    for tensor in described.tensors:
        for path in tensor.weights:
            if path not in drawn:
                note = f"start.json says that it lies in {tensor.name}, and not how it is drawn."
                yield _failed(path, note)
        # Starts of older versions do not call it copied where there is nothing to copy.
        if not tensor.weights and not tensor.is_copied and 0 not in tensor.shape:
            note = "start.json says that it is drawn, and of which weight it does not say."
            yield _failed(tensor.name, note)
    for weight in drawn.values():
        for name in weight.tensors:
            if name not in by_name or weight.path not in by_name[name].weights:
                note = f"start.json says that it lies in {name}, of which it says otherwise."
                yield _failed(weight.path, note)


def _compared(
    held: StoredTensor, told: DescribedTensor, *, is_judged: bool, is_sample: bool
) -> Iterator[AuditRow]:
    """Compare one tensor with what is said of it."""
    for what, here, there in (
        ("shape", held.shape, told.shape),
        ("dtype", held.dtype, told.dtype),
    ):
        if here != there:
            note = f"It is of {what} {here} in the file, and of {there} by start.json."
            yield _failed(held.name, note)
            return
    if is_judged:
        return
    if is_sample:
        note = "Not compared: nothing draws it again, and its SHA-256 is of all of it."
        yield AuditRow(held.name, UNDECIDED, DIGEST, note=note)
        return
    size, found = math.prod(held.shape), _sha256(held)
    if found == told.sha256:
        note = "Its bytes are those of which start.json has the SHA-256."
        yield AuditRow(held.name, HOLDS, DIGEST, n=size, note=note)
    else:
        note = f"Its bytes are not those of which start.json has the SHA-256, {told.sha256[:12]}…"
        yield AuditRow(held.name, FAILS, DIGEST, found, told.sha256, n=size, note=note)


def _sha256(tensor: StoredTensor) -> str:
    """Hash a tensor as a start's file has it: in row-major order, the low byte first."""
    size, sha256 = math.prod(tensor.shape), hashlib.sha256()
    step = step_of(tensor.shape, BLOCK)
    for first in range(0, size, step):
        for cell in cells_of(tensor.shape, first, min(step, size - first)):
            sha256.update(_bytes(np.asarray(tensor.read(cell)), tensor.dtype))
    return sha256.hexdigest()


def _bytes(values: NDArray[Any], dtype: str) -> bytes:
    if dtype == "bfloat16":
        values = stored_bits(values, dtype)
    return values.astype(NUMBERS[dtype].storage, copy=False).tobytes()


def _failed(path: str, note: str) -> AuditRow:
    return AuditRow(path, FAILS, DESCRIBED, note=note)


def judged_tensors(
    described: StartDescription, names: Collection[str], outcomes: Mapping[str, str]
) -> set[str]:
    """Return the names of the tensors all of which was compared with what is drawn.

    Args:
        described: says which weights lie in them.
        names: of the tensors that were looked at.
        outcomes: of the weights that were, by their paths.
    """
    return {
        tensor.name
        for tensor in described.tensors
        if tensor.name in names
        and tensor.weights
        and not tensor.is_copied
        and all(outcomes.get(path) in (HOLDS, FAILS) for path in tensor.weights)
    }
