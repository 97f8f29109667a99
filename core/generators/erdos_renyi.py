"""Sparse weights whose connections are those of a random graph of Erdős and Rényi."""

from __future__ import annotations

from fanwise.core.generators.elements import draw_elements
from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.shapes import check_in_and_out
from fanwise.core.generators.smallest import mark_smallest
from fanwise.spec.axes import BATCH
from fanwise.spec.generator_options import GeneratorOptions
from fanwise.spec.sparsities import unconnected


def check(law: GeneratorOptions) -> None:
    """Raise where a weight has no in or no out axis."""
    check_in_and_out(law.layout, "erdos_renyi")


def make(law: GeneratorOptions, draws: Draws) -> Reals:
    """Draw all elements, and set those with the smallest words of ``mask`` to zero."""
    layout = law.layout
    made = draw_elements(law.option("elements"), law.option("std"), layout.canonical, draws)
    if not layout.size:
        return made
    batches = layout.extent(BATCH)
    matrices = made.reshape(batches, -1)
    matrices[mark_smallest(draws.words(matrices.shape, "mask"), unconnected(law))] = 0.0
    return made
