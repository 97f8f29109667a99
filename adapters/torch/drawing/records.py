"""Which schemes a tensor was set by: known as long as nothing else writes into it."""

from __future__ import annotations

import weakref
from typing import Final

from torch import Tensor

from fanwise.adapters.torch.drawing.memory import holds_nothing
from fanwise.spec.resolved import Resolved


class _TensorReference(weakref.ref[Tensor]):
    """A weak reference that knows the key under which it is kept."""

    __slots__ = ("key",)
    key: int


#: For each tensor, by its id: the weights that it holds, and torch's count of the writes into
#: it after ours. Beside the tensors rather than on them, since an attribute would be lost by
#: deepcopy and would change what pickle writes. No tensor is kept alive.
_records: Final[dict[int, tuple[_TensorReference, tuple[Resolved, ...], int | None]]] = {}


def record(tensor: Tensor, *weights: Resolved) -> None:
    """Remember what a tensor now holds; one that is a shape alone holds nothing.

    Args:
        tensor: what was written into.
        weights: those that lie in it; of a constant, the shape does not matter.
    """
    if not holds_nothing(tensor):
        _keep(tensor, weights, _version(tensor))


def record_plain(tensor: Tensor, *weights: Resolved) -> None:
    """Remember the same of a tensor that is known to have memory, and not to be of inference."""
    _keep(tensor, weights, tensor._version)  # noqa: SLF001 (as in _version)


def _keep(tensor: Tensor, weights: tuple[Resolved, ...], version: int | None) -> None:
    key = id(tensor)
    known = _records.get(key)
    if known is not None and known[0]() is tensor:
        reference = known[0]
    else:
        reference = _TensorReference(tensor, _forget)
        reference.key = key
    _records[key] = (reference, weights, version)


def recall(tensor: Tensor) -> tuple[Resolved, ...]:
    """Return what a tensor was set by; nothing if it was not, or was written into since."""
    known = _records.get(id(tensor))
    if known is None or known[0]() is not tensor or known[2] != _version(tensor):
        return ()
    return known[1]


def _forget(reference: weakref.ref[Tensor]) -> None:
    """Drop the record of a tensor that is no more."""
    assert isinstance(reference, _TensorReference)
    known = _records.get(reference.key)
    if known is not None and known[0] is reference:
        del _records[reference.key]


def _version(tensor: Tensor) -> int | None:
    """Return torch's count of in-place writes; tensors of inference mode have none."""
    if tensor.is_inference():
        return None
    return int(tensor._version)  # noqa: SLF001 (torch documents it, and has no public name for it)
