"""Weights whose values are given."""

from __future__ import annotations

import numpy as np

from fanwise.core.generators.inputs import Draws, Reals
from fanwise.spec.errors import FanwiseError
from fanwise.spec.generator_options import GeneratorOptions
from fanwise.spec.parameters import shape_of


def check(law: GeneratorOptions) -> None:
    """Raise for values of another shape than the weight's."""
    expected, given = law.layout.canonical, shape_of(law.option("values"))
    if given != expected:
        roles = ", ".join(law.layout.canonical_roles)
        hint = f"Give them in canonical order ({roles}), or check axes= and the shape."
        raise FanwiseError(f"values of shape {expected}", given, hint)


def make(law: GeneratorOptions, _draws: Draws) -> Reals:
    """Return the values."""
    return np.array(law.option("values"), np.float64)
