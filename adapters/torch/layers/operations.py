"""Operations of torch's dispatcher: their names, their arguments, and what they write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor


def operation_name(function: Any) -> str:
    """Return the name of an operation of torch's dispatcher, such as ``"aten::mul_"``."""
    return str(function._schema.name)  # noqa: SLF001 (it has no other name)


def clear(tensor: Tensor) -> None:
    """Mark memory that nothing was written to; what is computed from it can be told by it."""
    if tensor.is_floating_point() and not tensor.is_meta:
        tensor.detach().fill_(torch.nan)


def key_of(tensor: Tensor) -> int:
    """Return what tells one memory from another one."""
    return int(tensor.untyped_storage()._cdata)  # noqa: SLF001 (there also where it has no memory)


def tensors_in(result: Any) -> list[Tensor]:
    """List a tensor, or those of a list."""
    if isinstance(result, Tensor):
        return [result]
    if isinstance(result, list | tuple):
        return [tensor for tensor in result if isinstance(tensor, Tensor)]
    return []


def is_writing(func: Any) -> bool:
    """Tell whether an operation writes one of its arguments."""
    return bool(func._schema.is_mutable)  # noqa: SLF001 (the only description)


def written_by(func: Any, args: tuple[Any, ...], given: Mapping[str, Any]) -> list[Tensor]:
    """List the tensors that an operation writes."""
    if not is_writing(func):
        return []
    bound = arguments_of(func, args, given)
    return [
        tensor
        for argument in func._schema.arguments  # noqa: SLF001 (the only description)
        if argument.alias_info is not None and argument.alias_info.is_write
        for tensor in tensors_in(bound.get(argument.name))
    ]


def arguments_of(func: Any, args: tuple[Any, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of an operation by their names, with the defaults of those left out."""
    arguments = func._schema.arguments  # noqa: SLF001 (the only description)
    bound = {a.name: a.default_value for a in arguments if a.has_default_value()}
    bound |= {argument.name: item for argument, item in zip(arguments, args, strict=False)}
    return bound | dict(given)


def is_view(func: Any) -> bool:
    """Tell whether an operation gives a view of what it is given."""
    if operation_name(func) == "aten::lift_fresh":  # of what was made out of Python's numbers
        return False
    aliases = [r.alias_info for r in func._schema.returns]  # noqa: SLF001 (the only description)
    return any(alias is not None and not alias.is_write for alias in aliases)
