"""What a scheme requires of a shape and of its parameters, so that its weights have a meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fanwise.spec.axes import Layout
from fanwise.spec.entries import SIZES, Entry
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.expressions import holds
from fanwise.spec.formulas import sizes


def check_shape(entry: Entry, numbers: Mapping[str, Any], layout: Layout) -> None:
    """Raise where one of the comparisons that a scheme requires does not hold.

    Args:
        entry: what the catalogue says of the scheme.
        numbers: the parameters that are given.
        layout: a shape with elements, with the roles of its axes.

    Raises:
        FanwiseError: with the comparison, and the numbers in it.
    """
    batches, rows, columns = sizes(layout)
    counted = {"rows": rows, "columns": columns, "batches": batches}
    for comparison in entry.requires:
        named = {name: {**numbers, **counted}[name] for name in sorted(comparison.names)}
        if not holds(comparison.text, named):
            # The parameters are floats here, and most were given as integers.
            given = ", ".join(f"{name} = {number:g}" for name, number in named.items())
            checked = ", ".join(["the shape", *sorted(comparison.names - SIZES)])
            hint = f"Here {given}: check {checked} and the axes."
            received = Phrase(f"shape {layout.shape}")
            raise FanwiseError(f"{comparison.text} for {entry.name}", received, hint)
