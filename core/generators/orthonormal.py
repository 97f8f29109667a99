"""Haar-distributed matrices out of given Gaussians, as the scheme orthogonal makes them."""

from __future__ import annotations

import numpy as np

from fanwise.core.blocks import Index
from fanwise.core.generators.inputs import Reals
from fanwise.core.householder import write_orthonormal
from fanwise.core.reflections import Matrix


def orthonormal(gaussians: Reals, gain: float = 1.0) -> Reals:
    """Return the matrices Q of SPEC.md 10.2, times a gain.

    Args:
        gaussians: the matrices G, (matrices, rows, columns); they are not written to.
        gain: what they are multiplied by.
    """
    made = np.empty_like(gaussians)

    def part(index: Index) -> Matrix:
        return np.array(gaussians[index])

    write_orthonormal(part, made, gain)
    return made
