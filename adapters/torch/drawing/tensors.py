"""What a tensor must be, so that it can be written into."""

from __future__ import annotations

import math
from typing import Any, Final

import torch
from torch import Tensor
from torch._C import _functorch
from torch.autograd import forward_ad
from torch.nn.parameter import is_lazy

from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.memory import PLAIN, holds_nothing, is_allocated, is_fake
from fanwise.core.memory import overlaps
from fanwise.spec.errors import FanwiseError, Phrase

#: The dtypes of weights, by the names that the core gives them.
DTYPES: Final[dict[Any, str]] = {
    torch.float16: "float16",
    torch.bfloat16: "bfloat16",
    torch.float32: "float32",
    torch.float64: "float64",
}

_STRIDED: Final = torch.strided


def check_tensor(tensor: object) -> None:
    """Raise for anything that a weight cannot be written into.

    Raises:
        FanwiseError: for other objects than tensors, other dtypes than the four floating
            ones, the results of computations, tensors of inference mode outside of it,
            memory that overlaps or is not there, and tensors whose elements lie elsewhere
            (lazy, sparse, partial sums of several ranks, inside a transform).
    """
    if is_plain(tensor) and tensor.data_ptr():  # type: ignore[attr-defined]
        return
    check_shaped(tensor)
    assert isinstance(tensor, torch.Tensor)
    _check_elements(tensor)
    if tensor.dtype not in DTYPES:
        expected = f"a dtype of {', '.join(DTYPES.values())}"
        raise FanwiseError(expected, tensor.dtype, "Convert the tensor first.")
    _check_gradient(tensor)
    memory = sharded.local_part(tensor) if sharded.is_sharded(tensor) else tensor
    if not holds_nothing(memory):
        _check_memory(memory)


def check_shaped(tensor: object, *, hint: str = "Pass a tensor, e.g. layer.weight.") -> None:
    """Raise for anything but a tensor whose shape is known.

    Args:
        tensor: what should be one.
        hint: what to do where it is something else.
    """
    if not isinstance(tensor, torch.Tensor):
        raise FanwiseError("a torch.Tensor", Phrase(type(tensor).__name__), hint)
    if is_lazy(tensor):
        hint = "Run one batch through the model first, so that the shape is known."
        raise FanwiseError("a tensor with a shape", Phrase("an uninitialized parameter"), hint)


def is_plain(tensor: Any) -> bool:
    """Tell whether a tensor is what most are, so that nothing further need be looked at."""
    try:
        plain: bool = (
            type(tensor) in PLAIN
            and tensor._base is None  # noqa: SLF001 (torch documents it, without a public name)
            and tensor.is_leaf
            and tensor.layout is _STRIDED
            and tensor.dtype in DTYPES
            and tensor.is_contiguous()
            and 0
            < tensor.nbytes
            <= tensor.untyped_storage().nbytes() - tensor.storage_offset() * tensor.itemsize
            and not tensor.is_nested
            and not tensor.is_inference()
            and forward_ad._current_level < 0  # noqa: SLF001 (there is no public name for it)
        )
    except RuntimeError:  # inside a transform of torch.func a tensor has no storage
        return False
    return plain


def _check_elements(tensor: Tensor) -> None:
    """Raise for a tensor that does not hold its own elements."""
    if _functorch.is_functorch_wrapped_tensor(tensor):
        hint = "Initialize outside of the function that torch.func transforms."
        received = Phrase("a tensor inside a transform of torch.func")
        raise FanwiseError("a tensor that holds its own elements", received, hint)
    own_elements = type(tensor).__torch_dispatch__ is torch.Tensor.__torch_dispatch__
    if sharded.is_sharded(tensor):
        sharded.check(tensor)
    elif (
        not (own_elements or is_fake(tensor))
        or tensor.layout is not torch.strided
        or tensor.is_nested
    ):
        nested = "nested " if tensor.is_nested else ""
        kind = Phrase(f"a {nested}{type(tensor).__name__} of layout {tensor.layout}")
        hint = "Initialize the plain tensor, then shard or convert it."
        raise FanwiseError("a dense tensor that holds its own elements", kind, hint)
    if tensor.numel() == 0 and math.prod(getattr(tensor, "ds_shape", (0,))):
        hint = "Initialize inside deepspeed.zero.GatheredParameters."
        received = Phrase("a parameter that ZeRO has partitioned")
        raise FanwiseError("a tensor that holds its own elements", received, hint)


def _check_gradient(tensor: Tensor) -> None:
    """Raise where autograd has a part in the tensor that writing would not respect."""
    # Of a view only the base is asked: of the view itself torch would work out the history,
    # and raise where the base was written into since.
    base = tensor._base  # noqa: SLF001 (torch documents it, and has no public name for it)
    root = tensor if base is None else base
    if tensor.requires_grad and not root.is_leaf:
        received = Phrase(f"the result of {type(root.grad_fn).__name__}")
        hint = "Initialize the parameter itself, or the result's detach()."
        raise FanwiseError("a leaf tensor, or a view of one", received, hint)
    if tensor.is_inference() and not torch.is_inference_mode_enabled():
        hint = "Initialize it inside torch.inference_mode(), or a clone() of it."
        received = Phrase("a tensor of inference mode outside of it")
        raise FanwiseError("a tensor that may be written into", received, hint)
    dual = forward_ad._current_level >= 0  # noqa: SLF001 (there is no public name for it)
    if dual and forward_ad.unpack_dual(tensor).tangent is not None:
        hint = "Initialize before make_dual."
        raise FanwiseError("a tensor without a tangent", Phrase("a dual tensor"), hint)


def _check_memory(memory: Tensor) -> None:
    """Raise where not every element has memory of its own."""
    shape = f"shape {tuple(memory.shape)} with strides {memory.stride()}"
    if not is_allocated(memory):
        hint = "Initialize it while it is whole: before sharding frees it, or once it is gathered."
        received = Phrase(f"{shape} on a storage of {memory.untyped_storage().nbytes()} bytes")
        raise FanwiseError("a tensor whose storage holds its elements", received, hint)
    if overlaps(memory.shape, memory.stride(), 1):
        hint = "Initialize a contiguous tensor, then expand it."
        raise FanwiseError("a tensor with memory of its own for every element", Phrase(shape), hint)
