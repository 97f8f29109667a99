"""What operations of torch write, and what they make, of what tensors hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import Tensor

from fanwise.adapters.torch.layers.operations import arguments_of, clear, operation_name
from fanwise.adapters.torch.layers.recorded_laws import (
    Computed,
    Content,
    Copied,
    DrawnValues,
    Same,
    Unreadable,
    computed_content,
)

#: Operations that give their first argument in another form.
_SAME: Final = frozenset({"aten::clone", "aten::_to_copy", "aten::lift_fresh", "aten::contiguous"})
#: Of more elements, what is recorded has no memory, or is not looked at.
LARGEST: Final = 1 << 16
#: Operations that make tensors of nothing, and of one number.
_EMPTY: Final = ("aten::empty", "aten::new_empty")
_FULL: Final = frozenset({"aten::full", "aten::full_like", "aten::new_full"})
_FILLED: Final = {
    "aten::zeros": 0.0,
    "aten::zeros_like": 0.0,
    "aten::new_zeros": 0.0,
    "aten::ones": 1.0,
    "aten::ones_like": 1.0,
    "aten::new_ones": 1.0,
}
#: What is in memory that nobody has written.
UNSET: Final = Unreadable("what nobody has set")
_UNKNOWN: Final = Unreadable("values that are not there")
_SPREAD: Final = Unreadable("a draw that is repeated")
_PART: Final = Unreadable("a part of a draw")


def written_content(
    func: Any,
    args: tuple[Any, ...],
    given: Mapping[str, Any],
    contents: list[Content],
    target: Tensor,
) -> Content:
    """Tell what an operation writes into one of its arguments."""
    name = operation_name(func)
    if name in ("aten::zero_", "aten::fill_"):
        value = 0.0 if name == "aten::zero_" else args[1]
        if isinstance(value, Tensor):
            if contents[1] is not None or value.is_meta:
                return Unreadable("a number that is drawn")
            value = value.item()
        return Same(float(value)) if target.is_meta else None
    if name == "aten::copy_":
        source = args[1]
        if contents[1] is not None:
            alike = source.numel() == target.numel()
            return contents[1] if alike or isinstance(contents[1], Same) else _SPREAD
        if not target.is_meta:
            return _UNKNOWN if source.is_meta else None
        if source.is_meta:
            return _UNKNOWN
        return Copied(source) if tuple(source.shape) == tuple(target.shape) else _UNKNOWN
    if all(content is None for content in contents):
        return _UNKNOWN if target.is_meta else None
    return result_content(func, args, given, contents)


def content_in_view(content: Content, tensor: Tensor) -> Content:
    """Tell what a view shows of a memory.

    Values of one law in another order, or some of them, have that law, but are not the same draw:
    the sum of a matrix and its transpose is not twice the matrix.

    Args:
        content: of the memory.
        tensor: the view; maybe of all of it, as it is.
    """
    if not isinstance(content, DrawnValues | Computed):
        return content
    drawn = content.drawn if isinstance(content, Computed) else content
    if tensor.is_contiguous() and tuple(tensor.shape) == drawn.shape:
        return content
    if isinstance(content, Computed):
        has_order = tensor.is_contiguous() and tensor.numel() == math.prod(drawn.shape)
        return content if has_order and _is_whole(tensor) else _PART
    if 0 in tensor.stride():
        return _SPREAD
    if content.law.kind == "orthogonal" and not _is_whole(tensor):
        return _PART
    return DrawnValues(content.law, tuple(tensor.shape))


def _is_whole(tensor: Tensor) -> bool:
    return bool(tensor.numel() * tensor.itemsize == tensor.untyped_storage().nbytes())


def result_content(
    func: Any, args: tuple[Any, ...], given: Mapping[str, Any], contents: list[Content]
) -> Content:
    """Tell what an operation makes of contents."""
    if operation_name(func) in _SAME:
        return contents[0]
    has_tensors = any(isinstance(item, Tensor) for item in given.values())
    if torch.Tag.pointwise not in func.tags or has_tensors:
        return Unreadable(f"what {operation_name(func)} makes of a draw")
    whole = [
        _is_whole(item)
        for item, content in zip(args, contents, strict=False)
        if isinstance(item, Tensor) and content is not None
    ]
    if not all(whole):
        return _PART
    held = [
        item if content is None else content for item, content in zip(args, contents, strict=False)
    ]
    return computed_content(func, held, given)


def made_content(
    func: Any, args: tuple[Any, ...], given: Mapping[str, Any], made: Tensor
) -> Content:
    """Tell what is in a tensor that an operation has made of nothing drawn."""
    name = operation_name(func)
    if name.startswith(_EMPTY):
        if made.numel() > LARGEST or not made.is_floating_point():
            return UNSET
        clear(made)
        return None
    if not made.is_meta:
        return None
    if name in _FULL:
        value = arguments_of(func, args, given)["fill_value"]
        return Same(float(value)) if isinstance(value, int | float) else _UNKNOWN
    return Same(_FILLED[name]) if name in _FILLED else None
