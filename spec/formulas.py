"""Formulas: the elements of a weight, each worked out of its place and its word.

The core makes the weight. Here is what can be said of it beforehand, of a sample of its places.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from statistics import NormalDist
from typing import Any, Final

from fanwise.spec.axes import BATCH, OUT, Layout
from fanwise.spec.expressions import names_in, value
from fanwise.spec.parameters import Value, flat

#: A formula is looked at in as many elements, at most.
_SAMPLE: Final = 512
#: Steps between the places of a sample, and between its words: neither falls in with any pattern.
_GOLDEN, _SILVER = (math.sqrt(5) - 1) / 2, math.sqrt(2) - 1


def sizes(layout: Layout) -> tuple[int, int, int]:
    """Count the batches, rows and columns of a weight, as a formula does."""
    batches, columns = layout.extent(BATCH), layout.extent(OUT)
    rows = layout.size // (batches * columns) if batches * columns else 0
    return batches, rows, columns


@lru_cache(maxsize=1024)
def formula_moments(
    text: str, options: tuple[tuple[str, Value], ...], layout: Layout
) -> tuple[float, float]:
    """Estimate the mean and the mean square of the elements of a formula.

    They are exact where a weight has few elements that take no random word; else they are those of
    a sample of the places, with words that go evenly through all.
    """
    names = names_in(text)
    found = [value(text, at) for at in _places(names, dict(options), layout)]
    if not found:
        return 0.0, 0.0
    return math.fsum(found) / len(found), math.fsum(x * x for x in found) / len(found)


def _places(
    names: frozenset[str], given: Mapping[str, Any], layout: Layout
) -> Iterator[dict[str, float]]:
    """Give the names of a formula values, for elements here and there."""
    batches, rows, columns = sizes(layout)
    fixed = {"rows": rows, "columns": columns, "batches": batches, "pi": math.pi}
    vectors = {name: tuple(flat(v)) for name, v in given.items() if isinstance(v, tuple)}
    numbers = {name: v for name, v in given.items() if name not in vectors}
    drawn = not names.isdisjoint(("u", "z"))
    size = layout.size
    every = size <= _SAMPLE and not drawn
    for number in range(size if every else min(_SAMPLE, size and _SAMPLE)):
        place = number if every else int(size * ((number * _GOLDEN) % 1.0))
        at, column = divmod(place, columns)
        batch, row = divmod(at, rows)
        u = ((number + 0.5) * _SILVER) % 1.0
        yield {
            **fixed,
            **numbers,
            **{name: v[column % len(v)] for name, v in vectors.items()},
            "row": row,
            "column": column,
            "batch": batch,
            "u": u,
            "z": NormalDist().inv_cdf(min(max(u, 1e-9), 1 - 1e-9)),
        }
