"""Weights that a layer computes from other tensors: parametrized, normalized, pruned."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize
from torch.nn.utils.prune import BasePruningMethod
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm

from fanwise.adapters.torch.drawing import sharded
from fanwise.spec.errors import FanwiseError, Phrase

_HINT: Final = "Initialize before, or leave it as it is by exclude=."


@dataclass(frozen=True)
class ComputedWeight:
    """A weight that is computed, and the way back from it to the tensors that are stored.

    Attributes:
        originals: what it is computed from.
        compute: gives it as it is now; changes nothing.
        assign: sets the originals to what they are after ``layer.weight = values``.
        shape: of the weight.
        try_to_assign: raises where that cannot be done; changes nothing.
        has_law: whether the weight has the law that is drawn; not behind a formula of its own.
    """

    originals: tuple[Tensor, ...]
    compute: Callable[[], Tensor]
    assign: Callable[[Tensor], None]
    shape: tuple[int, ...]
    try_to_assign: Callable[[], None] = lambda: None
    has_law: bool = True

    def obstacle(self) -> FanwiseError | None:
        """Tell what keeps it from being set; None if nothing does."""
        if any(map(sharded.is_sharded, self.originals)):
            received = Phrase("a weight that is computed from sharded ones")
            return FanwiseError("a weight that is whole", received, _HINT)
        try:
            self.try_to_assign()
        except Exception as error:  # noqa: BLE001 (it is told)
            received = Phrase(f"{type(error).__name__}: {error}")
            return FanwiseError("a parametrization that takes a weight", received, _HINT)
        return None

    def memory(self, device: str | torch.device | None = None) -> Tensor:
        """Return a tensor of its shape, with anything in it, on the device of its originals."""
        return self.originals[0].new_empty(self.shape, device=device).detach()


def find_computed(layer: nn.Module, name: str) -> ComputedWeight | None:
    """Look up what a layer computes under the name of a weight; None for anything else.

    It is looked up, not asked for: spectral normalization takes a step whenever it is.
    """
    if parametrize.is_parametrized(layer, name):
        # The modules of torch make attributes of what they are given.
        parametrizations: Any = layer.parametrizations
        return _of_parametrizations(parametrizations[name])
    for hook in layer._forward_pre_hooks.values():  # noqa: SLF001 (where the older ways are kept)
        if isinstance(hook, WeightNorm) and hook.name == name:
            return _of_weight_norm(layer, hook)
        if isinstance(hook, SpectralNorm) and hook.name == name:
            original = getattr(layer, f"{name}_orig")
            return _of_one(original, partial(_copy, original))
        if isinstance(hook, BasePruningMethod) and hook._tensor_name == name:  # noqa: SLF001
            return _of_pruning(layer, hook, name)
    return None


def _of_parametrizations(parametrizations: Any) -> ComputedWeight:
    if parametrizations.is_tensor:
        originals: tuple[Tensor, ...] = (parametrizations.original,)
    else:
        count = parametrizations.ntensors
        originals = tuple(getattr(parametrizations, f"original{i}") for i in range(count))

    def compute() -> Tensor:
        with torch.no_grad(), _evaluating(parametrizations):
            weight: Tensor = parametrizations()
        return weight

    try:
        shape = _shape_of(parametrizations)
    except Exception:  # noqa: BLE001 (a parametrization may ask for values)
        shape = tuple(compute().shape)

    def assign(values: Tensor) -> None:
        for original, part in zip(originals, _inverse(parametrizations, values), strict=True):
            original.detach().copy_(part)

    def try_to_assign() -> None:
        # Some change themselves at that.
        copies = [copy.deepcopy(module) for module in parametrizations]
        _inverse(copies, originals[0].new_ones(shape))

    return ComputedWeight(originals, compute, assign, shape, try_to_assign)


def _shape_of(parametrizations: Any) -> tuple[int, ...]:
    """Work out the shape of a weight, not from its values, which may not be there yet."""
    tensors = (*parametrizations.parameters(), *parametrizations.buffers())
    shapes = copy.deepcopy(parametrizations, {id(t): t.detach().to("meta") for t in tensors})
    with torch.no_grad():
        return tuple(shapes.eval()().shape)


def _inverse(parametrizations: Any, values: Any) -> tuple[Tensor, ...]:
    """Work out the originals of a weight."""
    cuda = [values.device.index] if values.is_cuda else []
    # Orthogonal matrices are completed at random, which is to be the same every time.
    with torch.no_grad(), torch.random.fork_rng(devices=cuda):
        torch.default_generator.manual_seed(0)
        for device in cuda:
            torch.cuda.default_generators[device].manual_seed(0)
        for module in reversed(parametrizations):
            values = module.right_inverse(values)
    return (values,) if isinstance(values, Tensor) else tuple(values)


def _of_weight_norm(layer: nn.Module, hook: WeightNorm) -> ComputedWeight:
    size = getattr(layer, f"{hook.name}_g")
    direction = getattr(layer, f"{hook.name}_v")

    def assign(values: Tensor) -> None:
        direction.detach().copy_(values)
        size.detach().copy_(torch.norm_except_dim(values, 2, hook.dim))
        setattr(layer, hook.name, hook.compute_weight(layer))

    compute = partial(hook.compute_weight, layer)
    return ComputedWeight((size, direction), compute, assign, tuple(direction.shape))


def _of_pruning(layer: nn.Module, hook: Any, name: str) -> ComputedWeight:
    original = getattr(layer, f"{name}_orig")

    def assign(values: Tensor) -> None:
        original.detach().copy_(values)
        setattr(layer, name, hook.apply_mask(layer))

    return _of_one(original, assign)


def _of_one(original: Tensor, assign: Callable[[Tensor], None]) -> ComputedWeight:
    return ComputedWeight((original,), original.detach, assign, tuple(original.shape))


def _copy(original: Tensor, values: Tensor) -> None:
    original.detach().copy_(values)


@contextmanager
def _evaluating(module: nn.Module) -> Iterator[None]:
    """Keep modules that change while they train, as spectral normalization, from changing."""
    training = [part for part in module.modules() if part.training]
    for part in training:
        part.training = False
    try:
        yield
    finally:
        for part in training:
            part.training = True
