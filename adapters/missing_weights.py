"""What a checkpoint did not bring: the weights that ``missing=`` asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean

#: What loaders say of the weights that a checkpoint does not have, or has in another shape.
_MISSING: Final = "missing_keys"
_MISMATCHED: Final = "mismatched_keys"
_HINT: Final = (
    "Pass the names of the weights, or what the loader returned, e.g. that of "
    "load_state_dict(..., strict=False)."
)


def missing_names(missing: Any) -> tuple[str, ...]:
    """List the names in what ``missing=`` was given.

    Args:
        missing: a name, several, the result of ``load_state_dict``, or transformers' loading
            information (``from_pretrained(..., output_loading_info=True)``), of which the keys of
            another shape count too.

    Raises:
        FanwiseError: for anything else.

    Examples:
        >>> missing_names({"missing_keys": ["head.weight"], "unexpected_keys": []})
        ('head.weight',)
    """
    if isinstance(missing, Mapping) and _MISSING in missing:
        mismatched = missing.get(_MISMATCHED, ())
        given: Any = [*missing[_MISSING], *map(_name_of_mismatched, mismatched)]
    else:
        given = getattr(missing, _MISSING, missing)
    if isinstance(given, str):
        given = (given,)
    if isinstance(given, Mapping) or not isinstance(given, Iterable):
        raise FanwiseError("names of weights as missing", Phrase(type(missing).__name__), _HINT)
    names = tuple(given)
    for name in names:
        if not isinstance(name, str):
            raise FanwiseError("names of weights as missing", name, _HINT)
    return names


def missing_paths(missing: Any, known: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Find the weights that a checkpoint did not bring.

    Args:
        missing: as :func:`missing_names` takes it.
        known: for every name in a model, the paths of the weights that lie under it; none for
            what recipes are not about, such as a buffer.

    Raises:
        FanwiseError: for a name that the model does not have.
    """
    paths: set[str] = set()
    for name in missing_names(missing):
        if name not in known:
            hint = did_you_mean(name, known)
            raise FanwiseError("names that the model has, as missing", name, hint)
        paths.update(known[name])
    return frozenset(paths)


def _name_of_mismatched(entry: Any) -> Any:
    """Return the name in an entry, which may tell the two shapes too."""
    return entry[0] if isinstance(entry, tuple) and entry else entry
