"""How signals grow or fade with depth, in a torch model."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from fanwise.adapters.signals import LayerCheck, LayerSignal, noise, std
from fanwise.spec.errors import FanwiseError, Phrase


def layer_check(
    model: nn.Module, *inputs: Any, loss: Callable[[Any], Tensor] | None = None
) -> LayerCheck:
    """Run a model once, forward and back, and measure what passes through its layers.

    Nothing of the model is changed: neither its weights and their ``grad``, nor what its
    layers keep, such as running statistics.

    Args:
        model: any module, in the mode (train or eval) in which it is to be seen.
        inputs: a batch, as the model takes it.
        loss: of the model's output, a scalar; without one, standard normal noise is sent
            back from the output, which must then be a tensor.

    Returns:
        The standard deviations of activations and gradients of the layers without
        children, in the order in which they ran; ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a module, and a loss that is not a scalar.

    Examples:
        >>> import torch
        >>> from torch import nn
        >>> check = layer_check(nn.Sequential(nn.Linear(8, 4), nn.ReLU()), torch.ones(2, 8))
        >>> [layer.class_name for layer in check.layers]
        ['Linear', 'ReLU']
    """
    if not isinstance(model, nn.Module):
        raise FanwiseError("a torch.nn.Module", Phrase(type(model).__name__), "Pass the model.")
    seen: list[_Seen] = []
    buffers = {name: buffer.clone() for name, buffer in model.named_buffers()}
    hooks = [
        module.register_forward_hook(_keep(name.replace(".", "/"), seen))
        for name, module in model.named_modules()
        if _is_layer(module)
    ]
    try:
        with torch.enable_grad():
            _send_back(model(*inputs), model, loss)
    finally:
        for hook in hooks:
            hook.remove()
        with torch.no_grad():
            for name, buffer in model.named_buffers():
                if name in buffers:
                    buffer.copy_(buffers[name])
    return LayerCheck(tuple(LayerSignal(*astuple(one)) for one in seen))


@dataclass
class _Seen:
    path: str
    class_name: str
    shape: tuple[int, ...]
    activation: float
    gradient: float = math.nan

    def receive(self, gradient: Tensor) -> None:
        self.gradient = _spread(gradient)


def _is_layer(module: nn.Module) -> bool:
    """Whether a module is seen whole: attention does not call the one child that it has."""
    alone = not any(True for _ in module.children())
    return alone or isinstance(module, nn.MultiheadAttention)


def _keep(path: str, seen: list[_Seen]) -> Callable[..., None]:
    def hook(module: nn.Module, _: Any, output: Any) -> None:
        first = output[0] if isinstance(output, tuple) else output
        if isinstance(first, Tensor) and first.is_floating_point():
            # Now, as the next layer may work in place.
            one = _Seen(path, type(module).__name__, tuple(first.shape), _spread(first))
            seen.append(one)
            if first.requires_grad:
                first.register_hook(one.receive)

    return hook


def _send_back(out: Any, model: nn.Module, loss: Callable[[Any], Tensor] | None) -> None:
    """Work out the gradients of the parameters, by way of the layers, and drop them."""
    scalar = _sent_back(out) if loss is None else loss(out)
    if not (isinstance(scalar, Tensor) and scalar.numel() == 1):
        raise FanwiseError("a scalar as loss", scalar, "Pass e.g. loss=lambda out: out.mean().")
    wanted = [parameter for parameter in model.parameters() if parameter.requires_grad]
    if scalar.requires_grad and wanted:
        torch.autograd.grad(scalar, wanted, allow_unused=True)


def _sent_back(out: Any) -> Tensor:
    if not isinstance(out, Tensor):
        hint = "Pass loss=, a function of the output."
        raise FanwiseError("a model whose output is a tensor", Phrase(type(out).__name__), hint)
    return (out * torch.from_numpy(noise(out.shape)).to(out)).sum()


def _spread(values: Tensor) -> float:
    return std(values.detach().float().cpu().numpy())
