"""What stands in names for wrappers, which have no part in a path."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

Names = tuple[str, ...]

#: Under these names torch's wrappers keep what they wrap, wherever that is; nnx's variables,
#: and boxes of Flax, their values.
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


def _inner(parts: Names) -> Names:
    return tuple(part for part in parts if part not in _ANYWHERE)


def _begin_alike(every: Iterable[Names]) -> bool:
    """Tell whether all names begin with that of one wrapper."""
    firsts = {names[0] if len(names) > 1 else "" for names in every}
    return len(firsts) == 1 and firsts <= _BEFORE_ALL
