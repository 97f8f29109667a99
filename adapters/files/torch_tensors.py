"""The tensors among what a pickle of torch holds, by their paths, read from their storages."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, Final

from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.numbers import NUMBERS
from fanwise.adapters.files.pickles import Pairs
from fanwise.adapters.files.regions import refused, stored
from fanwise.adapters.files.sources import Bytes
from fanwise.adapters.files.torch_names import Storage, TorchTensor
from fanwise.adapters.stored_weights import StoredTensor

#: What trainers call the part of a checkpoint that is the state dict of the model.
_WRAPPERS: Final = (
    *("state_dict", "model_state_dict", "model", "module", "model_state", "net", "network"),
    *("weights", "params", "generator", "ema", "model_ema", "state_dict_ema", "teacher", "student"),
)
#: What they call the parts that are no weights.
_OTHERS: Final = (
    *("optim", "sched", "scaler", "rng", "loops", "callbacks", "hyper", "epoch", "step"),
    *("buffer_names", "shared_params", "ds_config", "client_state", "amp"),
)
#: How deep dicts may lie in each other, and how many tensors may be found.
_DEEPEST: Final = 32
_MOST_TENSORS: Final = 500_000
#: How often tensors may share what is stored: views of one storage could be without number.
_MOST_SHARED: Final = 16
_SPARE: Final = 1 << 24
_TENSORS: Final = (TorchTensor, StoredTensor)


def weights_in(content: Any) -> dict[str, Any]:
    """Find the weights among what was saved, by the names of their state dict.

    A checkpoint of a trainer holds the state dict in a dict, beside the states of optimizers and
    the like, which are left out. Where several parts hold tensors, all are named by their path.

    Args:
        content: dicts and lists of a pickle, with tensors.

    Raises:
        FanwiseError: where there is no tensor, or two have one name.
    """
    if isinstance(content, _TENSORS):
        return {"": content}
    parts = {key: value for key, value in _entries(content) if _has_tensors(value)}
    if len(parts) > 1:
        parts = {key: value for key, value in parts.items() if not _is_other(key, value)} or parts
    if len(parts) == 1:
        ((key, inner),) = parts.items()
        if key in _WRAPPERS and not isinstance(inner, _TENSORS):
            return weights_in(inner)
    tensors: dict[str, Any] = {}
    for name, tensor in _flat(parts.items(), "", 0, set()):
        if name in tensors:
            raise broken("a name for each tensor", f"two that are called {quoted(name)}")
        if len(tensors) >= _MOST_TENSORS:
            raise broken(f"at most {_MOST_TENSORS} tensors", "more")
        tensors[name] = tensor
    if not tensors:
        raise broken("tensors", "a file without any", "Save the state dict of the model.")
    return tensors


def stored_tensors(
    tensors: dict[str, TorchTensor], source_of: Callable[[Storage], tuple[Bytes, int]]
) -> dict[str, StoredTensor]:
    """Return tensors that are read from their storages.

    Args:
        tensors: by their names.
        source_of: returns the bytes of a storage, and where in them it begins.

    Raises:
        FanwiseError: where a tensor leaves its storage, or all together claim many times what is
            stored.
    """
    result, claimed = {}, 0
    room: dict[str, int] = {}
    for name, tensor in tensors.items():
        result[name], size = _stored(name, tensor, source_of)
        claimed += math.prod(result[name].shape)
        if tensor.storage is not None:
            room[tensor.storage.key] = size
    if claimed > _MOST_SHARED * sum(room.values()) + _SPARE:
        raise broken(f"tensors of the {sum(room.values())} bytes stored", f"{claimed} elements")
    return result


def _stored(
    name: str, tensor: TorchTensor, source_of: Callable[[Storage], tuple[Bytes, int]]
) -> tuple[StoredTensor, int]:
    """Return a tensor, and how many bytes its storage has."""
    shape = list(tensor.shape) if isinstance(tensor.shape, list | tuple) else None
    if tensor.storage is None:
        return refused(name, shape or [], tensor.dtype, tensor.reason), 0
    if tensor.dtype not in NUMBERS:
        reason = f"which is stored as {tensor.dtype}"
        return refused(name, shape or [], tensor.dtype, reason), 0
    number = NUMBERS[tensor.dtype]
    source, start = source_of(tensor.storage)
    if type(tensor.offset) is not int or tensor.offset < 0:
        raise broken(f"an offset of {quoted(name)}", quoted(tensor.offset))
    offset = start + (tensor.storage.start + tensor.offset) * number.storage.itemsize
    return stored(name, source, number, offset, shape, tensor.strides), source.size  # type: ignore[arg-type]


def _entries(content: Any) -> Iterator[tuple[str, Any]]:
    """Give what a dict or a list holds, by names."""
    if isinstance(content, Pairs):
        for item in content.items:
            match item:
                case (str() | int() as key, value):
                    yield str(key), value
    elif isinstance(content, list | tuple):
        for place, value in enumerate(content):
            yield str(place), value


def _flat(entries: Any, path: str, depth: int, above: set[int]) -> Iterator[tuple[str, Any]]:
    """Give the tensors of dicts in dicts, by paths."""
    if depth > _DEEPEST:
        raise broken(f"dicts at most {_DEEPEST} deep in each other", "deeper ones")
    for key, value in entries:
        name = f"{path}.{key}" if path else key
        if isinstance(value, _TENSORS):
            yield name, value
        elif id(value) not in above:
            yield from _flat(_entries(value), name, depth + 1, above | {id(value)})


def _has_tensors(content: Any) -> bool:
    """Whether tensors are anywhere in it."""
    waiting, seen = [content], set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, _TENSORS):
            return True
        if id(value) not in seen and isinstance(value, Pairs | list | tuple):
            seen.add(id(value))
            waiting += [inner for _, inner in _entries(value)]
    return False


def _is_other(key: str, value: Any) -> bool:
    """Whether a part of a checkpoint is what trainers save beside the weights."""
    return not isinstance(value, _TENSORS) and any(word in key.lower() for word in _OTHERS)
