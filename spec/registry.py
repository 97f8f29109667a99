"""Schemes by name: those of the catalogue, and those that a user registered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from fanwise.spec.catalogue import catalogue
from fanwise.spec.entries import Entry
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.parameters import PLAIN, Value, negative_zeros
from fanwise.spec.scheme import Scheme

_registered: dict[str, Scheme] = {}

SchemeLike = Scheme | str

#: In the place of a scheme in a rule: what the layer itself declares, and what the weight holds
#: already.
OWN: Final = "own"
KEEP: Final = "keep"

#: What some frameworks and papers call a scheme whose name here is far from that.
SYNONYMS: Final = {
    "eye": "identity",
    "focal": "prior_bias",
    "gpt2_residual": "scaled_residual",
    "lora_b": "zeros",
    "lora_normal": "lora_gaussian",
    "lora_uniform": "lora_a",
    "msra": "he_normal",
    "random_normal": "normal",
    "random_uniform": "uniform",
    "rezero": "skip_init",
    "rope": "rotary",
    "siren_hidden": "siren",
    "trunc_normal": "truncated_normal",
    "zero": "zeros",
    "one": "ones",
}

#: What is a function and no scheme, as it needs data or other weights: where it is.
_FUNCTIONS: Final = {
    "grow_vocabulary": "fanwise.grow_vocabulary",
    "loftq": "fanwise.loftq",
    "lsuv": "lsuv of fanwise.torch, fanwise.keras and fanwise.jax",
    "olora": "fanwise.olora",
    "pissa": "fanwise.pissa",
}


def scheme(name: str, **params: object) -> Scheme:
    """Make a scheme: a name, with its parameters.

    Args:
        name: one of :func:`schemes`.
        **params: its parameters; the catalogue gives their defaults and bounds.

    Returns:
        The scheme, an immutable value.

    Raises:
        FanwiseError: for an unknown name (with the nearest known one), an unknown
            parameter, or a value out of its bounds.

    Examples:
        >>> scheme("kaiming_normal", nonlinearity="relu", mode="fan_out")
        scheme('kaiming_normal', mode='fan_out', nonlinearity='relu')
        >>> scheme("truncated_normal", std=0.02).std((768, 768))
        0.02
    """
    plain = type(name) is str and PLAIN.issuperset(map(type, params.values()))
    if plain and name not in _registered:
        return _catalogued(name, negative_zeros(params.items()), **params)
    return _scheme(name, params)


@lru_cache(maxsize=4096, typed=True)
def _catalogued(name: str, _: tuple[str, ...], /, **params: object) -> Scheme:
    """Make a scheme, or the one that was made of the same parameters.

    What equals is told apart: 1, 1.0 and True by their types, 0.0 and -0.0 by the names of
    the negative zeros.
    """
    return _scheme(name, params)


def _scheme(name: str, params: Mapping[str, object]) -> Scheme:
    if isinstance(name, str) and name in _registered:
        registered = _registered[name]
        return registered.replace(**params) if params else registered
    if isinstance(name, str) and name not in catalogue().entries:
        if name in (OWN, KEEP):
            hint = "It stands in the rules of a recipe: pass the model to initialize."
            raise FanwiseError("a scheme", name, hint)
        context = f"Unknown scheme {name!r}"
        hint = unknown_scheme(name, schemes())
        if name in _FUNCTIONS:
            hint = f"It needs data or another weight: call {_FUNCTIONS[name]}."
        raise FanwiseError("a scheme's name", name, hint, context=context)
    return Scheme.of(name, params)


def unknown_scheme(name: str, known: Iterable[str]) -> str:
    """Advise on a name that no scheme has: the nearest ones, and where all are.

    Examples:
        >>> unknown_scheme("he_norml", ["he_normal", "zeros"])
        "Did you mean 'he_normal'? All of them: fanwise.schemes(), or `fanwise schemes`."
    """
    told = "All of them: fanwise.schemes(), or `fanwise schemes`."
    return did_you_mean(name, known, SYNONYMS, listed=told)


def scheme_with(start: SchemeLike, params: Mapping[str, object]) -> Scheme:
    """Make a scheme of another one, or of its name, with parameters of any names.

    Raises:
        FanwiseError: as :func:`scheme` does.

    Examples:
        >>> scheme_with(scheme("normal", mean=1.0), {"std": 0.02})
        scheme('normal', mean=1.0, std=0.02)
    """
    if isinstance(start, Scheme) or (isinstance(start, str) and start in _registered):
        known = as_scheme(start)
        return Scheme.of(known.family, {**dict(known.params), **params}, known.name)
    return _scheme(start, params)


def entry_of(name: SchemeLike) -> Entry:
    """Return what the catalogue says of a scheme, also of one that a user registered.

    Raises:
        FanwiseError: for an unknown name.
    """
    entries = catalogue().entries
    if isinstance(name, str) and name in entries and name not in _registered:
        return entries[name]
    return as_scheme(name).entry


def example_of(name: str) -> Scheme:
    """Make a scheme of the catalogue as it is shown and judged: what it requires is given.

    Examples:
        >>> example_of("given").params
        (('values', ((0.0, 0.5, 1.0), (1.0, 0.5, 0.0))),)
    """
    return scheme(name, **entry_of(name).example)


def defaults_of(name: SchemeLike) -> dict[str, Value]:
    """Return the parameters that a scheme has where none are given, None where it needs one.

    Raises:
        FanwiseError: for an unknown name.
    """
    if isinstance(name, Scheme) or name in _registered:
        return dict(as_scheme(name).params)
    return {key: parameter.default for key, parameter in entry_of(name).parameters.items()}


def schemes() -> tuple[str, ...]:
    """Return the names of all schemes, the catalogue's first.

    Returns:
        The names, as :func:`scheme` and every door take them.

    Examples:
        >>> schemes()[:4]
        ('zeros', 'ones', 'constant', 'uniform')
    """
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

    Examples:
        >>> register(scheme("truncated_normal", std=0.02).named("bert_normal")).name
        'bert_normal'
        >>> scheme("bert_normal").std((768, 768))
        0.02
    """
    if not isinstance(scheme, Scheme):
        raise FanwiseError("a Scheme", scheme, "Make one with fanwise.scheme(...).named(...).")
    known = _registered.get(scheme.name)
    is_taken = scheme.name in catalogue().entries or scheme.name in (OWN, KEEP)
    if is_taken or (known is not None and known != scheme):
        hint = "Choose another with Scheme.named: one name never means two things."
        raise FanwiseError("a name that is still free", scheme.name, hint)
    _registered[scheme.name] = scheme
    return scheme


def as_scheme(value: SchemeLike) -> Scheme:
    """Return a scheme as it is, or make the one of a name."""
    if isinstance(value, Scheme):
        return value
    if isinstance(value, str):
        return scheme(value)
    raise FanwiseError("a scheme or its name", value, "Pass e.g. 'he_normal' or fanwise.scheme(…).")
