"""Weights that are made as a whole: by a formula, a step after the draw, or a generator."""

from __future__ import annotations

import numpy as np

from fanwise.core.draws import Reals, StreamDraws
from fanwise.core.formulas import largest_of_formula, make_formula
from fanwise.core.generators import GENERATORS
from fanwise.core.steps import make_step
from fanwise.spec.generators import GENERATORS as DECLARED
from fanwise.spec.laws import Generator, StructuredLaw
from fanwise.spec.limits import check_value


def is_whole(law: StructuredLaw) -> bool:
    """Tell whether a law is one of these."""
    return law.generator in (Generator.FORMULA, Generator.STEP) or law.generator in GENERATORS


def check_whole(law: StructuredLaw) -> None:
    """Raise where the law has no meaning on its shape, or values that float32 cannot hold."""
    if law.generator in GENERATORS:
        GENERATORS[law.generator].check(law)
    if law.layout.size:
        check_value(largest_of_whole(law))


def make_whole(law: StructuredLaw, *, seed: int, path: str | None) -> Reals:
    """Return the whole weight, in canonical order."""
    draws = StreamDraws(seed, path, law.members)
    if law.generator == Generator.FORMULA:
        return make_formula(law, draws)
    if law.generator == Generator.STEP:
        return make_step(law, draws)
    made = GENERATORS[law.generator].make(law, draws)
    return np.asarray(made, np.float64).reshape(law.layout.canonical)


def largest_of_whole(law: StructuredLaw) -> float:
    """Return a magnitude that no element passes."""
    if law.generator == Generator.FORMULA:
        return largest_of_formula(law)
    if law.generator == Generator.STEP:
        return law.gain
    return DECLARED[law.generator].largest(law)
