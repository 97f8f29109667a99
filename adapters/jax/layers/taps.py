"""Taps: what passes through a place of a JAX program, there and back, however it is transformed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np


@dataclass
class TappedMoments:
    """The numbers of pieces and of values in them, and the mean and variance of these."""

    pieces: int = 0
    count: int = 0
    mean: float = 0.0
    variance: float = math.nan

    def add(self, values: Any) -> None:
        """Take in another piece."""
        piece = np.asarray(values, np.float64)
        self.pieces += 1
        if not piece.size:
            return
        mean, variance = float(piece.mean()), float(piece.var())
        if self.count:
            share = piece.size / (self.count + piece.size)
            shift = mean - self.mean
            variance = (1 - share) * self.variance + share * variance
            variance += share * (1 - share) * shift**2
            mean = self.mean + share * shift
        self.count, self.mean, self.variance = self.count + piece.size, mean, variance

    @property
    def std(self) -> float:
        """Their standard deviation; NaN where there are none."""
        return math.sqrt(self.variance)


@dataclass
class Tap:
    """A place that values pass through.

    Attributes:
        forward: of the values.
        back: of the gradient that reaches them.
    """

    forward: TappedMoments = field(default_factory=TappedMoments)
    back: TappedMoments = field(default_factory=TappedMoments)

    def __call__(self, values: Any, probe: Any) -> Any:
        """Let values pass.

        Args:
            values: an array, concrete or traced.
            probe: a number that the gradient is asked for, so that there is a way back to here.

        Returns:
            The values; their derivative by the probe is zero.
        """

        def pass_on(values: Any, probe: Any) -> Any:  # noqa: ARG001 (it is what is differentiated)
            return values

        def forward(values: Any, probe: Any) -> tuple[Any, Any]:
            _report(self.forward.add, values)
            return values, jnp.zeros_like(probe)

        def back(zero: Any, gradient: Any) -> tuple[Any, Any]:
            _report(self.back.add, gradient)
            return gradient, zero

        through: Any = jax.custom_vjp(pass_on)
        through.defvjp(forward, back)
        return through(values, probe)


def _report(add: Callable[[Any], None], values: Any) -> None:
    """Hand values on: now where they are known, else whenever the traced program runs."""
    if isinstance(values, jax.core.Tracer):
        jax.debug.callback(add, values)
    else:
        add(values)
