"""Models whose weights nobody has set, as after ``to_empty()``: what they hold says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor

from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.memory import holds_nothing, is_allocated
from fanwise.adapters.torch.layers.dtypes import known_dtypes
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.unset_values import find_float_fault
from fanwise.spec.errors import FanwiseError
from fanwise.spec.roles import FAN_ROLES

#: So many of a model's matrices are looked at, and so many numbers of each.
_MATRICES: Final = 32
_NUMBERS: Final = 64
#: Dtypes with several numbers to an element, which torch turns into no others.
_PACKED: Final = known_dtypes("float4_e2m1fn_x2")


def is_unset(weights: Sequence[TensorWeight]) -> bool:
    """Tell whether most matrices of a model hold no weights: one number, or none that is usual.

    Args:
        weights: all of its weights.
    """
    held = [s for s in weights if not s.computed and s.tensors]
    matrices = _some([s.tensor for s in held if s.weight.role in FAN_ROLES])
    # A constant says that only of a kernel; numbers that differ speak for what holds them.
    others = _some([s.tensor for s in held if _is_other_matrix(s)])
    unset = sum(map(_is_unset, matrices))
    return 2 * unset > len(matrices) + sum(not _is_unset(tensor) for tensor in others)


def _some(tensors: Sequence[Tensor]) -> list[Tensor]:
    step = max(1, len(tensors) // _MATRICES)
    # Of a sharded one this rank's part tells as much: nobody has set it, or all of it was.
    held = [part for tensor in tensors[::step] for part in readable_parts(tensor)]
    return [part for part, _ in held]


def _is_other_matrix(stored: TensorWeight) -> bool:
    return stored.weight.role not in FAN_ROLES and len(stored.weight.shape) > 1


def readable_parts(tensor: Tensor) -> list[tuple[Tensor, sharded.Index]]:
    """List the blocks of a tensor that this process holds as numbers: memory, and where it is."""
    if sharded.is_sharded(tensor):
        if holds_nothing(tensor) or not _is_divided(tensor):
            return []
        return [(part, index) for part, index in sharded.parts(tensor) if is_readable(part)]
    return [(tensor.detach(), (slice(None),) * tensor.ndim)] if is_readable(tensor) else []


def is_readable(tensor: Tensor) -> bool:
    """Tell whether a tensor has all of its elements here, as numbers."""
    return not (
        holds_nothing(tensor)
        or sharded.is_sharded(tensor)
        or tensor.layout is not torch.strided
        or not is_allocated(tensor)
        or not tensor.is_floating_point()
        or tensor.dtype in _PACKED
        or not tensor.numel()
    )


def _is_divided(tensor: Tensor) -> bool:
    """Tell whether each element of a sharded tensor is some rank's own."""
    try:
        sharded.check(tensor)
    except FanwiseError:
        return False
    return True


def _is_unset(tensor: Tensor) -> bool:
    flat = tensor.detach().reshape(-1)
    values = flat[:: max(1, flat.numel() // _NUMBERS)].float().cpu().numpy()
    return bool((values == values[0]).all()) or find_float_fault(values) != ""
