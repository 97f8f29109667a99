"""Weights that are made as a whole: by a formula, a step after the draw, or a generator.

Most programs draw none, so what makes them is loaded here when it is needed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.spec.laws import UNDECLARED, Generator, StructuredLaw, declared_generator
from fanwise.spec.limits import check_value


def is_whole(law: StructuredLaw) -> bool:
    """Tell whether a law is one of these."""
    return law.generator in (Generator.FORMULA, Generator.STEP) or law.generator not in UNDECLARED


def check_whole(law: StructuredLaw) -> None:
    """Raise where the law has no meaning on its shape, or values that float32 cannot hold."""
    if law.generator not in UNDECLARED:
        from fanwise.core.generators import GENERATORS

        GENERATORS[law.generator].check(law)
    if law.layout.size:
        check_value(largest_of_whole(law))


def make_whole(law: StructuredLaw, *, seed: int, path: str | None) -> NDArray[Any]:
    """Return the whole weight, in canonical order."""
    from fanwise.core.draws import StreamDraws

    draws = StreamDraws(seed, path, law.members)
    if law.generator == Generator.FORMULA:
        from fanwise.core.formulas import make_formula

        return make_formula(law, draws)
    if law.generator == Generator.STEP:
        from fanwise.core.steps import make_step

        return make_step(law, draws)
    from fanwise.core.generators import GENERATORS

    made = GENERATORS[law.generator].make(law, draws)
    return np.asarray(made, np.float64).reshape(law.layout.canonical)


def largest_of_whole(law: StructuredLaw) -> float:
    """Return a magnitude that no element passes."""
    if law.generator == Generator.FORMULA:
        from fanwise.core.formulas import largest_of_formula

        return largest_of_formula(law)
    declared = declared_generator(law.generator)
    # After a step the largest is the gain.
    return law.gain if declared is None else declared.largest(law)
