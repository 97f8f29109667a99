"""How signals grow or fade with depth, in a torch model."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.signals import LayerCheck, LayerSignal, noise, std
from fanwise.adapters.torch.layers.description import describe
from fanwise.adapters.torch.layers.models import check_python
from fanwise.adapters.torch.layers.wrappers import is_wrapper, named_layers
from fanwise.spec.errors import FanwiseError, Phrase


def layer_check(
    model: nn.Module, *inputs: Any, loss: Callable[[Any], Tensor] | None = None
) -> LayerCheck:
    """Run a model once, forward and back, and measure what passes through its layers.

    A layer is a module without children, or one whose weights are described; children whose
    weights it describes as its own are part of it. Nothing of the model is changed: neither
    its weights and their ``grad``, nor what its layers keep, such as running statistics.

    Args:
        model: any module, in the mode (train or eval) in which it is to be seen.
        inputs: a batch, as the model takes it.
        loss: of the model's output, a scalar; without one, standard normal noise is sent
            back from the output, which must then be a tensor.

    Returns:
        The standard deviations of activations and gradients of the layers, in the order in
        which they ran; ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a module, a model on the meta device, and a loss that is
            not a scalar.

    Examples:
        >>> import torch
        >>> from torch import nn
        >>> check = layer_check(nn.Sequential(nn.Linear(8, 4), nn.ReLU()), torch.ones(2, 8))
        >>> [layer.class_name for layer in check.layers]
        ['Linear', 'ReLU']
    """
    if not isinstance(model, nn.Module):
        raise FanwiseError("a torch.nn.Module", Phrase(type(model).__name__), "Pass the model.")
    if not (loss is None or callable(loss)):
        hint = "Pass e.g. loss=lambda out: out.mean()."
        raise FanwiseError("a function of the output as loss", loss, hint)
    check_python(model)
    _check_present(model)
    passed: list[_Passed] = []
    buffers = {name: buffer.clone() for name, buffer in model.named_buffers()}
    hooks = [
        module.register_forward_hook(_measure(path, passed)) for path, module in _layers(model)
    ]
    try:
        with torch.enable_grad():
            # Compiled layers would call no hooks, or those that they were compiled with.
            with _uncompiled():
                output = model(*inputs)
            # On the way back, checkpointed layers run again.
            _remove(hooks)
            _send_back(output, model, loss)
    finally:
        _remove(hooks)
        with torch.no_grad():
            for name, buffer in model.named_buffers():
                if name in buffers:
                    buffer.copy_(buffers[name])
    return LayerCheck(tuple(LayerSignal(**vars(layer)) for layer in passed))


def _check_present(model: nn.Module) -> None:
    """Raise where there are no values to measure."""
    if any(parameter.is_meta for parameter in model.parameters()):
        received = Phrase("parameters on the meta device")
        hint = "Materialize the model first (to_empty), and initialize it."
        raise FanwiseError("a model that has memory", received, hint)


def _uncompiled() -> AbstractContextManager[Any]:
    """Let compiled modules run as they were written, in versions of torch that can."""
    set_stance = getattr(torch.compiler, "set_stance", None)
    return nullcontext() if set_stance is None else set_stance("force_eager")


def _remove(hooks: Iterable[RemovableHandle]) -> None:
    for hook in hooks:
        hook.remove()


@dataclass
class _Passed:
    """What passed through a layer; the gradient comes later than the rest."""

    path: str
    class_name: str
    shape: tuple[int, ...]
    activation: float
    gradient: float = math.nan

    def receive(self, gradient: Tensor) -> None:
        """Measure the gradient that reaches the output of the layer."""
        self.gradient = _std(gradient)


def _layers(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Give the layers, each with its path; attention does not call the child that it has."""
    inner: set[int] = set()
    for path, module in named_layers(model):
        if id(module) in inner or is_wrapper(module):
            continue
        weights = describe(module)
        owners = {owner for weight in weights for owner in _owners(weight)}
        for name_in_layer, child in module.named_children():
            if name_in_layer in owners:
                inner.update(id(part) for part in child.modules())
        if weights or not any(True for _ in module.children()):
            yield path.removesuffix("/"), module


def _owners(weight: LayerWeight) -> set[str]:
    """Return the names of the children whose parameters a weight lies in."""
    return {name.partition(".")[0] for name in weight.parameters if "." in name}


def _measure(path: str, passed: list[_Passed]) -> Callable[..., None]:
    """Make the hook that measures the output of a layer."""

    def hook(module: nn.Module, _: Any, output: Any) -> None:
        first = output[0] if isinstance(output, tuple) else output
        if isinstance(first, Tensor) and first.is_floating_point():
            # Now, as the next layer may work in place.
            layer = _Passed(path, type(module).__name__, tuple(first.shape), _std(first))
            passed.append(layer)
            if first.requires_grad:
                first.register_hook(layer.receive)

    return hook


def _send_back(output: Any, model: nn.Module, loss: Callable[[Any], Tensor] | None) -> None:
    """Work out the gradients of the parameters, by way of the layers, and drop them."""
    scalar = _noise_loss(output) if loss is None else loss(output)
    if not (isinstance(scalar, Tensor) and scalar.numel() == 1):
        raise FanwiseError("a scalar as loss", scalar, "Pass e.g. loss=lambda out: out.mean().")
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    if scalar.requires_grad and trained:
        torch.autograd.grad(scalar, trained, allow_unused=True)


def _noise_loss(output: Any) -> Tensor:
    """Return a loss whose gradient at the output is standard normal noise."""
    if not isinstance(output, Tensor):
        hint = "Pass loss=, a function of the output."
        received = Phrase(type(output).__name__)
        raise FanwiseError("a model whose output is a tensor", received, hint)
    return (output * torch.from_numpy(noise(output.shape)).to(output)).sum()


def _std(values: Tensor) -> float:
    return std(values.detach().float().cpu().numpy())
