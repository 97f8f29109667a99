"""The class of a layer as its author wrote it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from torch import nn
from torch.nn.utils import parametrize

from fanwise.adapters.class_names import dotted_name

#: What ``fully_shard`` puts beside the class of a layer; by its name, since it is slow to import.
_SHARDED: Final = "FSDPModule"


def written_class(layer: nn.Module) -> type[nn.Module]:
    """Return the class of a layer, without those that torch puts in its place.

    Parametrizations and ``fully_shard`` give every layer a class that is made for it.
    """
    made: Any = type(layer)
    return _written(made)


def class_name(layer: nn.Module) -> str:
    """Return the full dotted name of the class of a layer."""
    made: Any = type(layer)
    return _full_name(made)


@lru_cache(maxsize=1024)  # most models repeat their layers
def _full_name(made: Any) -> str:
    return dotted_name(_written(made))


@lru_cache(maxsize=1024)
def _written(made: Any) -> type[nn.Module]:
    cls: type[nn.Module] = made
    while cls.__module__ == parametrize.__name__ or _SHARDED in {b.__name__ for b in cls.__bases__}:
        written = next((b for b in cls.__bases__ if b.__name__ != _SHARDED), nn.Module)
        if written is nn.Module or not issubclass(written, nn.Module):
            break
        cls = written
    return cls
