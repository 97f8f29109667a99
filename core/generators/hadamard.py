"""Hadamard matrices, by Sylvester's construction."""

from __future__ import annotations

import numpy as np

from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.shapes import check_in_and_out, matrices
from fanwise.spec.generator_options import GeneratorOptions
from fanwise.spec.hadamards import hadamard_entry


def check(law: GeneratorOptions) -> None:
    """Raise where a weight has no in or no out axis."""
    check_in_and_out(law.layout, "hadamard")


def make(law: GeneratorOptions, _draws: Draws) -> Reals:
    """Fill every batch with the upper left part of the smallest one that covers it."""
    _, inputs, outputs = shape = matrices(law.layout)
    filled = np.broadcast_to(signs(inputs, outputs) * hadamard_entry(law), shape)
    return filled.reshape(law.layout.canonical)


def signs(inputs: int, outputs: int) -> Reals:
    """Return the upper left part of a Hadamard matrix: (-1)^(how many bits row & column has)."""
    odd = np.zeros((inputs, outputs), bool)
    for bit in range(min(inputs, outputs).bit_length()):
        has = [np.arange(size) >> bit & 1 == 1 for size in (inputs, outputs)]
        odd ^= np.logical_and.outer(*has)
    return np.where(odd, -1.0, 1.0)
