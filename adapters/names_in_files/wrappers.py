"""What stands in names for wrappers, which have no part in a path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

Names = tuple[str, ...]

#: Under these names torch's wrappers keep what they wrap, wherever that is.
_ANYWHERE: Final = frozenset(
    {
        "_orig_mod",
        "_checkpoint_wrapped_module",
        "_fsdp_wrapped_module",
        "_forward_module",
    }
)
#: What stands before all names of what was saved as a whole.
_BEFORE_ALL: Final = frozenset({"module", "state_dict", "model_state_dict", "model_state"})
#: Under this name boxes of Flax, which say how an array is cut, keep it.
_VALUE: Final = "value"
_BOXED: Final = frozenset({"kernel", "bias", "scale", "embedding"})


def split_name(name: str) -> Names:
    """Split a name at its dots or slashes, whichever it has.

    Examples:
        >>> split_name("encoder/layers.0/kernel"), split_name("layers.0.weight")
        (('encoder', 'layers.0', 'kernel'), ('layers', '0', 'weight'))
    """
    parts = name.strip("/").split("/") if "/" in name else name.split(".")
    return tuple(part for part in parts if part)


def names_without_wrappers(names: Iterable[str], split: Callable[[str], Names]) -> dict[str, Names]:
    """Return names without what wrappers add to them.

    Args:
        names: all names of a file.
        split: divides a name.
    """
    parts = {name: _inner(split(name)) or (name,) for name in names}
    while parts and _begin_alike(parts.values()):
        parts = {name: words[1:] for name, words in parts.items()}
    return parts


def without_boxes(every: Iterable[Names]) -> dict[Names, Names]:
    """Return names without what the boxes of Flax add to them, of those that have it.

    Args:
        every: all names of a file.

    Examples:
        >>> without_boxes([("up", "kernel", "value"), ("up", "bias")])
        {('up', 'kernel', 'value'): ('up', 'kernel')}
    """
    names = set(every)
    count = Counter(parts[:-1] for parts in names)
    return {
        parts: parts[:-1]
        for parts in names
        if len(parts) > 1
        and parts[-1] == _VALUE
        and parts[-2] in _BOXED
        and count[parts[:-1]] == 1
        and parts[:-1] not in names
    }


def _inner(parts: Names) -> Names:
    return tuple(part for part in parts if part not in _ANYWHERE)


def _begin_alike(every: Iterable[Names]) -> bool:
    """Tell whether all names begin with that of one wrapper."""
    firsts = {names[0] if len(names) > 1 else "" for names in every}
    return len(firsts) == 1 and firsts <= _BEFORE_ALL
