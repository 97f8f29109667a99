"""Which schemes a tensor was set by: known as long as nothing else writes into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from torch import Tensor
from torch.utils.weak import WeakTensorKeyDictionary

from fanwise.spec.scheme import Scheme


class Share(NamedTuple):
    """One weight of those that a tensor holds; most tensors hold one."""

    scheme: Scheme
    shape: tuple[int, ...]
    axes: str


@dataclass(frozen=True)
class Record:
    """How a tensor was set.

    Attributes:
        shares: the weights that it holds, and what each was drawn from.
        version: torch's count of the writes into the tensor, after ours.
    """

    shares: tuple[Share, ...]
    version: int | None


# Beside the tensors rather than on them: an attribute would be lost by deepcopy, and would
# change what pickle writes. The keys are weak, so no tensor is kept alive.
_records: Final[Any] = WeakTensorKeyDictionary()


def record(tensor: Tensor, *shares: Share) -> None:
    """Remember what a tensor now holds; one on the meta device holds nothing."""
    if not tensor.is_meta:
        _records[tensor] = Record(shares, _version(tensor))


def recall(tensor: Tensor) -> tuple[Share, ...]:
    """Return what a tensor was set by; nothing if it was not, or was written into since."""
    known: Record | None = _records.get(tensor)
    return known.shares if known is not None and known.version == _version(tensor) else ()


def _version(tensor: Tensor) -> int | None:
    """Return torch's count of in-place writes; tensors of inference mode have none."""
    if tensor.is_inference():
        return None
    return int(tensor._version)  # noqa: SLF001 (torch documents it, and has no public name for it)
