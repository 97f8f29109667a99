"""The random numbers that whole weights are made of: words of a stream, and what they come to."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.core.dtypes import format_of
from fanwise.core.keys import stream_key
from fanwise.core.philox import Words, words
from fanwise.core.quantile import normal_integer
from fanwise.core.values import NORMAL_UNIT, UNIFORM_UNIT, uniform_integer, write_values
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import ConstantLaw, ElementLaw

Reals = NDArray[np.float64]


class StreamDraws:
    """Random numbers of a weight's stream, from its first element on.

    Args:
        seed, path: they choose the stream.
        members: the segments by which the weights of a joint scheme are told apart.
    """

    def __init__(self, seed: int, path: str | None, members: tuple[str, ...] = ()) -> None:
        self._seed, self._path, self._members = seed, path, members

    @property
    def shared(self) -> StreamDraws:
        """The same on the path that the members of a joint scheme share."""
        return StreamDraws(self._seed, shared_path(self._path, self._members))

    @property
    def path(self) -> str | None:
        """The path of the weight."""
        return self._path

    def words(self, shape: tuple[int, ...], purpose: str = "") -> Words:
        """Return the words themselves."""
        key = stream_key(self._seed, self._path, purpose)
        drawn: Words = words(key, np.zeros(1, np.uint64), math.prod(shape))[0]
        return drawn.reshape(shape)

    def normal(self, shape: tuple[int, ...], purpose: str = "") -> Reals:
        """Return standard normals: the integers of SPEC.md 8.2, times 2⁻²⁸."""
        return normals_of(self.words(shape, purpose))

    def uniform(self, shape: tuple[int, ...], purpose: str = "") -> Reals:
        """Return numbers between 0 and 1: (odd + 2²⁴) / 2²⁵, of the odd integer of SPEC.md 8.1."""
        return uniforms_of(self.words(shape, purpose))

    def elements(self, law: ElementLaw, shape: tuple[int, ...]) -> Reals:
        """Return the elements of a law, in float64."""
        if isinstance(law, ConstantLaw):
            return np.full(shape, law.value)
        drawn: NDArray[Any] = np.empty(shape, np.float64)
        write_values(self.words(shape), law, format_of("float64"), drawn)
        return drawn


def normals_of(drawn: Words) -> Reals:
    """Return the standard normals of words."""
    return normal_integer(drawn).astype(np.float64) * NORMAL_UNIT


def uniforms_of(drawn: Words) -> Reals:
    """Return the numbers between 0 and 1 of words: 2²⁴ of them, the same distance apart."""
    return (uniform_integer(drawn).astype(np.float64) + float(1 << 24)) * (UNIFORM_UNIT / 2)


def shared_path(path: str | None, members: tuple[str, ...]) -> str | None:
    """Return what stands in a path before the last of the members' names.

    Raises:
        FanwiseError: for a path without one.

    Examples:
        >>> shared_path("blocks/0/query/lora_A/kernel", ("lora_A", "lora_B"))
        'blocks/0/query'
    """
    if path is None:
        return None
    segments = path.split("/")
    places = [place for place, segment in enumerate(segments) if segment in members]
    if not places:
        names = " or ".join(members)
        hint = "Pass the weight's path in its model, or none: then the seed alone is shared."
        raise FanwiseError(f"a path with a segment {names}, for a weight of several", path, hint)
    return "/".join(segments[: places[-1]])
