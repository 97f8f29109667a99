"""Which scheme a tensor was set by: known as long as nothing else writes into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from torch import Tensor
from torch.utils.weak import WeakTensorKeyDictionary

from fanwise.spec.scheme import Scheme


@dataclass(frozen=True)
class Record:
    """How a tensor was set.

    Attributes:
        scheme: what it was drawn from.
        axes: the role of each axis.
        version: torch's count of the writes into the tensor, after ours.
    """

    scheme: Scheme
    axes: str
    version: int | None


# Beside the tensors rather than on them: an attribute would be lost by deepcopy, and would
# change what pickle writes. The keys are weak, so no tensor is kept alive.
_records: Final[Any] = WeakTensorKeyDictionary()


def record(tensor: Tensor, scheme: Scheme, axes: str) -> None:
    """Remember that a tensor now holds a scheme; one on the meta device holds nothing."""
    if not tensor.is_meta:
        _records[tensor] = Record(scheme, axes, _version(tensor))


def recall(tensor: Tensor) -> Record | None:
    """How a tensor was set; None if it was not, or was written into since."""
    found: Record | None = _records.get(tensor)
    return found if found is not None and found.version == _version(tensor) else None


def _version(tensor: Tensor) -> int | None:
    """Torch's count of in-place writes; tensors of inference mode have none."""
    if tensor.is_inference():
        return None
    return int(tensor._version)  # noqa: SLF001 (torch documents it, and has no public name for it)
