"""What a torch model holds, and how its classes started it: seen while it is built."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from zoo.judges.torch_starts import Start, is_torchs, own_starts

#: What the vectors of power iterations are called.
_ITERATED = ("weight_u", "weight_v")


@dataclass(frozen=True)
class Held:
    """A weight of a model, as its layer uses it.

    Attributes:
        label: of the weights that start alike: the layer's class, and the name in the layer.
        value: reads it.
        stored: the parameters that it is, or is computed from.
        start: what torch's own layers start with; None where torch says nothing.
        is_torchs: whether the layer is of a class of torch itself.
        is_adapter: whether it belongs to what PEFT adds to a layer.
    """

    label: tuple[str, ...]
    value: Callable[[], Tensor]
    stored: tuple[Tensor, ...]
    start: Start | None = None
    is_torchs: bool = False
    is_adapter: bool = False

    @property
    def trains(self) -> bool:
        """Whether training changes it."""
        return any(tensor.requires_grad for tensor in self.stored)

    def numbers(self) -> np.ndarray:
        """Copy its values, as real numbers."""
        values = self.value().detach()
        values = torch.view_as_real(values) if values.is_complex() else values
        # In their own type where NumPy has it, for the memory that large models take.
        exact = values if values.dtype in (torch.float32, torch.float64) else values.double()
        return exact.cpu().numpy().copy()


def held_weights(model: nn.Module) -> dict[str, Held]:
    """List the weights of a model by name, each tensor once."""
    held: dict[str, Held] = {}
    seen: set[int] = set()
    ancestors = dict(model.named_modules(remove_duplicate=False))
    for path, module in model.named_modules():
        values = dict(_values(module))
        own = own_starts(module, {name: tuple(v().shape) for name, (v, _) in values.items()})
        for name, (value, stored) in values.items():
            if all(id(tensor) in seen for tensor in stored):
                continue
            seen.update(map(id, stored))
            full = f"{path}.{name}" if path else name
            shape = "x".join(map(str, value().shape))
            held[full] = Held(
                (type(module).__qualname__, name, shape),
                value,
                stored,
                own.get(name),
                is_torchs(module),
                _is_adapter(ancestors, full),
            )
    return held


def kept_buffers(model: nn.Module) -> dict[str, Tensor]:
    """Copy the buffers, but for what is computed with a weight."""
    return {
        name: buffer.detach().clone()
        for name, buffer in model.named_buffers()
        if "parametrizations." not in name and not name.endswith(_ITERATED)
    }


def shared_names(model: nn.Module) -> frozenset[frozenset[str]]:
    """Tell which names of parameters stand for one memory."""
    names: dict[int, set[str]] = {}
    for name, parameter in model.named_parameters(remove_duplicate=False):
        if parameter.numel():
            names.setdefault(parameter.data_ptr(), set()).add(name)
    return frozenset(map(frozenset, names.values()))


def class_starts(build: Callable[[], nn.Module]) -> tuple[nn.Module, Mapping[int, np.ndarray]]:
    """Build a model, and note what each layer's own class had started its parameters with.

    Whole models often write into their layers afterwards. What no class has written is NaN.

    Returns:
        The model, and the values by the identity of the parameter.
    """
    noted: dict[int, tuple[nn.Module, dict[str, Tensor]]] = {}

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "return" and frame.f_code.co_name == "__init__":
            module = frame.f_locals.get("self")
            if isinstance(module, nn.Module) and "_parameters" in vars(module):
                own = vars(module)["_parameters"].items()
                values = {n: p.detach().clone() for n, p in own if p is not None}
                noted[id(module)] = module, values

    with _unset_is_nan():
        sys.setprofile(note)
        try:
            model = build()
        finally:
            sys.setprofile(None)
    starts = {}
    for module in model.modules():
        for name, value in noted.get(id(module), (module, {}))[1].items():
            parameter = vars(module)["_parameters"].get(name)
            if parameter is not None and parameter.shape == value.shape:
                real = torch.view_as_real(value) if value.is_complex() else value
                starts[id(parameter)] = real.float().cpu().numpy()
    return model, starts


@contextmanager
def _unset_is_nan() -> Iterator[None]:
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)


def _values(module: nn.Module) -> Iterator[tuple[str, tuple[Callable[[], Tensor], Any]]]:
    """Give what reads each weight of a layer, and the parameters behind it."""
    parameters = {n: p for n, p in vars(module)["_parameters"].items() if p is not None}
    # The bias of its last projection is attention's; the weight is that of a linear layer.
    if isinstance(module, nn.MultiheadAttention) and module.out_proj.bias is not None:
        parameters["out_proj.bias"] = module.out_proj.bias
    if parametrize.is_parametrized(module):
        lists: Any = module.parametrizations
        for name, behind in lists.items():
            stored = tuple(behind.parameters(recurse=False))
            value = behind.original.detach if behind.is_tensor else _reader(module, name)
            yield name, (value, stored)
    for name in [n for n in parameters if n.endswith("_g") and f"{n[:-2]}_v" in parameters]:
        size, direction = parameters.pop(name), parameters.pop(f"{name[:-2]}_v")
        yield name[:-2], (_normed(size, direction), (size, direction))
    for name, parameter in parameters.items():
        original = name.endswith("_orig") and f"{name[:-5]}" in vars(module) | module._buffers
        yield name[:-5] if original else name, (parameter.detach, (parameter,))


def _reader(module: nn.Module, name: str) -> Callable[[], Tensor]:
    def read() -> Tensor:
        with torch.no_grad():
            value: Tensor = getattr(module, name)
        return value

    return read


def _normed(size: Tensor, direction: Tensor) -> Callable[[], Tensor]:
    axes = [axis for axis, length in enumerate(size.shape) if length == 1 != direction.shape[axis]]

    def read() -> Tensor:
        norm = direction.detach().norm(dim=axes, keepdim=True) if axes else direction.detach().abs()
        return direction.detach() * size.detach() / norm

    return read


def _is_adapter(modules: Mapping[str, nn.Module], name: str) -> bool:
    """Tell whether a weight is of what PEFT adds to a layer, not of the layer itself."""
    path = name
    while path:
        path = path.rpartition(".")[0]
        # Of parameters whose own names have dots, there is no module of each beginning.
        cls = type(modules.get(path))
        if path in modules and not cls.__module__.startswith("torch."):
            inner = name.removeprefix(f"{path}.")
            return cls.__module__.startswith("peft.") and not inner.startswith("base_layer")
    return False
