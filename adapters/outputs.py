"""The arrays in what a model or a layer returns, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import Any, Final

#: What transformers' models hand from one call to the next beside their output.
_CARRIED: Final = frozenset({"past_key_values", "cache_params", "mems"})
#: Of the names of classes whose objects are such.
_CARRIERS: Final = ("Cache", "State")
#: What holds no arrays, or not those of an output.
_NO_HOLDERS: Final = (str, bytes, int, float, ModuleType)


def find_floats(output: Any, is_float: Callable[[Any], bool]) -> list[tuple[str, Any]]:
    """List the arrays of floats in an output, once each, with their places in it.

    Looked into are tuples, lists, mappings, dataclasses, and the attributes of other objects.
    Left out is what a model hands to its own next call: caches of keys and values, and states.

    Args:
        output: anything.
        is_float: tells of an array whether it holds floats that can be measured.

    Returns:
        Places, such as ``""`` of the output itself, ``"[0]"``, ``".logits"`` and
        ``"['logits']"``, and the arrays.

    Examples:
        >>> import numpy as np
        >>> output = {"scores": np.zeros(3), "mask": None, "layers": (np.ones(2), "relu")}
        >>> [place for place, _ in find_floats(output, lambda array: True)]
        ["['scores']", "['layers'][0]"]
    """
    return [(place, array) for place, array in _arrays(output) if is_float(array)]


def find_loss(arrays: list[tuple[str, Any]]) -> Any | None:
    """Return the loss that a model has worked out itself: a scalar of that name in its output.

    Args:
        arrays: those of the output, as :func:`find_floats` gives them.
    """
    losses = (array for place, array in arrays if place in {".loss", "['loss']"})
    return next((array for array in losses if _is_scalar(array)), None)


def is_array(value: Any) -> bool:
    """Tell whether something is an array or tensor, of any library."""
    return hasattr(value, "shape") and hasattr(value, "dtype")


def _is_scalar(array: Any) -> bool:
    return all(size == 1 for size in array.shape)


def _arrays(output: Any) -> Iterator[tuple[str, Any]]:
    """Give the arrays in an output; an object that holds itself is looked into once."""
    # Held, so that no other object gets the id of one that was seen.
    seen: dict[int, Any] = {}
    stack = [("", output)]
    while stack:
        place, value = stack.pop()
        if value is None or isinstance(value, _NO_HOLDERS) or id(value) in seen:
            continue
        seen[id(value)] = value
        if is_array(value):
            yield place, value
        else:
            stack += [(place + name, member) for name, member in _members(value)][::-1]


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    """Give what an object holds, each with the text that follows the object's own place."""
    # Models, layers and functions are not of the output.
    if callable(value) or type(value).__name__.endswith(_CARRIERS):
        return
    if is_dataclass(value):
        pairs = [(field.name, getattr(value, field.name, None)) for field in fields(value)]
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        pairs = list(zip(value._fields, value, strict=True))
    elif isinstance(value, Mapping):
        yield from ((f"[{key!r}]", below) for key, below in value.items() if key not in _CARRIED)
        return
    elif isinstance(value, list | tuple):
        yield from ((f"[{number}]", below) for number, below in enumerate(value))
        return
    else:
        pairs = list(getattr(value, "__dict__", {}).items())
    yield from ((f".{name}", below) for name, below in pairs if name not in _CARRIED)
