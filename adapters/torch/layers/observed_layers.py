"""The layers of a torch model whose outputs are worth looking at, and those that never ran."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn.utils import parametrize

from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.model_runs import name_silent_parts
from fanwise.adapters.torch.layers.description import describe
from fanwise.adapters.torch.layers.wrappers import is_wrapper, named_layers


@dataclass(frozen=True)
class ObservedLayer:
    """A layer that is seen as a whole.

    Attributes:
        path: its name in the model.
        module: itself.
        stacks: its own parameters where they are stacks of weights, as those of experts are.
    """

    path: str
    module: nn.Module
    stacks: tuple[Tensor, ...] = ()


def observed_layers(model: nn.Module) -> list[ObservedLayer]:
    """List the layers of a model: modules without children, and those with weights of their own.

    Children whose weights a layer describes as its own are a part of it, since attention does not
    call the child that it has; and so are parametrizations.
    """
    inner: set[int] = set()
    layers = []
    for path, module in named_layers(model):
        if id(module) in inner or is_wrapper(module):
            continue
        weights = describe(module)
        owners = {owner for weight in weights for owner in _owners(weight)}
        if parametrize.is_parametrized(module):
            owners.add("parametrizations")
        for name_in_layer, child in module.named_children():
            if name_in_layer in owners:
                inner.update(id(part) for part in child.modules())
        parameters = tuple(module.parameters(recurse=False))
        if weights or parameters or not any(True for _ in module.children()):
            stacks = () if weights else _stacks(parameters)
            layers.append(ObservedLayer(path.removesuffix("/"), module, stacks))
    return layers


def find_uncalled(
    model: nn.Module,
    layers: Sequence[ObservedLayer],
    called: Collection[int],
    reached: Collection[int],
) -> dict[str, str]:
    """Find what had no part in a run: paths, with the names of classes.

    Of a module in which no layer had, it alone is named. A layer has a part in it when it is
    called, and also when its weights are used in another way.

    Args:
        model: the model.
        layers: those that were observed.
        called: the ids of the layers that were called.
        reached: the ids of the parameters that a gradient reached.
    """
    used = set(reached)
    for layer in layers:
        if id(layer.module) in called:
            used.update(map(id, layer.module.parameters()))
    modules = [layer.module for layer in layers]
    active = {id(module) for module in modules if id(module) in called or used & _ids(module)}
    silent = {id(module) for module in modules if _runs(module) and _ids(module)} - active
    parts = (
        (path.removesuffix("/"), module, frozenset(map(id, module.modules())))
        for path, module in named_layers(model)
    )
    return name_silent_parts(parts, silent, active)


def _ids(module: nn.Module) -> set[int]:
    return {id(parameter) for parameter in module.parameters()}


def _runs(module: nn.Module) -> bool:
    """Tell whether a module can be called at all; a list of parameters cannot."""
    return type(module).forward is not nn.Module.forward


def _owners(weight: LayerWeight) -> Iterator[str]:
    """Give the names of the children whose parameters a weight lies in."""
    return (name.partition(".")[0] for name in weight.parameters if "." in name)


def _stacks(parameters: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Return the parameters with three axes or more, if they are stacks of as many weights."""
    deep = tuple(parameter for parameter in parameters if parameter.ndim > 2)
    counts = {parameter.shape[0] for parameter in deep}
    return deep if len(counts) == 1 and counts.pop() > 1 else ()
