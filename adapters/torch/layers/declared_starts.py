"""What layers declare that their weights start with: ``reset_parameters``, as a scheme.

What torch's own layers start with is said once, by the recipe ``torch_default``, whose rules are
looked up here. A class with a ``reset_parameters`` of its own declares what nobody can read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

from torch import nn

from fanwise.adapters.torch.layers.adapters_of_peft import (
    AdapterParameter,
    adapter_parameters,
    in_pairs,
)
from fanwise.adapters.torch.layers.classes import written_class
from fanwise.adapters.torch.layers.description import torch_class
from fanwise.adapters.torch.layers.obstacles import is_quantized
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.spec.fans import MODES, Fans, fans
from fanwise.spec.recipe import Recipe, recipe
from fanwise.spec.registry import scheme
from fanwise.spec.roles import ADAPTER, FAN_ROLES, IMPLICIT
from fanwise.spec.weights import Start, Weight

#: The methods by which torch's layers start; a layer has one of them.
_METHODS: Final = ("reset_parameters", "_reset_parameters")


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a layer declares about the start of its weights.

    Attributes:
        start: what all of its weights start with; None for one of torch's layers, each of whose
            weights starts as ``torch_default`` says.
    """

    start: Start | None = None


def declaration_of(layer: nn.Module) -> Declaration | None:
    """Tell how a layer declares what its weights start with; None where it does not."""
    cls = written_class(layer)
    method = _declaring_method(cls)
    if method is None:
        return None
    if isinstance(layer, nn.PReLU) and cls.reset_parameters is nn.PReLU.reset_parameters:
        return Declaration(Start(scheme("constant", value=layer.init), text=method))
    known = torch_class(layer)
    if known is None or getattr(cls, method) is not getattr(known, method):
        return Declaration(Start(None, text=getattr(cls, method).__qualname__))
    return Declaration()


def declared_start(declaration: Declaration, weight: Weight) -> Start | None:
    """Tell what a layer declares that a weight of it starts with; None for nothing.

    Args:
        declaration: of the layer.
        weight: as a recipe sees it, under its path in the layer.
    """
    if declaration.start is not None:
        return declaration.start
    return start_of_torch(weight)


def start_of_torch(weight: Weight) -> Start | None:
    """Tell what torch starts a weight with that is of one of its kinds of layers.

    Args:
        weight: as a recipe sees it, under its path in the layer.

    Returns:
        None for a weight of no kind that torch knows, and for a flat piece of one.
    """
    if weight.role in FAN_ROLES and len(weight.shape) < 2:
        return None
    counted = weight.beside or weight.fans
    return _start_of_torch(
        weight.path, weight.role, weight.kind, counted, weight.groups, weight.first_in
    )


def drawn_again(model: nn.Module, weights: Sequence[TensorWeight]) -> Sequence[TensorWeight]:
    """Tell of what larger modules draw once more, after the layers that they are made of.

    That is what ``nn.Transformer`` does, and what PEFT does to all that its adapters add.
    """
    starts = _starts_of_transformers(model)
    adapters = adapter_parameters(model)
    if not starts and not adapters:
        return weights
    return [_told(stored, starts, adapters) for stored in weights]


def _told(
    stored: TensorWeight, starts: Mapping[int, Start], adapters: Mapping[int, AdapterParameter]
) -> TensorWeight:
    """Return a weight with the start that a larger module gives it."""
    weight = stored.weight
    for source in stored.sources:
        if id(source) in adapters:
            adapter = adapters[id(source)]
            told = replace(weight, kind=ADAPTER, own=adapter.start or weight.own)
            if not adapter.is_in_pairs:
                return replace(stored, weight=told)
            name, pairs = next(iter(stored.tensors)), in_pairs(source)
            return replace(
                stored,
                weight=replace(told, shape=pairs.shape),
                tensors={name: pairs.memory("meta")},
                computed={name: pairs},
            )
        if id(source) in starts:
            return replace(stored, weight=replace(weight, own=starts[id(source)]))
    if adapters and (not stored.sources or any(map(is_quantized, stored.sources))):
        # The model below an adapter may be quantized, and stays.
        return replace(stored, weight=replace(weight, trains=False))
    return stored


def _starts_of_transformers(model: nn.Module) -> dict[int, Start]:
    """Return what each ``nn.Transformer`` draws the parameters of two and more axes by."""
    starts: dict[int, Start] = {}
    for module in model.modules():
        if isinstance(module, nn.Transformer):
            cls = type(module)
            if cls._reset_parameters is nn.Transformer._reset_parameters:  # noqa: SLF001
                large = (p for p in module.parameters() if p.dim() > 1)
                starts |= {id(p): _glorot(tuple(p.shape)) for p in large}
    return starts


def _declaring_method(cls: type[nn.Module]) -> str | None:
    """Return the name of the method by which layers of a class start; None for no such one."""
    return next((name for name in _METHODS if callable(getattr(cls, name, None))), None)


@lru_cache(maxsize=1024)
def _glorot(shape: tuple[int, ...]) -> Start:
    """Return what ``nn.Transformer`` draws a parameter by: the tensor counts, not its parts."""
    counted = MODES["fan_avg"](fans(shape, "torch"))
    text = "nn.Transformer._reset_parameters"
    return Start(scheme("glorot_uniform", fan=counted), text=text)


@lru_cache(maxsize=4096)
def _start_of_torch(
    path: str, role: str, kind: str, counted: Fans | None, groups: int, first_in: int | None
) -> Start | None:
    """Look up what torch starts a weight with, by its path in its layer."""
    if role in IMPLICIT and kind == "norm":
        return Start(scheme(IMPLICIT[role]), text="reset_running_stats")
    weight = Weight(path, (), "kernel", role, kind, groups, counted, first_in)
    rule = next((rule for rule in _torch_default().rules if rule.fits(weight)), None)
    if rule is None:
        return None
    chosen = _torch_default().scheme(rule, weight.names)
    return Start(chosen, rule.batch, "reset_parameters")


@cache
def _torch_default() -> Recipe:
    return recipe("torch_default")
