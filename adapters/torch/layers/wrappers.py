"""The modules of a model by their paths, in which wrappers have no part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from torch import nn

#: The names under which compilation, checkpointing, sharding and Fabric keep what they wrap.
_NAMES: Final = (
    "_orig_mod",
    "_checkpoint_wrapped_module",
    "_fsdp_wrapped_module",
    "_forward_module",
)
#: The wrappers that keep it as ``module``, by the names of their classes: not all are torch's.
_CLASSES: Final = frozenset(
    {
        "AveragedModel",
        "DataParallel",
        "DeepSpeedEngine",
        "DistributedDataParallel",
        "Float16Module",
        "QuantWrapper",
        "ShardedDataParallel",
    }
)


def named_layers(
    model: nn.Module, *, remove_duplicate: bool = True
) -> Iterator[tuple[str, nn.Module]]:
    """Give every module with its path: empty, or ending in ``"/"``.

    A wrapper and what it wraps have the same path, which is that of the bare module.

    Args:
        model: any module.
        remove_duplicate: whether a module in several places is given once.
    """
    paths: dict[str, str] = {}
    wrapped: dict[str, str | None] = {}
    for name, layer in model.named_modules(remove_duplicate=remove_duplicate):
        parent, _, word = name.rpartition(".")
        if not name:
            paths[name] = ""
        elif word == wrapped[parent]:
            paths[name] = paths[parent]
        else:
            paths[name] = f"{paths[parent]}{word}/"
        wrapped[name] = _wrapped_name(layer)
        yield paths[name], layer


def find_child(layer: nn.Module, name: str) -> nn.Module | None:
    """Look up a child, without its wrappers."""
    child: nn.Module | None = vars(layer)["_modules"].get(name)
    while child is not None and (inner := _wrapped_name(child)) is not None:
        child = vars(child)["_modules"][inner]
    return child


def is_wrapper(layer: nn.Module) -> bool:
    """Tell whether a module is one around another, which is the layer itself."""
    return _wrapped_name(layer) is not None


def _wrapped_name(layer: nn.Module) -> str | None:
    """Tell under which name a wrapper keeps what it wraps; None for other modules."""
    children = layer._modules  # noqa: SLF001 (as vars() of a scripted module does not have it)
    for name in _NAMES:
        if name in children:
            return name
    if "module" not in children:
        return None
    classes = {cls.__name__ for cls in type(layer).__mro__}
    return "module" if classes & _CLASSES else None
