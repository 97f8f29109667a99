"""The weights that a checkpoint did not bring, by whatever it calls them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean

#: A weight of a model, and where it is stored: a dataclass with a weight of the spec.
W = TypeVar("W", bound=Any)
_HINT: Final = "Pass a list of names, e.g. ['head/kernel']."


def missing_paths(
    missing: Any, names: Mapping[str, Collection[str]], others: Collection[str] = ()
) -> list[str]:
    """Return the paths of the weights that are missing.

    Args:
        missing: names of weights, or of layers, which stand for all that is below them.
        names: for the canonical path of each weight what else it may be called.
        others: names that a checkpoint may lack, of what is no weight.

    Raises:
        FanwiseError: for anything but names, and naming those that nothing has.
    """
    check_names(missing, missing)
    given = list(missing)
    if bad := [name for name in given if not isinstance(name, str)]:
        raise FanwiseError("a list of names as missing", Phrase(type(bad[0]).__name__), _HINT)
    below: dict[str, list[str]] = {}
    for path, called in names.items():
        for name in {path, *called}:
            segments = name.split("/")
            for end in range(1, len(segments) + 1):
                below.setdefault("/".join(segments[:end]), []).append(path)
    unknown = [name for name in given if name not in below and name not in others]
    if unknown:
        hint = did_you_mean(unknown[0], list(below))
        context = f"{len(unknown)} of the names in missing are of nothing in the model"
        raise FanwiseError("names of weights", Phrase(", ".join(unknown)), hint, context=context)
    chosen = {path for name in given for path in below.get(name, ())}
    return [path for path in names if path in chosen]


def settled(weights: Iterable[W], keeps: Iterable[bool]) -> list[W]:
    """Mark the weights that hold what they are to hold, so that they are left alone.

    Args:
        weights: of a model.
        keeps: whether each of them is kept.
    """
    return [
        replace(stored, weight=replace(stored.weight, is_settled=True)) if is_kept else stored
        for stored, is_kept in zip(weights, keeps, strict=True)
    ]


def check_names(names: Any, told: Any) -> None:
    """Raise for what cannot be a list of names.

    Args:
        names: what may be one.
        told: what was passed as missing, and has them in it.
    """
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise FanwiseError("a list of names as missing", told, _HINT)
