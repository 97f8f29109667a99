"""Which schemes fit what someone has: by role, architecture, activation, depth, shape and words.

Each scheme gets points, and each point has a reason that is told. Nothing is learned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from fanwise.commands.search_words import Wanted
from fanwise.core.sampler import check_law
from fanwise.spec.catalogue import catalogue
from fanwise.spec.entries import Entry
from fanwise.spec.errors import FanwiseError
from fanwise.spec.gallery_entries import GalleryEntry, gallery, words_of
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import resolve
from fanwise.spec.scheme import Scheme

#: Points of what fits: a role asks for more than a model does, and a depth that is made use of
#: for most.
_ROLE, _OF_ROLE, _ARCHITECTURE, _ANY, _ACTIVATION, _LAYERS = 6.0, 3.0, 3.0, 1.0, 2.0, 4.0
_WRONG_ACTIVATION: Final = -3.0
_NAME, _KEYWORD, _TEXT = 8.0, 5.0, 1.5
#: Of the best one's points: what has fewer is no answer.
_LEAST: Final = 0.5
#: The roles that the depth of a model counts for: what writes into the residual stream, and any.
_DEEP: Final = ("", "mlp.down", "attention.out", "residual", "scale", "kernel", "mlp", "attention")
#: The parameter that is the depth of a model.
_DEPTH: Final = "layers"
#: That of the place in it of the layer that a weight belongs to.
_PLACE: Final = "layer"
_TOLD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, kw_only=True)
class FittingScheme:
    """A scheme that fits.

    Attributes:
        scheme: with the parameters that are known.
        role: of the weight that it is for; ``""`` where none was asked for.
        points: the more, the better it fits.
        reasons: what they are for.
        assumed: parameters that nobody told, with the values of its example.
    """

    scheme: Scheme
    role: str
    points: float
    reasons: tuple[str, ...]
    assumed: Mapping[str, Any]


def search_schemes(
    wanted: Wanted,
    *,
    shape: Sequence[int] | None = None,
    names: Iterable[str] | None = None,
    most: int = 4,
) -> list[FittingScheme]:
    """Return the schemes that fit, the best first, role by role where roles are asked for.

    Args:
        wanted: what is looked for.
        shape: of the weight: what has no meaning on it is left out.
        names: of the schemes to look among; all without them.
        most: how many, for each role.
    """
    among = frozenset(catalogue().entries if names is None else names)
    roles = [word for word in wanted.meanings if word in words_of("role")]
    found = []
    for role in roles or [""]:
        # Of equal points, in the order of the gallery.
        fitting = [one for one in _fitting(wanted, role, shape) if one.scheme.name in among]
        ranked = sorted(fitting, key=lambda one: -one.points)
        found += [one for one in ranked[:most] if one.points >= _LEAST * ranked[0].points]
    return found


def _fitting(wanted: Wanted, role: str, shape: Sequence[int] | None) -> Iterator[FittingScheme]:
    for told in gallery().values():
        entry = catalogue().entries[told.name]
        points, reasons = _points(wanted, role, entry, told)
        if points <= 0 or not reasons:
            continue
        made, assumed = _scheme(entry, told, wanted.layers)
        if shape is None or _is_drawn_on(made, shape):
            yield FittingScheme(
                scheme=made, role=role, points=points, reasons=tuple(reasons), assumed=assumed
            )


def _points(wanted: Wanted, role: str, entry: Entry, told: GalleryEntry) -> tuple[float, list[str]]:
    """Add up what speaks for a scheme, and say it; 0 for what does not fit."""
    points, reasons = 0.0, []
    if role:
        of_role = _points_of_role(role, told.roles)
        if not of_role:
            return 0.0, []
        points += of_role
        reasons.append(f"role {role}")
    words = _points_of_words(wanted.words, entry, told)
    points += sum(words.values())
    reasons += [f"word {word!r}" for word in words]
    of_models = [word for word in wanted.meanings if word in words_of("architecture")]
    models = [word for word in of_models if word in told.architectures]
    if models:
        # Those beside it, such as mixtures of experts, tell schemes of the same model apart.
        points += _ARCHITECTURE + _ANY * (len(models) - 1)
        reasons.append(f"architecture {' '.join(models)}")
    elif of_models and "any" in told.architectures:
        points += _ANY
    elif of_models and not words:
        return 0.0, []
    asked = [word for word in wanted.meanings if word in words_of("activation")]
    fitting = [word for word in asked if word in told.activations]
    if fitting:
        points += _ACTIVATION
        reasons.append(f"activation {fitting[0]}")
    elif asked and told.activations:
        points += _WRONG_ACTIVATION
    if wanted.layers is not None and _DEPTH in entry.parameters:
        points += _LAYERS if role in _DEEP else 0.0
        reasons.append(f"takes {_DEPTH}={wanted.layers}")
    return points, reasons


def _points_of_role(role: str, roles: Iterable[str]) -> float:
    """A role fits itself; a part, such as mlp.up, also fits the whole, and the other way round."""
    if role in roles:
        return _ROLE
    whole = role.partition(".")[0]
    parts = any(other.startswith(f"{role}.") for other in roles)
    return _OF_ROLE if whole in roles or parts else 0.0


def _points_of_words(words: Iterable[str], entry: Entry, told: GalleryEntry) -> dict[str, float]:
    """Find each word in the name and title, in the keywords, or in what else is said."""
    places = (
        (_NAME, f"{entry.name} {told.title}"),
        (_KEYWORD, " ".join(told.keywords)),
        (_TEXT, f"{entry.summary} {told.used_for} {entry.reference} {entry.code or ''}"),
    )
    found = {}
    for word in words:
        for points, text in places:
            if _holds(text, word):
                found[word] = points
                break
    return found


def _holds(text: str, word: str) -> bool:
    """Whether a text has a word, or one that begins with it; signs within words do not count."""
    folded = text.casefold().replace("μ", "u").replace("µ", "u")
    parts = _TOLD.findall(folded)
    joined = [first + second for first, second in pairwise(parts)]
    bare = "".join(_TOLD.findall(word))
    long_enough = len(bare) > 3
    return any(
        part == bare or (long_enough and part.startswith(bare.removesuffix("s")))
        for part in (*parts, *joined)
    )


def _scheme(entry: Entry, told: GalleryEntry, layers: int | None) -> tuple[Scheme, dict[str, Any]]:
    """Make a scheme, with its depth filled in, and all else as its example has it."""
    params: dict[str, Any] = {}
    if layers is not None and _DEPTH in entry.parameters:
        params[_DEPTH] = entry.parameters[_DEPTH].checked(layers)
    example: dict[str, Any] = {**entry.example, **told.params}
    if _PLACE in example and _DEPTH in params:
        example[_PLACE] = min(example[_PLACE], params[_DEPTH] - 1)
    assumed = {name: value for name, value in example.items() if name not in params}
    return scheme(entry.name, **params, **assumed), assumed


def _is_drawn_on(made: Scheme, shape: Sequence[int]) -> bool:
    try:
        check_law(resolve(made, shape).law, "float32")
    except FanwiseError:
        return False
    return True
