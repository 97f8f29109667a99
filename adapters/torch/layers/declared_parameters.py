"""What parameters of no layer of torch start with: by a table, by code, or by what they hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import torch
from torch import Tensor, nn

from fanwise.adapters.guesses.bare_parameter import ONE_PLUS, POSITION
from fanwise.adapters.layer_weights import PARAMETER
from fanwise.adapters.torch.layers.classes import written_class
from fanwise.adapters.torch.layers.computed import ComputedWeight
from fanwise.adapters.torch.layers.contradictions import is_of_law
from fanwise.adapters.torch.layers.declared_starts import start_of_torch
from fanwise.adapters.torch.layers.read_starts import (
    ReadStart,
    StartFinder,
    constant_law,
    constant_of,
)
from fanwise.adapters.torch.layers.recorded_laws import Computed
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.torch.layers.unset_models import is_readable, is_unset
from fanwise.spec.roles import ADAPTER, FAN_ROLES
from fanwise.spec.weights import Start

#: The schemes of one number that have names of their own.
_CONSTANTS: Final = {"zeros": 0.0, "ones": 1.0}


@dataclass
class Declarations:
    """What the classes of other libraries declare about a model.

    Attributes:
        weights: all weights of the model, with what is declared.
        is_unset: whether what the model holds now says nothing.
        formulas: values of weights that stay, by the ids of their tensors, where code gives them.
    """

    weights: Sequence[TensorWeight]
    is_unset: bool
    formulas: dict[int, Tensor] = field(default_factory=dict)


def with_declarations(model: nn.Module, weights: Sequence[TensorWeight]) -> Declarations:
    """Give parameters of no layer of torch what their classes declare.

    Nothing is run where there is nothing to ask.

    Args:
        model: any module.
        weights: all weights of the model.
    """
    declared = Declarations(weights, is_unset(weights))
    asked = [stored for stored in weights if _is_asked(stored, is_unset=declared.is_unset)]
    if not asked:
        return declared
    names: dict[int, tuple[nn.Module, list[str]]] = {}
    for stored in asked:
        names.setdefault(id(stored.layer), (stored.layer, []))[1].append(_name(stored))
    finder = StartFinder(model, tuple(names.values()), is_unset=declared.is_unset)
    told = {id(stored): _told(stored, finder, declared) for stored in asked}
    declared.weights = [told.get(id(stored), stored) for stored in weights]
    return declared


def _is_asked(stored: TensorWeight, *, is_unset: bool) -> bool:
    """Tell whether what a weight starts with is to be found."""
    if stored.weight.obstacle is not None or not stored.tensors or stored.computed:
        return False
    if stored.partitions:  # its code counts the fans of the part
        return False
    if _is_lost(stored, is_unset=is_unset) or _is_absent_table(stored):
        return True
    if _is_of_torch(stored.layer):
        return False
    if stored.weight.kind == ADAPTER:
        return False
    return _is_bare(stored) or _contradicts_guess(stored) or _is_table(stored)


def _is_lost(stored: TensorWeight, *, is_unset: bool) -> bool:
    """Tell whether a weight would stay, but holds what nobody has set."""
    return is_unset and not stored.weight.trains and stored.whole


def _is_absent_table(stored: TensorWeight) -> bool:
    """Tell whether a weight would stay, on the meta device, and is a table that code may know."""
    is_frozen_table = isinstance(stored.layer, nn.Embedding) and not stored.weight.trains
    return is_frozen_table and stored.whole and stored.on_meta


def _is_bare(stored: TensorWeight) -> bool:
    return stored.description.kind == PARAMETER


def _is_unknown(stored: TensorWeight) -> bool:
    """Tell whether nothing says what a weight starts with."""
    return _is_bare(stored) and stored.weight.kind.partition("/")[0] == PARAMETER


def _is_table(stored: TensorWeight) -> bool:
    """Tell whether a weight is that of another library's embedding, which may be a formula."""
    return isinstance(stored.layer, nn.Embedding)


def _is_of_torch(layer: nn.Module) -> bool:
    is_list = isinstance(layer, nn.ParameterList | nn.ParameterDict)
    return written_class(layer).__module__.startswith("torch.nn.modules.") and not is_list


