"""Arguments of commands that are values of Fanwise: shapes, slices, schemes with parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from fanwise.spec.axes import checked_shape
from fanwise.spec.catalogue import catalogue
from fanwise.spec.documents import json_data
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import scheme, schemes, unknown_scheme
from fanwise.spec.scheme import Scheme

#: What stands between the sizes of a shape, once.
_BETWEEN: Final = re.compile(r"\s*[,x×]\s*|\s+")
#: How a number in hexadecimals begins: it would be read as a size of 0, and another.
_HEXADECIMAL: Final = re.compile(r"(?<![\dx×])0[xX]\d")
_WORDS: Final = {"true": True, "false": False, "none": None}
_BOUND: Final = r"(?:-?\d{1,18})?"
_SLICE: Final = re.compile(rf"{_BOUND}:{_BOUND}(?::{_BOUND})?")

#: The shape that schemes are shown on, if none is given; and the one of schemes of convolutions.
_DENSE: Final = (512, 256)
_CONVOLUTION: Final = (3, 3, 64, 128)
_OF_CONVOLUTIONS: Final = ("delta_orthogonal", "dirac")

#: A value of a parameter, or of a variable.
Plain = float | int | bool | str | list[Any] | None


def shape_of(text: str) -> tuple[int, ...]:
    """Read a shape: whole numbers with commas, or an x, between them.

    Raises:
        FanwiseError: for anything else.

    Examples:
        >>> shape_of("512,256"), shape_of("3x3x16x32"), shape_of("(10,)"), shape_of("()")
        ((512, 256), (3, 3, 16, 32), (10,), ())
    """
    bare = text.strip().removeprefix("(").removeprefix("[").removesuffix(")").removesuffix("]")
    scalar = text.strip() in ("()", "[]")
    sizes = [] if scalar else _BETWEEN.split(bare.strip().removesuffix(",").strip())
    are_numbers = all(size.isdecimal() and len(size) < 20 for size in sizes)
    if not are_numbers or _HEXADECIMAL.search(bare):
        hint = "Write e.g. --shape 512,256."
        raise FanwiseError("a shape, whole numbers with commas between them", text, hint)
    return checked_shape([int(size) for size in sizes])


def index_of(text: str) -> tuple[slice, ...]:
    """Read slices, one for each axis, as between brackets in Python.

    Raises:
        FanwiseError: for anything else.

    Examples:
        >>> index_of("0:128, ::2")
        (slice(0, 128, None), slice(None, None, 2))
    """
    parts = [part.strip() for part in text.strip().strip("[]").split(",")]
    if not all(map(_SLICE.fullmatch, parts)):
        hint = "Write a slice for each axis, e.g. --index 0:128,:."
        raise FanwiseError("slices with commas between them", text, hint)
    return tuple(_slice_of(part) for part in parts)


def _slice_of(part: str) -> slice:
    return slice(*(int(bound) if bound else None for bound in part.split(":")))


def value_of(text: str) -> Plain:
    """Read a value: a number where it can be one, true, false or none, a list, or else a text.

    Examples:
        >>> value_of("24"), value_of("0.02"), value_of("fan_out"), value_of("false")
        (24, 0.02, 'fan_out', False)
        >>> value_of("[0.5, [1, 2]]")
        [0.5, [1, 2]]
    """
    if text.startswith("["):
        try:
            return list(json_data(text, "a list"))
        except FanwiseError:
            return text
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return _WORDS.get(text.casefold(), text)


def pairs_of(words: Iterable[str], what: str, example: str) -> dict[str, Any]:
    """Read pairs of ``name=value``.

    Args:
        words: the pairs.
        what: each of them is.
        example: a right one, for the error.

    Raises:
        FanwiseError: for what is none.
    """
    pairs = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.strip().isidentifier():
            raise FanwiseError(f"{what} as name=value", word, f"Write e.g. {example}.")
        pairs[name.strip()] = value_of(value.strip())
    return pairs


def schemes_of(
    words: Sequence[str], params: Iterable[str] = (), *, examples: bool = False
) -> list[Scheme]:
    """Read schemes, each with the parameters that follow it.

    Args:
        words: names of schemes, and ``name=value`` behind the scheme that they belong to.
        params: ``name=value`` for all of them.
        examples: whether what must be given, and is not, is that of the catalogue's example.

    Raises:
        FanwiseError: for a scheme or a parameter that there is not.
    """
    groups: list[tuple[str, list[str]]] = []
    for word in words:
        if "=" not in word:
            groups.append((word, []))
        elif groups:
            groups[-1][1].append(word)
        else:
            hint = unknown_scheme(word, schemes())
            raise FanwiseError("the name of a scheme, and then its parameters", word, hint)
    every = tuple(params)
    return [
        _scheme_of(name, pairs_of((*every, *own), "a parameter", "std=0.02"), examples=examples)
        for name, own in groups
    ]


def one_scheme_of(
    words: Sequence[str], params: Iterable[str] = (), *, examples: bool = False
) -> Scheme:
    """Read one scheme, as :func:`schemes_of`.

    Raises:
        FanwiseError: for several.
    """
    first, *others = schemes_of(words, params, examples=examples)
    if others:
        names = ", ".join(chosen.name for chosen in (first, *others))
        hint = "Name one at a time, or draw them over each other with 'fanwise plot'."
        raise FanwiseError("one scheme", names, hint)
    return first


def _scheme_of(name: str, params: Mapping[str, Any], *, examples: bool) -> Scheme:
    entry = catalogue().entries.get(name)
    if examples and entry is not None:
        needed = {key: entry.example[key] for key, p in entry.parameters.items() if p.required}
        params = {**needed, **params}
    # What is called "name" is no parameter of any scheme, but of the function that makes them.
    return Scheme.of(name, params) if "name" in params else scheme(name, **params)


def place_of(chosen: Scheme, shape: str | None, axes: str | None) -> tuple[tuple[int, ...], str]:
    """Return the shape and the axes that a scheme is shown on: those given, or its own.

    Args:
        chosen: the scheme.
        shape: as it was given; None for one that suits the scheme.
        axes: likewise.

    Examples:
        >>> place_of(scheme("he_normal"), None, None), place_of(scheme("dirac"), "3,4,8", "torch")
        (((512, 256), 'kernel'), ((3, 4, 8), 'torch'))
    """
    sizes = suitable_shape(chosen) if shape is None else shape_of(shape)
    return sizes, chosen.pattern(axes)


def suitable_shape(chosen: Scheme) -> tuple[int, ...]:
    """Return a shape that a scheme has a meaning on."""
    if chosen.entry.shape is not None:
        return chosen.entry.shape
    return _CONVOLUTION if chosen.family in _OF_CONVOLUTIONS else _DENSE
