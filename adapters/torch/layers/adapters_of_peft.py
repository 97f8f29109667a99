"""The parameters that PEFT's adapters add to a model, and what they start with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from torch import Tensor, nn

from fanwise.adapters.torch.drawing.memory import holds_nothing
from fanwise.adapters.torch.layers.adapter_starts import is_in_pairs, start_of_part
from fanwise.adapters.torch.layers.classes import written_class
from fanwise.adapters.torch.layers.computed import ComputedWeight
from fanwise.adapters.torch.layers.description import torch_class
from fanwise.spec.weights import Start

#: Where PEFT's tuners are, each in a folder of its own.
_TUNERS: Final = "peft.tuners."
#: What a tuner's layer calls what it adds, and what some add without saying so.
_PARTS: Final = "adapter_layer_names"
_MORE_PARTS: Final = ("lora_magnitude_vector", "lora_diag")


class AdapterParameter(NamedTuple):
    """A parameter of an adapter.

    Attributes:
        parameter: itself.
        start: what PEFT starts it with; None where that is not known, or is what torch's own
            layer does.
        is_in_pairs: whether its columns are equal two by two, so that half of it is drawn.
    """

    parameter: Tensor
    start: Start | None
    is_in_pairs: bool = False


def adapter_parameters(model: nn.Module) -> dict[int, AdapterParameter]:
    """Find what PEFT has added to a model, by the identity of the parameter.

    Args:
        model: any module.
    """
    tuners = [layer for layer in model.modules() if _tuner(layer)]
    if not tuners:
        return {}
    configs = _configs(model)
    parameters: dict[int, AdapterParameter] = {}
    for layer in tuners:
        config_of = configs.get(id(layer), {})
        for part, name, owner, parameter in _parts(layer):
            adapter, _, below = name.partition(".")
            config = config_of.get(adapter, next(iter(config_of.values()), None))
            named = ".".join(filter(None, (_tuner(layer), part, below)))
            shape = tuple(parameter.shape)
            start = start_of_part(
                named,
                shape,
                layer,
                config,
                in_layer=torch_class(owner) is not None,
            )
            in_pairs = is_in_pairs(named, shape, config)
            told = AdapterParameter(parameter, start or _constant(parameter), in_pairs)
            parameters.setdefault(id(parameter), told)
    return parameters


def _tuner(layer: nn.Module) -> str:
    """Return the name of the tuner whose class a module is of; ``""`` for other modules."""
    module = written_class(layer).__module__
    return module.removeprefix(_TUNERS).partition(".")[0] if module.startswith(_TUNERS) else ""


def _configs(model: nn.Module) -> dict[int, Mapping[str, Any]]:
    """Return the configs of the adapters that each module has a part in, by the adapters' names."""
    configs: dict[int, Mapping[str, Any]] = {}
    for module in model.modules():
        held = getattr(module, "peft_config", None)
        if isinstance(held, Mapping):
            configs.update({id(part): held for part in module.modules()})
    return configs


def _parts(layer: Any) -> Iterator[tuple[str, str, nn.Module, Tensor]]:
    """Give what a tuner's module adds: part, name in the part, the module that holds it, itself."""
    names = getattr(layer, _PARTS, None)
    if names is not None:
        members = {name: getattr(layer, name, None) for name in (*names, *_MORE_PARTS)}
    elif _is_prompt(layer):
        members = dict(layer.named_children())
    else:
        members = {}
    for part, member in members.items():
        for prefix, module in member.named_modules() if isinstance(member, nn.Module) else ():
            for name, parameter in module.named_parameters(recurse=False):
                yield part, f"{prefix}.{name}" if prefix else name, module, parameter
    if names is None:
        for name, parameter in layer.named_parameters(recurse=False):
            yield name, "", layer, parameter


def _constant(parameter: Tensor) -> Start | None:
    """Return the start of a part that no line is about: it keeps the one value that it has."""
    if holds_nothing(parameter) or not parameter.is_floating_point() or parameter.numel() == 0:
        return None
    low, high = parameter.detach().aminmax()
    if not (low == high and low.isfinite()):
        return None
    return Start(None, text="one value", keeps=True)


def _is_prompt(layer: nn.Module) -> bool:
    """Tell whether a module holds the virtual tokens of a prompt, all of which an adapter adds."""
    return _tuner(layer).startswith(("prompt", "prefix", "p_tuning", "multitask", "cpt"))


def in_pairs(parameter: Tensor) -> ComputedWeight:
    """Describe a parameter of which every other column is drawn, and the next is the same.

    Args:
        parameter: with an even number of columns.
    """
    rows, columns = parameter.shape

    def assign(values: Tensor) -> None:
        parameter.detach().copy_(values.repeat_interleave(2, dim=1))

    def compute() -> Tensor:
        return parameter.detach()[:, ::2]

    return ComputedWeight((parameter,), compute, assign, (rows, columns // 2), in_pairs)
