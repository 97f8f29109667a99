"""What a tensor must be, so that it can be written into."""

from __future__ import annotations

from typing import Any, Final

import torch
from torch import Tensor
from torch.nn.parameter import is_lazy

from fanwise.adapters.torch.drawing import sharded
from fanwise.core.memory import overlaps
from fanwise.spec.errors import FanwiseError, Phrase

#: The dtypes of weights, by the names that the core gives them.
DTYPES: Final[dict[Any, str]] = {
    torch.float16: "float16",
    torch.bfloat16: "bfloat16",
    torch.float32: "float32",
    torch.float64: "float64",
}
#: The classes of most tensors; a subclass may keep its elements elsewhere.
_PLAIN: Final = frozenset({torch.Tensor, torch.nn.Parameter})


def check_tensor(tensor: object) -> None:
    """Raise for anything that a weight cannot be written into.

    Raises:
        FanwiseError: for other objects than tensors, other dtypes than the four floating
            ones, the results of computations, overlapping memory, and tensors whose
            elements lie elsewhere (lazy, sparse, fake, partial sums of several ranks).
    """
    if is_plain(tensor):
        return
    if not isinstance(tensor, torch.Tensor):
        hint = "Pass a tensor, e.g. layer.weight."
        raise FanwiseError("a torch.Tensor", Phrase(type(tensor).__name__), hint)
    if is_lazy(tensor):
        hint = "Run one batch through the model first, so that the shape is known."
        raise FanwiseError("a tensor with a shape", Phrase("an uninitialized parameter"), hint)
    own_elements = type(tensor).__torch_dispatch__ is torch.Tensor.__torch_dispatch__
    if sharded.is_sharded(tensor):
        sharded.check(tensor)
    elif not own_elements or tensor.layout is not torch.strided:
        kind = Phrase(f"a {type(tensor).__name__} of layout {tensor.layout}")
        hint = "Initialize the plain tensor, then shard or convert it."
        raise FanwiseError("a dense tensor that holds its own elements", kind, hint)
    if tensor.dtype not in DTYPES:
        expected = f"a dtype of {', '.join(DTYPES.values())}"
        raise FanwiseError(expected, tensor.dtype, "Convert the tensor first.")
    if tensor.requires_grad and not _stands_for_a_leaf(tensor):
        received = Phrase(f"the result of {type(tensor.grad_fn).__name__}")
        hint = "Initialize the parameter itself, or the result's detach()."
        raise FanwiseError("a leaf tensor, or a view of one", received, hint)
    memory = sharded.local_part(tensor) if sharded.is_sharded(tensor) else tensor
    if _overlaps(memory):
        hint = "Initialize a contiguous tensor, then expand it."
        received = Phrase(f"shape {tuple(tensor.shape)} with strides {tensor.stride()}")
        raise FanwiseError("a tensor with memory of its own for every element", received, hint)


def is_plain(tensor: Any) -> bool:
    """Tell whether a tensor is what most are, so that nothing further need be looked at."""
    return bool(
        type(tensor) in _PLAIN
        and tensor.is_leaf
        and tensor.layout is torch.strided
        and tensor.dtype in DTYPES
        and tensor.is_contiguous()
    )


def _stands_for_a_leaf(tensor: Tensor) -> bool:
    """Tell whether writing into it writes into a parameter: ``weight`` itself, or ``weight.T``."""
    base = tensor._base  # noqa: SLF001 (torch documents it, and has no public name for it)
    return bool(tensor.is_leaf or (base is not None and base.is_leaf))


def _overlaps(tensor: Tensor) -> bool:
    """Tell whether two elements share memory."""
    return overlaps(tensor.shape, tensor.stride(), 1)
