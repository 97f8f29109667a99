"""Deterministic weights: each output is a sine wave over its inputs, at a frequency of its own.

References:
    Fernández-Hernández et al. 2025, arXiv:2505.12909, section 3.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.shapes import check_in_and_out, matrices, places
from fanwise.spec.errors import FanwiseError
from fanwise.spec.generator_options import GeneratorOptions
from fanwise.spec.sine_waves import wave_amplitude


def check(law: GeneratorOptions) -> None:
    """Raise where all waves would be zero throughout."""
    check_in_and_out(law.layout, "sinusoidal")
    _, inputs, outputs = matrices(law.layout)
    if 0 < inputs <= 2 and 0 < outputs <= 2:
        hint = "Its waves are zero on so few; use orthogonal."
        raise FanwiseError("three inputs or outputs for sinusoidal", law.layout.shape, hint)
    wave_amplitude(law)  # which raises where the groups do not divide


def make(law: GeneratorOptions, _draws: Draws) -> Reals:
    """Give output o the wave sin(2πk (place / inputs + 1 / outputs)), k = o + 1."""
    if law.layout.size == 0:
        return np.zeros(law.layout.canonical)
    _, inputs, outputs = shape = matrices(law.layout)
    turn = inputs * outputs
    # Exact, in integers: how far along the circle, in its parts of 1 / turn.
    frequency = np.arange(1, outputs + 1)
    along = (places(law.layout)[:, None] * outputs + inputs) * frequency % turn
    waves = _sine(along, turn) * wave_amplitude(law)
    return np.broadcast_to(waves, shape).reshape(law.layout.canonical)


def _sine(along: NDArray[Any], turn: int) -> Reals:
    """Compute sin(2π along / turn), with exact zeros, and opposite numbers where it is so."""
    second = 2 * along > turn
    half = np.where(second, turn - along, along) * 2
    # sin(πx) = sin(π - πx): never past a quarter of the circle.
    quarter = np.minimum(half, turn - half)
    waves: Reals = np.sin(quarter * np.pi / turn)
    return np.where(second, -waves, waves)
