"""Names with their shapes and dtypes, as JSON: those of a list, a header, or a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.shape_sources.valueless import FLOAT32, valueless
from fanwise.adapters.stored_weights import StoredTensor

_METADATA: Final = "__metadata__"
_FIELDS: Final = frozenset({"shape", "dtype", "data_offsets"})
#: More folders in folders than any model has.
_DEEPEST: Final = 100


def read_shape_list(data: Mapping[str, Any]) -> dict[str, StoredTensor]:
    """Read names with shapes.

    Args:
        data: by its name, each tensor as ``[512, 256]``, of float32; as ``{"shape": [512, 256],
            "dtype": "bfloat16"}``; or as a header of safetensors has it. Mappings in mappings
            have "/"-joined names.

    Raises:
        FanwiseError: for anything else.

    Examples:
        >>> data = {"params": {"out": {"kernel": [4, 2]}}}
        >>> [(tensor.name, tensor.shape) for tensor in read_shape_list(data).values()]
        [('params/out/kernel', (4, 2))]
    """
    tensors = {tensor.name: tensor for tensor in _tensors(data, "", 0)}
    if not tensors:
        raise broken("names with shapes", "none", 'Write e.g. {"out.weight": [4, 2]}.')
    return tensors


def _tensors(data: Mapping[str, Any], prefix: str, depth: int) -> Iterator[StoredTensor]:
    if depth > _DEEPEST:
        raise broken(f"names of at most {_DEEPEST} parts", quoted(prefix))
    for key, entry in data.items():
        name = f"{prefix}{key}"
        match entry:
            case dict() if name == _METADATA:
                continue
            case {"shape": list() as shape, **facts} if not set(facts) - _FIELDS:
                yield valueless(name, shape, facts.get("dtype", FLOAT32))
            case dict():
                yield from _tensors(entry, f"{name}/", depth + 1)
            case _:
                yield valueless(name, entry, FLOAT32)
