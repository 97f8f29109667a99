"""Schemes by name: those of the catalogue, and those that a user registered."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Final

from fanwise.spec.catalogue import catalogue
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.scheme import Scheme

_registered: dict[str, Scheme] = {}

#: Schemes of plain parameters, which are made again for every weight of a network.
_made: Final[dict[tuple[str, str], Scheme]] = {}
_MOST_MADE: Final = 4096
_PLAIN: Final = frozenset({int, float, bool, str, NoneType})

SchemeLike = Scheme | str


def scheme(name: str, **params: object) -> Scheme:
    """Make a scheme: a name, with its parameters.

    Args:
        name: one of :func:`schemes`.
        **params: its parameters; the catalogue gives their defaults and bounds.

    Raises:
        FanwiseError: for an unknown name (with the nearest known one), an unknown
            parameter, or a value out of its bounds.

    Examples:
        >>> scheme("kaiming_normal", nonlinearity="relu", mode="fan_out")
        scheme('kaiming_normal', mode='fan_out', nonlinearity='relu')
        >>> scheme("truncated_normal", std=0.02).std((768, 768))
        0.02
    """
    if type(name) is str and _PLAIN.issuperset(map(type, params.values())):
        # By its text, in which -0.0 and 0.0, and 1 and 1.0, are different.
        key = (name, repr(params) if params else "")
        found = _made.get(key)
        if found is None:
            found = _scheme(name, params)
            if name not in _registered:
                if len(_made) >= _MOST_MADE:
                    _made.clear()
                _made[key] = found
        return found
    return _scheme(name, params)


def _scheme(name: str, params: Mapping[str, object]) -> Scheme:
    if isinstance(name, str) and name in _registered:
        return _registered[name].replace(**params)
    if isinstance(name, str) and name not in catalogue().entries:
        what = f"Unknown scheme {name!r}"
        raise FanwiseError("a scheme's name", name, did_you_mean(name, schemes()), context=what)
    return Scheme.of(name, params)


def schemes() -> tuple[str, ...]:
    """The names of all schemes, the catalogue's first."""
    return (*catalogue().entries, *_registered)


def register(scheme: Scheme) -> Scheme:
    """Make a scheme known by its own name, everywhere a name is accepted.

    Args:
        scheme: a scheme under a name of its own, e.g.
            ``scheme("truncated_normal", std=0.02).named("bert_normal")``.

    Returns:
        The scheme.

    Raises:
        FanwiseError: if the name means something else already.
    """
    if not isinstance(scheme, Scheme):
        raise FanwiseError("a Scheme", scheme, "Make one with fanwise.scheme(...).named(...).")
    known = _registered.get(scheme.name)
    if scheme.name in catalogue().entries or (known is not None and known != scheme):
        hint = "Choose another with Scheme.named: one name never means two things."
        raise FanwiseError("a name that is still free", scheme.name, hint)
    _registered[scheme.name] = scheme
    return scheme


def as_scheme(value: SchemeLike) -> Scheme:
    """A scheme as it is, or by its name."""
    if isinstance(value, Scheme):
        return value
    if isinstance(value, str):
        return scheme(value)
    raise FanwiseError("a scheme or its name", value, "Pass e.g. 'he_normal' or fanwise.scheme(…).")