def _contradicts_guess(stored: TensorWeight) -> bool:
    """Tell whether what a weight holds is not what it was taken for."""
    weight = stored.weight
    if not (weight.guess or weight.kind == "norm"):
        return False
    value = constant_of(stored.tensor)
    if weight.role == "scale" and weight.kind in ("norm", ONE_PLUS):
        return value is not None and value != (weight.kind == "norm")
    return weight.role in FAN_ROLES and _is_bare(stored) and value is not None


def _told(stored: TensorWeight, finder: StartFinder, declared: Declarations) -> TensorWeight:
    """Return a weight with what is declared that it starts with."""
    weight, tensor = stored.weight, stored.tensor
    read = finder.find(stored.layer, _name(stored), tensor)
    values = read.formula
    if values is None and _is_lost(stored, is_unset=declared.is_unset):
        values = _constant(stored, read)
    if values is not None:
        declared.formulas[id(tensor)] = values
    if _is_unknown(stored):
        told = _starting(stored, read.start)
        return told if read.computed is None else _through(told, read.computed)
    if not weight.trains:
        return stored
    if _is_table(stored):
        changed = replace(weight, role="", kind=POSITION, own=read.start)
        return stored if read.formula is None else replace(stored, weight=changed)
    if not _is_bare(stored):
        return _with_constant(stored, read)
    start = read.start
    if start is None and not read.is_unset:
        start = _unread(stored, is_unset=declared.is_unset)
    stored = _starting(stored, start)
    return (
        _with_constant(stored, read) if read.computed is None else _through(stored, read.computed)
    )


def _starting(stored: TensorWeight, start: Start | None) -> TensorWeight:
    """Return a weight that is told to start so; of many nothing is known, before and after."""
    weight = stored.weight
    return stored if weight.own is start else replace(stored, weight=replace(weight, own=start))


def _constant(stored: TensorWeight, read: ReadStart) -> Tensor | None:
    """Return the values of a weight that starts with one number; None of any other."""
    declared = None if read.start is None else read.start.scheme
    if declared is None or stored.empty:
        return None
    value = {**_CONSTANTS, "constant": dict(declared.params).get("value")}.get(declared.family)
    if not isinstance(value, float):
        return None
    return torch.full_like(stored.tensor.detach(), value)


def _with_constant(stored: TensorWeight, read: ReadStart) -> TensorWeight:
    """Return a weight whose guess gives way to a constant that is declared."""
    weight, start = stored.weight, read.start
    value = None if start is None else constant_law(start)
    if value is None:
        return stored
    if weight.role == "scale" and value in (0, 1):
        kind = "norm" if value else ONE_PLUS
        return replace(stored, weight=replace(weight, kind=kind))
    if not _is_bare(stored):
        return stored
    # A constant is no kernel, but a bias is still one: rules find it by that.
    role = "" if weight.role in FAN_ROLES else weight.role
    changed = replace(weight, role=role, kind=PARAMETER, guess="", beside=None, own=start)
    return replace(stored, weight=changed)


def _unread(stored: TensorWeight, *, is_unset: bool) -> Start | None:
    """Return what a kernel starts with whose code cannot be read, if it is not as was guessed.

    That has no scheme. A kernel that may start as torch's own layers do is taken for one.
    """
    weight, tensor = stored.weight, stored.tensor
    if is_unset or weight.role not in FAN_ROLES or not is_readable(tensor):
        return None
    start = start_of_torch(weight)
    if start is None or start.scheme is None or is_of_law(tensor, start.scheme, weight.axes):
        return None
    return Start(None, text=f"{type(stored.layer).__name__}, whose code could not be read")


def _through(stored: TensorWeight, computed: Computed) -> TensorWeight:
    """Return a weight that is drawn, and then computed from what was drawn.

    Its values are those before the formula: the law of those after it has no name.
    """
    name, tensor = _name(stored), stored.tensor
    shape, drawn_shape = tuple(tensor.shape), computed.drawn.shape
    if math.prod(shape) != math.prod(drawn_shape):
        keeps = Start(None, text="a formula of what is drawn", keeps=True)
        return replace(stored, weight=replace(stored.weight, own=keeps))

    def assign(values: Tensor) -> None:
        made = computed.value(values.detach().cpu().float().reshape(drawn_shape))
        tensor.detach().copy_(made.reshape(shape))

    source = ComputedWeight((tensor,), tensor.detach, assign, shape, Computed, has_law=False)
    return replace(stored, tensors={name: source.memory("meta")}, computed={name: source})


def _name(stored: TensorWeight) -> str:
    return next(iter(stored.tensors))
