"""A whole model from one recipe."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import torch
from torch import nn
from torch.autograd.graph import increment_version

from fanwise.adapters.summary import Summary, SummaryRow
from fanwise.adapters.torch.drawing import portable
from fanwise.adapters.torch.drawing.records import record
from fanwise.adapters.torch.drawing.tensors import check_tensor
from fanwise.adapters.torch.layers.models import Slot, slots, spread
from fanwise.core.keys import checked_seed, path_counter
from fanwise.core.sampler import check_law
from fanwise.spec.errors import FanwiseError
from fanwise.spec.globs import renamed
from fanwise.spec.plan import Patterns, Planned, plan
from fanwise.spec.recipe import recipe as read

_FRAMEWORK: Final = "torch"


def initialize(
    model: nn.Module,
    recipe: Any,
    *,
    seed: int,
    only: Patterns = None,
    exclude: Patterns = None,
    dry_run: bool = False,
    **variables: float | str,
) -> Summary:
    """Start a whole model by a recipe: the same function as its twins in other frameworks.

    Every weight is drawn from the seed and its canonical path. What a layer packs into one
    tensor (query, key and value; the gates of a recurrence) gets what separate weights
    would. A tensor that is shared is set once, under its first path. Running statistics are
    set too, and the rows of an embedding's padding are zero. Of a sharded model (DTensor,
    so also FSDP2) every rank draws its own parts, and every rank must call. On the meta
    device there is nothing to write: materialize the model first, or ask for a dry run.

    Args:
        model: any module.
        recipe: the name of one that comes with Fanwise, TOML text, the path of a TOML file,
            a dict of the same form, or a :class:`fanwise.spec.recipe.Recipe`.
        seed: 0 ≤ seed < 2⁶⁴.
        only: patterns of canonical paths; other weights are not touched.
        exclude: patterns of canonical paths that are not touched.
        dry_run: whether to check and report everything, and write nothing.
        variables: values in the place of the recipe's ``[vars]``.

    Returns:
        A :class:`Summary`, a row for each weight that the recipe sets; ``str`` of it is a
        table. Observed is NaN where nothing was written.

    Raises:
        FanwiseError: for bad input, a weight without a rule, and a rule without a weight;
            the model is then untouched.

    Examples:
        >>> from torch import nn
        >>> model = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))
        >>> rules = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
        >>> report = initialize(model, {"fanwise": 1, "rule": rules}, seed=0)
        >>> [row.path for row in report.rows]
        ['0/kernel', '0/bias', '2/kernel', '2/bias']
    """
    checked_seed(seed)
    chosen = read(recipe, **variables)
    found = slots(model)
    planned = plan(
        chosen,
        [slot.weight for slot in found],
        framework=_FRAMEWORK,
        only=only,
        exclude=exclude,
    )
    names = dict(chosen.names.get(_FRAMEWORK, {}))
    by_path = {renamed(slot.weight.path, names): slot for slot in found}
    todo = [(by_path[each.weight.path], each) for each in planned]
    for slot, each in todo:
        _check(slot, each)
    if not dry_run:
        _write(todo, seed)
        for slot, each in todo:
            _finish(slot)
            if slot.whole:
                record(slot.tensor, each.scheme, each.weight.axes)
    return Summary(tuple(_rows(todo, dry_run=dry_run)))


def _check(slot: Slot, each: Planned) -> None:
    """Raise for what could fail while writing."""
    weight = each.weight
    try:
        check_tensor(slot.tensor)
        check_law(each.resolved.law)
        path_counter(weight.path)
    except FanwiseError as error:
        raise error.within(f"{weight.path} cannot be set") from error


def _write(todo: list[tuple[Slot, Planned]], seed: int) -> None:
    """Write all weights in one pass, then the zeros of padding."""
    parts, padded = [], []
    for slot, each in todo:
        if _is_empty(slot):
            continue
        weight = each.weight
        for part, index in slot.blocks():
            held = None if part.shape == weight.shape else index
            parts.append(portable.Part(part, each.resolved, held, weight.path))
            if slot.stored.zero_row is not None:
                padded.append((part, index, slot.stored.zero_row))
    portable.write_parts(parts, seed=seed)
    for part, index, row in padded:
        _clear(part, index, row)
    for slot, _ in todo:
        if not (_is_empty(slot) or slot.tensor.is_inference()):
            increment_version(slot.tensor)


def _clear(part: torch.Tensor, index: tuple[slice, ...], row: int) -> None:
    """Set a row to zeros, where this part of the weight has it."""
    if index[0].start <= row < index[0].stop:
        part[row - index[0].start].fill_(0)


def _finish(slot: Slot) -> None:
    """Begin to count the batches anew, with the statistics."""
    counted = getattr(slot.layer, "num_batches_tracked", None)
    if slot.weight.role == "mean" and isinstance(counted, torch.Tensor) and not counted.is_meta:
        counted.zero_()


def _is_empty(slot: Slot) -> bool:
    return bool(slot.tensor.is_meta or math.prod(slot.weight.shape) == 0)


def _rows(todo: list[tuple[Slot, Planned]], *, dry_run: bool) -> Iterator[SummaryRow]:
    for slot, each in todo:
        weight = each.weight
        own = weight.fans if weight.beside is None else None
        yield SummaryRow(
            path=weight.path,
            shape=tuple(slot.tensor.shape) if slot.whole else weight.shape,
            scheme=each.scheme.name,
            fan_in=None if own is None else own.fan_in,
            fan_out=None if own is None else own.fan_out,
            expected=each.std,
            observed=math.nan if dry_run or _is_empty(slot) else spread(slot),
            parameters=math.prod(weight.shape),
            role=weight.role,
            kind=weight.kind,
            rule=each.rule,
        )
