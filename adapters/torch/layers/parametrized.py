"""Weights that a layer computes by ``torch.nn.utils.parametrize``."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import (
    _Orthogonal,
    _SpectralNorm,
    _WeightNorm,
)

from fanwise.adapters.torch.layers.computed import ComputedWeight, no_way_back
from fanwise.adapters.torch.layers.power_iterations import Draw, renew_vectors


class _Parametrized:
    """A list of parametrizations, and the originals that the first of them takes."""

    def __init__(self, parametrizations: Any) -> None:
        self.modules = parametrizations
        if parametrizations.is_tensor:
            self.originals: tuple[Tensor, ...] = (parametrizations.original,)
        else:
            names = [f"original{number}" for number in range(parametrizations.ntensors)]
            self.originals = tuple(getattr(parametrizations, name) for name in names)

    def compute(self) -> Tensor:
        with torch.no_grad(), _evaluating(self.modules):
            weight: Tensor = self.modules()
        return weight

    def find_shape(self) -> tuple[int, ...]:
        """Work out the shape of the weight, not from its values, which may not be there yet."""
        tensors = (*self.modules.parameters(), *self.modules.buffers())
        memo = {id(tensor): tensor.detach().to("meta") for tensor in tensors}
        try:
            with torch.no_grad():
                return tuple(copy.deepcopy(self.modules, memo).eval()().shape)
        except Exception:  # noqa: BLE001 (a parametrization may ask for values)
            return tuple(self.compute().shape)

    def assign(self, values: Tensor) -> None:
        parts = _inverse(self.modules, values)
        if isinstance(self.modules[0], _WeightNorm):
            parts = (parts[0], without_zeros(*parts))
        for original, part in zip(self.originals, parts, strict=True):
            original.detach().copy_(part)

    def try_to_assign(self) -> None:
        # Some change themselves at that.
        copies = [copy.deepcopy(module) for module in self.modules]
        parts = _inverse(copies, self.originals[0].new_ones(self.find_shape()))
        for original, part in zip(self.originals, parts, strict=True):
            torch.broadcast_to(part, original.shape)

    def finish(self, draw: Draw) -> None:
        """Renew the vectors of spectral normalization, each on the weight that reaches it."""
        if not any(map(_divides, self.modules)):
            return
        values = self.originals
        with torch.no_grad(), _evaluating(self.modules):
            for module in self.modules:
                if _divides(module):
                    matrix = module._reshape_weight_to_matrix(*values)  # noqa: SLF001 (it has no other name)
                    left, right = _buffers(module)
                    renew_vectors(matrix, left, right, module.eps, draw)
                values = (module(*values),)

    def renewed(self) -> tuple[Tensor, ...]:
        return tuple(buffer for module in self.modules for buffer in _buffers(module))


def parametrized_weight(parametrizations: Any) -> ComputedWeight:
    """Describe the weight that a list of parametrizations computes.

    Args:
        parametrizations: those of one weight, a ``ParametrizationList``.
    """
    way = _Parametrized(parametrizations)
    modules = list(parametrizations)
    try:
        shape = way.find_shape()
    except Exception:  # noqa: BLE001 (what cannot be computed is an obstacle)
        shape = tuple(way.originals[-1].shape)
    return ComputedWeight(
        way.originals,
        way.compute,
        way.assign,
        shape,
        tuple(map(type, modules)),
        stores_values=len(modules) == 1 and isinstance(modules[0], _SpectralNorm),
        divides=any(map(_divides, modules)),
        finish=way.finish,
        renewed=way.renewed,
        try_to_assign=way.try_to_assign,
    )


def without_zeros(size: Tensor, direction: Tensor) -> Tensor:
    """Return the directions of weight normalization, with any in the place of those of zero.

    A weight of size zero is then zero, and not zero divided by zero.
    """
    return torch.where(size == 0, torch.ones_like(direction), direction)


def _inverse(parametrizations: Iterable[Any], values: Any) -> tuple[Tensor, ...]:
    """Work out the originals of a weight."""
    cuda = [values.device.index] if values.is_cuda else []
    # Orthogonal matrices are completed at random, which is to be the same every time.
    with torch.no_grad(), torch.random.fork_rng(devices=cuda):
        torch.default_generator.manual_seed(0)
        for device in cuda:
            torch.cuda.default_generators[device].manual_seed(0)
        for module in reversed(list(parametrizations)):
            if not hasattr(module, "right_inverse"):
                raise no_way_back(type(module).__name__)
            values = module.right_inverse(values)
    return (values,) if isinstance(values, Tensor) else tuple(values)


def _divides(module: nn.Module) -> bool:
    """Tell whether a parametrization divides a matrix by its spectral norm."""
    return isinstance(module, _SpectralNorm) and "_u" in vars(module)["_buffers"]


def _buffers(module: nn.Module) -> Iterator[Tensor]:
    """Give the tensors that one of torch's parametrizations sets beside the originals."""
    if _divides(module):
        buffers = vars(module)["_buffers"]
        yield from (buffers["_u"], buffers["_v"])
    elif isinstance(module, _Orthogonal) and hasattr(module, "base"):
        yield module.base


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
