"""Layers that start with a fault, for the mutants of the claims about a framework's starts.

Each has one weight. That its values are wrong, or that the recipe is, comes to the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np

from fanwise.adapters.protocol import Draw, Started
from fanwise.conformance.checks.starts import starts
from fanwise.conformance.mutants import faults
from fanwise.conformance.mutants.faults import Array, Broken, Fault, right
from fanwise.conformance.results.rows import Row
from fanwise.spec.plan import Planned, Weight
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import resolve


def _planned(role: str, shape: tuple[int, ...], axes: str, name: str) -> Planned:
    return Planned(
        Weight(role, shape, axes, role, "lstm"), resolve(scheme(name), shape, axes), rule=1
    )


#: By their roles. A sample of the kernel takes several layers.
_WEIGHTS: Final = {
    "kernel": _planned("kernel", (4, 64, 800), "batch in out", "glorot_normal"),
    "recurrent_kernel": _planned("recurrent_kernel", (4, 40, 40), "batch in out", "orthogonal"),
    "bias": _planned("bias", (4, 40), "batch out", "zeros"),
}


class BrokenStart(Broken):
    """The reference, with layers that a fault has started."""

    starts: tuple[str, ...] = tuple(_WEIGHTS)

    def start(self, kind: str, seed: int) -> list[Started]:
        """The one weight of the layer, beside the scheme that it should have."""
        planned = _WEIGHTS[kind]
        weight = planned.weight
        draw = Draw(planned.scheme, weight.shape, seed, weight.path, weight.axes)
        return [Started(planned, self.fault(draw))]


def judged(role: str, seed: int, adapter: Broken) -> Iterable[Row]:
    """The rows of one weight, with the fault of a broken adapter."""
    return starts(BrokenStart(adapter.fault), role, seed)


def gates_together(draw: Draw) -> Array:
    """One orthogonal matrix for all gates, of which no gate has an orthogonal part."""
    gates, inputs, outputs = draw.shape
    whole = right(replace(draw, shape=(inputs, gates * outputs), axes="in out"))
    made: Array = whole.reshape(inputs, gates, outputs).transpose(1, 0, 2)
    return made


def nearly(draw: Draw) -> Array:
    """Off by so little that no law would show it."""
    return right(draw) + np.float32(1e-7)


#: The fault in words, the claim that must catch it, the weight, and the fault.
FAULTS: Final[tuple[tuple[str, str, str, Fault], ...]] = (
    ("a start 1 % too large", "variance", "kernel", faults.scaled(1.01)),
    ("a start without its cut", "support", "kernel", faults.uncut),
    ("a start without its cut, by its distribution", "distribution", "kernel", faults.uncut),
    ("a bias that starts beside zero", "values", "bias", nearly),
    ("one orthogonal start for all gates", "orthogonality", "recurrent_kernel", gates_together),
)
