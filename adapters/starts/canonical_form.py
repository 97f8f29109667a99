"""The tensors of a start under canonical paths: the same whatever the framework.

Of every weight the axes are in canonical order, (batch, receptive field, in, out), with no role
twice, as the stream counts its elements. So the bytes of a weight are those of its stream.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.recipe_forms import recipe_form
from fanwise.adapters.starts.start import StartWeight
from fanwise.adapters.starts.start_tensors import Blocks, StartTensor
from fanwise.adapters.starts.weight_blocks import (
    DrawnBlocks,
    Row,
    WholeBlocks,
    in_storage,
    stored_as,
)
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.spec.axes import RECEPTIVE, Layout, layout
from fanwise.spec.plan import Planned
from fanwise.spec.weights import Weight

#: The dtype of a weight in the canonical form, where no other one is asked for.
DTYPE: Final = "float32"
_SECOND_BIAS: Final = "recurrent_bias"


def canonical_weight(weight: Weight) -> tuple[tuple[int, ...], str]:
    """Return the shape and the axes that a weight has in canonical order.

    Args:
        weight: as a recipe sees it, with the axes that its rule gives it.
    """
    return recipe_form(weight.shape, weight.axes, weight.role)


def drawn_tensor(
    stored: StoredWeight, planned: Planned, seed: int, dtype: str
) -> tuple[StartTensor, StartWeight]:
    """Return a weight that is drawn, in canonical order.

    Args:
        stored: the weight.
        planned: it and its scheme.
        seed: of the whole start.
        dtype: of its elements.
    """
    weight, resolved = planned.weight, planned.resolved
    shape, axes = canonical_weight(weight)
    row = stored.description.zero_row
    zero_row = None if row is None else _row(resolved.layout, axes, row)
    source: Blocks
    # Each element depends on its place in canonical order alone.
    ordered = stored_as(resolved, layout(shape, axes))
    if ordered is None or (row is not None and zero_row is None):
        whole = DrawnBlocks(resolved, seed, weight.path, dtype, None if row is None else (0, row))
        source = WholeBlocks(lambda: _in_order(whole.whole(), resolved.layout, shape))
    else:
        source = DrawnBlocks(ordered, seed, weight.path, dtype, zero_row)
    tensor = StartTensor.of(weight.path, shape, dtype, source, (weight.path,))
    scheme = planned.scheme.to_dict()
    told = start_weight(_of_any(weight), shape, axes, (weight.path,), scheme, planned.rule)
    is_first = zero_row is not None and zero_row[0] == 0
    groups_on = resolved.layout.groups_on if weight.groups > 1 else None
    return tensor, replace(told, zero_row=row if is_first else None, groups_on=groups_on)


def copied_tensor(stored: StoredWeight, dtype: str) -> tuple[StartTensor, StartWeight]:
    """Return a weight that is copied, in canonical order.

    Args:
        stored: the weight, under its canonical path.
        dtype: of its elements.
    """
    weight = stored.weight
    shape, axes = canonical_weight(weight)
    source = WholeBlocks(partial(_copied, stored, dtype, shape))
    tensor = StartTensor.of(weight.path, shape, dtype, source, is_copied=True)
    return tensor, start_weight(_of_any(weight), shape, axes, (weight.path,))


def is_of_one_framework(planned: Planned) -> bool:
    """Tell whether a weight is the second of two biases, which only torch has, and is zero.

    Args:
        planned: a weight and its scheme.
    """
    return planned.rule == 0 and planned.weight.role == _SECOND_BIAS


def _of_any(weight: Weight) -> Weight:
    """Leave out of a weight how its framework stores it, such as turned."""
    return replace(weight, kind=weight.kind.partition("/")[0])


def start_weight(
    weight: Weight,
    shape: tuple[int, ...],
    axes: str,
    tensors: tuple[str, ...],
    scheme: dict[str, Any] | None = None,
    rule: int | None = None,
) -> StartWeight:
    """Say what is known of a weight."""
    return StartWeight(
        weight.path,
        shape,
        axes,
        weight.role,
        weight.kind,
        weight.groups,
        tensors,
        scheme,
        rule,
        first_in=weight.first_in,
    )


def _copied(stored: StoredWeight, dtype: str, shape: tuple[int, ...]) -> NDArray[Any]:
    there = layout(stored.weight.shape, stored.weight.axes)
    return _in_order(in_storage(np.asarray(stored.values()), dtype), there, shape)


def _in_order(made: NDArray[Any], there: Layout, shape: tuple[int, ...]) -> NDArray[Any]:
    """Bring an array from storage order into canonical order."""
    return made.reshape(there.expanded).transpose(there.order).reshape(shape)


def _row(there: Layout, axes: str, row: int) -> Row | None:
    """Return where a row of the first axis is in canonical order; None where it is no row there."""
    role, words = there.roles[0], axes.split()
    if there.axes[0].batches > 1 or role == RECEPTIVE or there.roles.count(role) > 1:
        return None
    return (words.index(role), row) if role in words else None
