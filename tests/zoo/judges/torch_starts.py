"""What torch's own layers start with, asked of torch: each layer is reset, many times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from zoo.judges.moments import Moments

#: So many numbers are drawn of each weight, or so often.
_NUMBERS: Final = 50_000
_RESETS: Final = 60
#: But of all weights of a layer together no more, for the time that it takes.
_MOST: Final = 2_000_000
_METHODS: Final = ("reset_parameters", "_reset_parameters")
#: What starts are the same by, besides classes and shapes.
_FACTS: Final = ("groups", "padding_idx", "init", "hidden_size", "in_features", "in1_features")

#: A constant, or the moments of what is drawn.
Start = Tensor | Moments
_starts: dict[tuple[object, ...], dict[str, Start]] = {}


def torch_class(module: nn.Module) -> type[nn.Module] | None:
    """Return the class of torch.nn that a layer is of or comes from; None for other modules."""
    for cls in type(module).__mro__:
        # What nn.Transformer does to its layers is what a model does.
        is_known = _is_of_torch(cls) and cls is not nn.Transformer
        if is_known and any(callable(getattr(cls, name, None)) for name in _METHODS):
            return cls
    return None


def is_torchs(module: nn.Module) -> bool:
    """Tell whether a layer is of a class of torch itself, not of one that comes from it."""
    return _is_of_torch(type(module))


def own_starts(module: nn.Module, shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, Start]:
    """Ask torch what the weights of a layer start with.

    Args:
        module: the layer.
        shapes: of its weights by name, those that it computes from others as well.

    Returns:
        The start of each weight that torch's class sets; nothing for modules that are not torch's.
    """
    cls = torch_class(module)
    if cls is None:
        return {}
    facts = tuple(str(getattr(module, fact, None)) for fact in _FACTS)
    key = (cls, tuple(shapes.items()), facts)
    if key not in _starts:
        try:
            _starts[key] = dict(_observed(cls, module, shapes))
        except AttributeError:
            # A class that comes from torch's may do without its weights.
            _starts[key] = {}
    return _starts[key]


def _is_of_torch(cls: type) -> bool:
    return cls.__module__.startswith("torch.nn.")


def _times(shape: tuple[int, ...]) -> int:
    return min(_RESETS, 2 + _NUMBERS // max(int(np.prod(shape)), 1))


def _observed(
    cls: type[nn.Module], module: nn.Module, shapes: Mapping[str, tuple[int, ...]]
) -> Iterator[tuple[str, Start]]:
    times = max((_times(shape) for shape in shapes.values()), default=0)
    drawn = sum(int(np.prod(shape)) for shape in shapes.values())
    times = min(times, max(2, _MOST // max(drawn, 1)))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(9)
        resets = [_reset(cls, module, shapes) for _ in range(times)]
    for name in shapes:
        values = [reset[name] for reset in resets if name in reset]
        if not values or any(value.isnan().any() for value in values):
            continue
        if all(torch.equal(value, values[0]) for value in values):
            yield name, values[0]
        else:
            yield name, Moments.of(value.numpy() for value in values)


def _reset(
    cls: type[nn.Module], module: nn.Module, shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, Tensor]:
    """Reset a twin of a layer, that has weights and buffers of its own."""
    twin = _twin(cls, module)
    for name, shape in shapes.items():
        holder = twin
        if "." in name:
            child = name.partition(".")[0]
            twin._modules[child] = holder = twin._modules[child] or nn.Module()
        # Older ways of computing a weight keep it as an attribute.
        vars(holder).pop(name, None)
        holder._parameters[name.rpartition(".")[2]] = nn.Parameter(torch.full(shape, torch.nan))
    method: Any = next(getattr(cls, name) for name in _METHODS if hasattr(cls, name))
    method(twin)
    return {name: twin.get_parameter(name).detach() for name in shapes}


def _twin(cls: type[nn.Module], module: nn.Module) -> nn.Module:
    twin = cls.__new__(cls)
    twin.__dict__.update(vars(module))
    for hooks in [name for name in vars(twin) if name.endswith("hooks")]:
        twin.__dict__[hooks] = {}
    twin.__dict__["_parameters"] = dict.fromkeys(vars(module)["_parameters"])
    twin.__dict__["_buffers"] = {
        name: buffer if buffer is None else buffer.clone()
        for name, buffer in vars(module)["_buffers"].items()
    }
    modules = vars(module)["_modules"].items()
    twin.__dict__["_modules"] = {
        name: _twin(type(child), child) if type(child).__module__.startswith("torch.nn.") else None
        for name, child in modules
        if name != "parametrizations"
    }
    return twin
