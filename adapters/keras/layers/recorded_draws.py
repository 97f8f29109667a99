"""What code draws, recorded: which law its values are of, where they are one draw, scaled."""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import keras
import numpy as np
from keras.src.backend import random as backend_random
from numpy.typing import NDArray

from fanwise.adapters.keras.drawing.transfer import host_array
from fanwise.adapters.keras.layers.copied import AttributeCopier
from fanwise.adapters.keras.layers.process_state import unchanged_process
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme

#: The parameters of the samplers of Keras, which tell what they draw.
_LOCATIONS: Final = {
    "normal": {"mean": 0.0, "stddev": 1.0},
    "truncated_normal": {"mean": 0.0, "stddev": 1.0},
    "uniform": {"minval": 0.0, "maxval": 1.0},
}
#: How well numbers, which may have been rounded to 16 bits, must fit to be a draw, scaled.
_RELATIVE: Final = 5e-3
#: How many draws are between two recordings, in seeds.
_APART: Final = 1_000_000
#: How many numbers must fit.
_ENOUGH: Final = 8

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class RecordedDraw:
    """Numbers that have been drawn.

    Attributes:
        sampler: the name of the function of Keras that has drawn them.
        parameters: what it was given, in its own words.
        values: what it gave.
    """

    sampler: str
    parameters: dict[str, float]
    values: Numbers

    def scaled(self, factor: float, shift: float) -> Scheme | None:
        """Return the scheme of these numbers, each times a factor and with a shift."""
        first, second = (self.parameters[name] for name in _LOCATIONS[self.sampler])
        if self.sampler == "uniform":
            low, high = sorted((factor * first + shift, factor * second + shift))
            return scheme("uniform", low=low, high=high)
        mean, std = factor * first + shift, abs(factor) * second
        if self.sampler == "normal":
            return scheme("normal", mean=mean, std=std)
        return scheme("truncated_normal", mean=mean, std=std, corrected=False)


@contextlib.contextmanager
def recorded_draws(number: int) -> Iterator[list[RecordedDraw]]:
    """Record what the samplers of Keras draw, each time under another seed.

    Args:
        number: of the recording: another one draws other numbers, whatever seeds they have, so
            that what is the same in both does not depend on them.
    """
    draws: list[RecordedDraw] = []
    seeds = itertools.count(number * _APART)
    samplers = {name: getattr(backend_random, name) for name in _LOCATIONS}
    try:
        for name, sampler in samplers.items():
            setattr(backend_random, name, _recording(name, sampler, draws, seeds))
        yield draws
    finally:
        for name, sampler in samplers.items():
            setattr(backend_random, name, sampler)


def _recording(
    name: str, sampler: Callable[..., Any], draws: list[RecordedDraw], seeds: Iterator[int]
) -> Callable[..., Any]:
    def sample(shape: Any, *arguments: Any, **options: Any) -> Any:
        # The last one is the seed.
        arguments = arguments[: len(_LOCATIONS[name]) + 1]
        values = sampler(shape, *arguments, **{**options, "seed": next(seeds)})
        given = {**_LOCATIONS[name], **dict(zip(_LOCATIONS[name], arguments, strict=False))}
        given |= {key: options[key] for key in _LOCATIONS[name] if key in options}
        # What is traced has no numbers.
        with contextlib.suppress(Exception):
            numbers = {key: float(value) for key, value in given.items()}
            draws.append(RecordedDraw(name, numbers, host_numbers(values)))
        return values

    return sample


def host_numbers(values: Any) -> Numbers:
    """Return values of any backend as numbers of 64 bits."""
    return np.array(host_array(keras.ops.cast(values, "float32")), np.float64)


@dataclass(frozen=True)
class Recording:
    """Values that some code has given, and what it drew until then.

    Attributes:
        values: what it has given.
        draws: all that it drew.
    """

    values: Numbers
    draws: tuple[RecordedDraw, ...]


def recorded_calls(function: Callable[..., Any], shape: tuple[int, ...]) -> list[Recording]:
    """Call an initializer, as often as it takes to tell its law; nothing where it raises.

    Args:
        function: the initializer, which is not changed itself.
        shape: of what it is to give.
    """
    recordings = []
    times = max(2, -(-_ENOUGH // max(math.prod(shape), 1)))
    with unchanged_process(), contextlib.suppress(Exception):  # somebody's own code
        copied = AttributeCopier().copy(function)
        for number in range(times):
            with recorded_draws(number) as draws:
                values = host_numbers(keras.ops.convert_to_tensor(copied(shape, dtype="float32")))
                if values.shape != shape:
                    return []
                recordings.append(Recording(values, tuple(draws)))
    return recordings


def told_by(recordings: Sequence[Recording]) -> Scheme | Numbers | None:
    """Tell what values are: of one law, always the same, or None where that is not known.

    Args:
        recordings: of what the same code gave, several times.
    """
    if len(recordings) < 2:
        return None
    values = np.stack([recording.values for recording in recordings])
    if not np.isfinite(values).all():
        return None
    for number in range(1, min(len(recording.draws) for recording in recordings) + 1):
        draws = [recording.draws[-number] for recording in recordings]
        law = _law_of(values, draws)
        if law is not None:
            return law
    return None if (values != values[0]).any() else recordings[0].values


def _law_of(values: Numbers, draws: Sequence[RecordedDraw]) -> Scheme | None:
    """Return the law of values that are draws, all scaled and shifted in the same way."""
    first = draws[0]
    of_one_law = all((d.sampler, d.parameters) == (first.sampler, first.parameters) for d in draws)
    if not of_one_law or any(draw.values.size != values[0].size for draw in draws):
        return None
    drawn, told = np.concatenate([draw.values.ravel() for draw in draws]), values.ravel()
    if drawn.size < _ENOUGH or first.values.size == 0:
        return None
    spread = drawn - drawn.mean()
    factor = float(spread @ (told - told.mean()) / max(float(spread @ spread), 1e-300))
    shift = float(told.mean() - factor * drawn.mean())
    scale = abs(factor) * float(np.abs(spread).max())
    if not factor or float(np.abs(factor * drawn + shift - told).max()) > _RELATIVE * scale:
        return None
    # What rounding has put beside a round number.
    rounded = float(f"{factor:.5g}")
    return first.scaled(rounded, 0.0 if abs(shift) <= _RELATIVE * scale else float(f"{shift:.5g}"))
