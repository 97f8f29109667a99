"""How signals grow or fade with depth, in a torch model."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor, nn

from fanwise.adapters.model_runs import (
    check_call,
    find_idle,
    no_floats,
    noise,
    running_loss,
    running_model,
)
from fanwise.adapters.outputs import find_floats, find_loss
from fanwise.adapters.signals import LayerCheck, LayerSignal, layer_check_of
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.moments import moments
from fanwise.adapters.torch.layers.model_state import kept_state
from fanwise.adapters.torch.layers.models import check_python
from fanwise.adapters.torch.layers.observed_layers import (
    ObservedLayer,
    find_uncalled,
    observed_layers,
)
from fanwise.core.uncompiled import uncompiled
from fanwise.spec.errors import FanwiseError, Phrase

_HINT: Final = "Pass what model(...) takes: a batch, and by name keywords={'attention_mask': mask}."


@uncompiled
def layer_check(
    model: nn.Module,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    loss: Callable[[Any], Tensor] | None = None,
) -> LayerCheck:
    """Run a model once, forward and back, and measure what passes through its layers.

    A layer is a module without children, or one that has weights of its own; children whose
    weights it describes as its own are part of it. Nothing of the model is changed: neither its
    weights and their ``grad``, nor its modes, nor what its layers keep, such as running
    statistics; and no generator of random numbers.

    Args:
        model: any module, in the mode (train or eval) in which it is to be seen.
        inputs: a batch, as the model takes it.
        keywords: what the model takes by name, e.g. what a tokenizer returns.
        loss: of the model's output, a scalar. Without one it is the scalar ``loss`` in the
            output, if there is one; else standard normal noise is sent back from every tensor of
            floats in the output, but for the caches of a next call. An output may be a
            tensor, a tuple, a dict, a dataclass or any object that holds some.

    Returns:
        The standard deviations of activations and gradients of the layers, a row for each call,
        in the order in which they ran; and the layers with weights that were not called. Of an
        output of several tensors, the first is shown. ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a module, a model on the meta device, a model that does
            not run, an output without floats, and a loss that is not a scalar.

    Examples:
        >>> import torch
        >>> from torch import nn
        >>> check = layer_check(nn.Sequential(nn.Linear(8, 4), nn.ReLU()), torch.ones(2, 8))
        >>> [layer.class_name for layer in check.layers]
        ['Linear', 'ReLU']
        >>> check = layer_check(nn.Linear(8, 4), keywords={"input": torch.ones(2, 8)})
        >>> check.layers[0].shape
        (2, 4)
    """
    if not isinstance(model, nn.Module):
        raise FanwiseError("a torch.nn.Module", Phrase(type(model).__name__), "Pass the model.")
    check_call(keywords, loss)
    layers = _layers_of(model)
    passed: list[_Passed] = []
    called: set[int] = set()
    with kept_state(model), torch.inference_mode(mode=False), torch.enable_grad():
        # On the way back, checkpointed layers run again, unseen.
        output = _run(model, inputs, keywords or {}, layers, passed, called)
        gradients = _send_back(output, model, loss)
    return layer_check_of(
        (layer.signal(gradients) for layer in passed),
        find_uncalled(model, layers, called, gradients),
    )


def run_forward(
    model: nn.Module, inputs: Sequence[Any], keywords: Mapping[str, Any]
) -> list[LayerSignal]:
    """Run a model forward in eval mode, and measure what its layers give: a row for each call.

    Nothing of the model is changed, as by :func:`layer_check`.
    """
    layers = _layers_of(model)
    passed: list[_Passed] = []
    with kept_state(model), torch.inference_mode(mode=False), torch.no_grad():
        model.eval()
        _run(model, inputs, keywords, layers, passed, set())
    return [layer.signal({}) for layer in passed]


def _layers_of(model: nn.Module) -> list[ObservedLayer]:
    """List the layers to be looked at, of a model that can be run."""
    check_python(model)
    _check_present(model)
    return observed_layers(model)


def _run(
    model: nn.Module,
    inputs: Sequence[Any],
    keywords: Mapping[str, Any],
    layers: Sequence[ObservedLayer],
    passed: list[_Passed],
    called: set[int],
) -> Any:
    """Run a model, and measure what its layers give, into ``passed``."""
    hooks = [
        layer.module.register_forward_hook(_measure(layer, passed, called)) for layer in layers
    ]
    try:
        # Compiled layers would call no hooks, or those that they were compiled with.
        with _uncompiled(), running_model(_HINT):
            return model(*inputs, **keywords)
    finally:
        for hook in hooks:
            hook.remove()


def _check_present(model: nn.Module) -> None:
    """Raise where there are no values to measure."""
    tensors = (*model.named_parameters(), *model.named_buffers())
    missing = [name for name, tensor in tensors if tensor.is_meta]
    if missing:
        received = Phrase(f"{', '.join(missing)} on the meta device")
        hint = "Materialize the model first (to_empty), and initialize it."
        raise FanwiseError("a model that has memory", received, hint)


def _uncompiled() -> AbstractContextManager[Any]:
    """Let compiled modules run as they were written, in versions of torch that can."""
    set_stance = getattr(torch.compiler, "set_stance", None)
    return nullcontext() if set_stance is None else set_stance("force_eager")


@dataclass
class _Passed:
    """What passed through a layer; the gradient comes later than the rest."""

    layer: ObservedLayer
    output: str
    shape: tuple[int, ...]
    activation: float
    gradient: float = math.nan

    def receive(self, gradient: Tensor) -> None:
        """Measure the gradient that reaches the output of the layer."""
        self.gradient = _std(gradient)

    def signal(self, gradients: Mapping[int, Tensor]) -> LayerSignal:
        """Return its row, given the gradients of parameters, by their ids."""
        stacks = [
            (gradients[id(stack)] != 0).cpu().numpy()
            for stack in self.layer.stacks
            if id(stack) in gradients
        ]
        return LayerSignal(
            self.layer.path,
            type(self.layer.module).__name__,
            self.shape,
            self.activation,
            self.gradient,
            self.output,
            stacked=self.layer.stacks[0].shape[0] if self.layer.stacks else 0,
            idle=find_idle(stacks),
        )


def _measure(layer: ObservedLayer, passed: list[_Passed], called: set[int]) -> Callable[..., None]:
    """Make the hook that measures the output of a layer."""

    def hook(module: nn.Module, _: Any, output: Any) -> None:
        called.add(id(module))
        for place, first in find_floats(output, _is_measurable)[:1]:
            # Now, as the next layer may work in place.
            row = _Passed(layer, place, tuple(first.shape), _std(first))
            passed.append(row)
            if first.requires_grad:
                first.register_hook(row.receive)

    return hook


def _is_measurable(value: Any) -> bool:
    return (
        isinstance(value, Tensor)
        and value.is_floating_point()
        and value.layout is torch.strided
        and not value.is_nested
    )


def _send_back(
    output: Any, model: nn.Module, loss: Callable[[Any], Tensor] | None
) -> dict[int, Tensor]:
    """Work out the gradients of the parameters, by way of the layers; by the ids of these."""
    with running_loss():
        scalar = _loss_of(output) if loss is None else loss(output)
    if not (isinstance(scalar, Tensor) and scalar.numel() == 1):
        raise FanwiseError("a scalar as loss", scalar, "Pass e.g. loss=lambda out: out.mean().")
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    if not (scalar.requires_grad and trained):
        return {}
    with running_model("Turn reentrant checkpointing off (use_reentrant=False)."):
        gradients = torch.autograd.grad(scalar, trained, allow_unused=True)
    pairs = zip(trained, gradients, strict=True)
    return {id(parameter): gradient for parameter, gradient in pairs if gradient is not None}


def _loss_of(output: Any) -> Tensor:
    """Return the loss of an output itself, or one whose gradient there is standard normal noise."""
    tensors = find_floats(output, _is_measurable)
    loss: Tensor | None = find_loss(tensors)
    if loss is not None and loss.requires_grad:
        return loss
    if not tensors:
        raise no_floats(output)
    projections = [
        (tensor * torch.from_numpy(noise(tensor.shape, number)).to(tensor)).sum()
        for number, (_, tensor) in enumerate(tensors)
    ]
    # They may lie on several devices.
    return torch.stack([value.float().to(projections[0].device) for value in projections]).sum()


def _std(values: Tensor) -> float:
    return moments([sharded.memory(values)]).std
