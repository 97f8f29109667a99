"""How many elements of a sparse weight are zero."""

from __future__ import annotations

import math
from typing import Final

from fanwise.spec.axes import IN, OUT, RECEPTIVE, Layout
from fanwise.spec.generator_options import GeneratorOptions

#: A reservoir may have no element that is larger, measured by its spectral radius.
LARGEST_RATIO: Final = 2.0**15


def unconnected(law: GeneratorOptions) -> int:
    """Count the zeros of each batch of an Erdős-Rényi weight: floor((1 - density) size)."""
    layout = law.layout
    size = _size(layout)
    density = law.option("epsilon") * _sides(layout) / size if size else 1.0
    return math.floor((1.0 - density) * size) if density < 1.0 else 0


def connected_share(law: GeneratorOptions) -> float:
    """Return the share of its elements that are not zero."""
    size = _size(law.layout)
    return 1.0 - unconnected(law) / size if size else 0.0


def unconnected_units(law: GeneratorOptions) -> int:
    """Count the outputs of each input that a reservoir sets to zero."""
    sparsity: float = law.option("sparsity")
    return math.ceil(sparsity * law.layout.extent(OUT))


def _size(layout: Layout) -> int:
    return layout.extent(RECEPTIVE) * layout.extent(IN) * layout.extent(OUT)


def _sides(layout: Layout) -> int:
    """Add up how many inputs and outputs there are, and the sizes of the receptive axes."""
    pairs = zip(layout.canonical, layout.canonical_roles, strict=True)
    field = sum(size for size, role in pairs if role == RECEPTIVE)
    return layout.extent(IN) + layout.extent(OUT) + field
