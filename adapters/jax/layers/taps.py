"""Taps: what passes through a place of a JAX program, there and back, however it is transformed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp

from fanwise.adapters.model_runs import array_moments
from fanwise.core.moments import Moments


@dataclass
class Tap:
    """A place that values pass through.

    Attributes:
        forward: the moments of the values.
        back: those of the gradient that reaches them.
        is_passed: whether anything has passed.
    """

    forward: Moments = field(default_factory=Moments)
    back: Moments = field(default_factory=Moments)
    is_passed: bool = False

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
            _report(self._add_forward, values)
            return values, jnp.zeros_like(probe)

        def back(zero: Any, gradient: Any) -> tuple[Any, Any]:
            _report(self._add_back, gradient)
            return gradient, zero

        through: Any = jax.custom_vjp(pass_on)
        through.defvjp(forward, back)
        return through(values, probe)

    def _add_forward(self, values: Any) -> None:
        self.is_passed = True
        self.forward += array_moments(values)

    def _add_back(self, gradient: Any) -> None:
        self.back += array_moments(gradient)


def _report(add: Callable[[Any], None], values: Any) -> None:
    """Hand values on: now where they are known, else whenever the traced program runs."""
    if isinstance(values, jax.core.Tracer):
        jax.debug.callback(add, values)
    else:
        add(values)
