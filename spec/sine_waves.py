"""Sums of the sinusoidal start, in closed form: over whole periods most of them vanish."""

from __future__ import annotations

import math

from fanwise.spec.fans import MODES, counted_fans
from fanwise.spec.generator_options import GeneratorOptions, columns, matrix_size, rows


def wave_sums(inputs: int, outputs: int) -> tuple[float, float]:
    """Add up sin(2πk (place / inputs + 1 / outputs)) and its squares, over places and k.

    A wave whose k is a multiple of the inputs is the same at all places; any other sums to 0.
    """
    flat = range(inputs, outputs + 1, inputs) if inputs else ()
    twice = inputs // 2 if inputs % 2 == 0 else inputs
    flat_squares = range(twice, outputs + 1, twice) if twice else ()
    total = math.fsum(math.sin(2 * math.pi * (k % outputs) / outputs) for k in flat)
    left = math.fsum(math.cos(2 * math.pi * (2 * k % outputs) / outputs) for k in flat_squares)
    return inputs * total, inputs * (outputs - left) / 2


def wave_amplitude(law: GeneratorOptions) -> float:
    """Return what the waves are multiplied by: the variance of all elements is gain² / fan."""
    inputs, outputs = rows(law.layout), columns(law.layout)
    # On so few all waves are zero, and the core refuses to draw them.
    if law.layout.size == 0 or max(inputs, outputs) <= 2:
        return 0.0
    total, squares = wave_sums(inputs, outputs)
    size = inputs * outputs
    variance = (squares - total * total / size) / (size - 1)
    fan = MODES[law.option("mode")](counted_fans(law.layout, law.option("groups")))
    return float(law.option("gain")) / math.sqrt(variance * fan)


def wave_mean(law: GeneratorOptions) -> float:
    """Return the mean of all elements."""
    total, _ = wave_sums(rows(law.layout), columns(law.layout))
    return wave_amplitude(law) * total / matrix_size(law)


def wave_mean_square(law: GeneratorOptions) -> float:
    """Return the mean square of all elements."""
    _, squares = wave_sums(rows(law.layout), columns(law.layout))
    return wave_amplitude(law) ** 2 * squares / matrix_size(law)
