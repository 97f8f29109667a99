"""The parameters of a torch model, with their schemes and fans."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from fanwise.adapters.layer_weights import PARAMETER
from fanwise.adapters.summary import Summary, SummaryRow
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.memory import holds_nothing, is_allocated
from fanwise.adapters.torch.drawing.moments import moments, sharded_std
from fanwise.adapters.torch.drawing.records import recall
from fanwise.adapters.torch.layers.computed import ComputedWeight
from fanwise.adapters.torch.layers.models import model_weights
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight, std
from fanwise.adapters.torch.layers.wrappers import named_layers
from fanwise.core.uncompiled import uncompiled
from fanwise.spec.fans import Fans, counted_fans
from fanwise.spec.resolved import Resolved
from fanwise.spec.roles import FAN_ROLES


@uncompiled
def summary(model: nn.Module) -> Summary:
    """List the parameters of a model, each with its scheme, true fans and standard deviation.

    A row is called as :func:`initialize` and :func:`paths` call the weight, and by the tensor's own
    name where it holds several weights, or is computed from. A tensor that is used at several
    places is one row, under its first path. A scheme is
    shown as long as the tensor holds what it wrote: not after a step of training. Of a tensor
    that holds several weights, the schemes of all are shown, and what the weights have in
    common. A weight that a layer computes is one row, with the values that it has now, and as
    many parameters as there are behind it. A sharded tensor is shown as the whole that it is a
    part of; for that every rank of its mesh must make the summary, since the ranks add up what
    they see.

    Args:
        model: any module.

    Returns:
        A :class:`Summary`; ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a module, or one with parameters without a shape.

    Examples:
        >>> from torch import nn
        >>> summary(nn.Sequential(nn.Linear(3, 2, bias=False))).parameters
        6
    """
    weights: dict[int, list[TensorWeight]] = {}
    computed: dict[int, dict[str, ComputedWeight]] = {}
    for stored in model_weights(model):
        for tensor in stored.every_source():
            weights.setdefault(id(tensor), []).append(stored)
        if stored.computed:
            computed.setdefault(id(stored.layer), {}).update(stored.computed)
    seen: set[int] = set()
    rows = []
    for path, layer in named_layers(model):
        named: list[tuple[str, Sequence[Tensor], ComputedWeight | None]] = [
            (name.replace(".", "/"), source.originals, source)
            for name, source in computed.get(id(layer), {}).items()
        ]
        named += [(name, (tensor,), None) for name, tensor in layer.named_parameters(recurse=False)]
        for name, tensors, source in named:
            if id(tensors[0]) not in seen:
                seen.update(map(id, tensors))
                rows.append(_row(path + name, tensors, source, weights.get(id(tensors[0]), [])))
    return Summary(tuple(rows))


def _row(
    path: str,
    tensors: Sequence[Tensor],
    source: ComputedWeight | None,
    weights: Sequence[TensorWeight],
) -> SummaryRow:
    """Report a parameter, or a weight that is computed from some."""
    written = recall(tensors[0])
    if any(recall(tensor) != written for tensor in tensors[1:]):
        written = ()
    counted = _fans(weights, written)
    names = dict.fromkeys(weight.scheme.name for weight in written)
    part = next((stored for stored in weights if stored.partitions), None)
    if part is not None:
        shape, observed = part.weight.shape, std(part)
    else:
        shape = tuple(tensors[0].shape) if source is None else source.shape
        observed = _observed_of(tensors, source)
    return SummaryRow(
        path=_canonical_path(path, source, weights),
        shape=shape,
        scheme=", ".join(names) or None,
        fan_in=None if counted is None else counted.fan_in,
        fan_out=None if counted is None else counted.fan_out,
        expected=_expected(tensors[0], written),
        observed=observed,
        parameters=math.prod(shape) if part is not None else sum(t.numel() for t in tensors),
    )


def _canonical_path(
    path: str, source: ComputedWeight | None, weights: Sequence[TensorWeight]
) -> str:
    """Return the path by which a recipe knows a tensor; its own where it is no single weight."""
    if source is None and len(weights) == 1 and weights[0].whole:
        return weights[0].weight.path
    return path


def _observed_of(tensors: Sequence[Tensor], source: ComputedWeight | None) -> float:
    """Return the standard deviation of what a layer uses: a tensor, or what it computes."""
    if source is None:
        return _observed(tensors[0])
    if source.obstacle() is not None or any(map(holds_nothing, tensors)):
        return math.nan
    return _observed(source.compute().detach())


def _fans(weights: Sequence[TensorWeight], written: Sequence[Resolved]) -> Fans | None:
    """Count the fans of a layer's weights; of no known layer, those that the scheme counted."""
    known = [stored.weight for stored in weights if stored.description.kind != PARAMETER]
    counted = {weight.fans for weight in known if weight.role in FAN_ROLES}
    if len(counted) == 1:
        return counted.pop()
    if len(written) != 1 or not written[0].scheme.entry.uses_fan or len(written[0].shape) < 2:
        return None
    (resolved,) = written
    groups = dict(resolved.scheme.params).get("groups", 1)
    assert isinstance(groups, int)
    return counted_fans(resolved.layout, groups)


def _expected(parameter: Tensor, written: Sequence[Resolved]) -> float | None:
    """Return the standard deviation that a scheme gives, where all weights have the same."""
    stds = {(weight.scheme.name, weight.law.std) for weight in written}
    return stds.pop()[1] if len(stds) == 1 and parameter.numel() else None


def _observed(parameter: Tensor) -> float:
    if holds_nothing(parameter) or parameter.numel() == 0:
        return math.nan
    if sharded.is_sharded(parameter):
        return sharded_std(parameter, [sharded.local_part(parameter)])
    real = parameter.layout is torch.strided and not parameter.is_complex()
    if not (real and is_allocated(parameter)):
        return math.nan
    return moments([parameter.detach()]).std
