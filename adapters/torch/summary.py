"""The parameters of a torch model, with their schemes and fans."""

from __future__ import annotations

import math

from torch import Tensor, nn

from fanwise.adapters.summary import Summary, SummaryRow
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.records import Record, recall
from fanwise.adapters.torch.layers.parts import Part, find, parts, true_fans
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.fans import Fans, fans


def summary(model: nn.Module) -> Summary:
    """List the parameters of a model, each with its scheme, true fans and spread.

    A tensor that is used at several places is one row, under its first path. A scheme is
    shown as long as the tensor holds what it wrote: not after a step of training. A sharded
    tensor is shown as the whole that it is a part of; for that every rank of its mesh must
    make the summary, since the ranks add up what they see.

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
    if not isinstance(model, nn.Module):
        raise FanwiseError("a torch.nn.Module", Phrase(type(model).__name__), "Pass the model.")
    known: dict[int, Part] = {}
    for module in model.modules():
        for part in parts(module):
            known.setdefault(id(find(module, part.name)), part)
    rows = [
        _row(name.replace(".", "/"), parameter, known.get(id(parameter)))
        for name, parameter in model.named_parameters()
    ]
    return Summary(tuple(rows))


def _row(path: str, parameter: Tensor, part: Part | None) -> SummaryRow:
    if nn.parameter.is_lazy(parameter):
        hint = "Run one batch through the model first."
        raise FanwiseError("parameters with a shape", Phrase(f"uninitialized {path}"), hint)
    found = recall(parameter)
    counted = _fans(parameter, part, found)
    return SummaryRow(
        path=path,
        shape=tuple(parameter.shape),
        scheme=None if found is None else found.scheme.name,
        fan_in=None if counted is None else counted.fan_in,
        fan_out=None if counted is None else counted.fan_out,
        expected=_expected(parameter, found),
        observed=_observed(parameter),
        parameters=parameter.numel(),
    )


def _fans(parameter: Tensor, part: Part | None, found: Record | None) -> Fans | None:
    """Those of the layer; for a parameter of no known layer, those that its scheme counted."""
    if part is not None:
        return true_fans(part, parameter)
    if found is None or not found.scheme.entry.uses_fan or parameter.ndim < 2:
        return None
    groups = found.scheme["groups"]
    assert isinstance(groups, int)
    return fans(tuple(parameter.shape), found.axes, groups)


def _expected(parameter: Tensor, found: Record | None) -> float | None:
    if found is None or parameter.numel() == 0:
        return None
    return found.scheme.law(tuple(parameter.shape), found.axes).std


def _observed(parameter: Tensor) -> float:
    if parameter.is_meta or parameter.numel() == 0:
        return math.nan
    if sharded.is_sharded(parameter):
        return sharded.spread(parameter)
    return float(parameter.detach().cpu().double().std(correction=0))
