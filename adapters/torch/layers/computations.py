"""The weights that a layer computes, by whichever of torch's ways: found, not asked for."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize
from torch.nn.utils.prune import BasePruningMethod
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm

from fanwise.adapters.torch.layers.computed import ComputedWeight
from fanwise.adapters.torch.layers.parametrized import parametrized_weight, without_zeros
from fanwise.adapters.torch.layers.power_iterations import Draw, renew_vectors

_PARAMETRIZATIONS: Final = "parametrizations"


def find_computed(layer: nn.Module, name: str) -> ComputedWeight | None:
    """Look up what a layer computes under the name of a weight; None for anything else.

    It is looked up, not asked for: spectral normalization takes a step whenever it is.
    """
    if parametrize.is_parametrized(layer, name):
        # The modules of torch make attributes of what they are given.
        parametrizations: Any = layer.parametrizations
        return parametrized_weight(parametrizations[name])
    for hook in layer._forward_pre_hooks.values():  # noqa: SLF001 (where the older ways are kept)
        if _name_of(hook) != name:
            continue
        if isinstance(hook, WeightNorm):
            return _of_weight_norm(layer, hook)
        if isinstance(hook, SpectralNorm):
            return _of_spectral_norm(layer, hook)
        return _of_pruning(layer, hook, name)
    return None


def computed_names(layer: nn.Module) -> list[str]:
    """Name the weights that a layer computes."""
    names = [_name_of(hook) for hook in layer._forward_pre_hooks.values()]  # noqa: SLF001
    if _PARAMETRIZATIONS in layer._modules and parametrize.is_parametrized(layer):  # noqa: SLF001
        parametrizations: Any = layer.parametrizations
        names += list(parametrizations)
    return [name for name in names if name is not None]


def _name_of(hook: Any) -> str | None:
    """Return the name of the weight that a hook computes by one of the older ways."""
    name: str | None = None
    if isinstance(hook, WeightNorm | SpectralNorm):
        name = hook.name
    elif isinstance(hook, BasePruningMethod):
        name = hook._tensor_name  # noqa: SLF001 (it has no other name)
    return name


def _of_weight_norm(layer: nn.Module, hook: WeightNorm) -> ComputedWeight:
    size = getattr(layer, f"{hook.name}_g")
    direction = getattr(layer, f"{hook.name}_v")

    def assign(values: Tensor) -> None:
        norms = torch.norm_except_dim(values, 2, hook.dim)
        direction.detach().copy_(without_zeros(norms, values))
        size.detach().copy_(norms)

    def finish(_: Draw) -> None:
        setattr(layer, hook.name, hook.compute_weight(layer))

    return ComputedWeight(
        (size, direction),
        partial(hook.compute_weight, layer),
        assign,
        tuple(direction.shape),
        (WeightNorm, hook.dim),
        finish=finish,
    )


def _of_spectral_norm(layer: nn.Module, hook: SpectralNorm) -> ComputedWeight:
    original: Tensor = getattr(layer, f"{hook.name}_orig")
    vectors: tuple[Tensor, Tensor] = (
        getattr(layer, f"{hook.name}_u"),
        getattr(layer, f"{hook.name}_v"),
    )

    def compute() -> Tensor:
        with torch.no_grad():
            weight: Tensor = hook.compute_weight(layer, do_power_iteration=False)
        return weight

    def finish(draw: Draw) -> None:
        matrix = hook.reshape_weight_to_matrix(original.detach())
        renew_vectors(matrix, *vectors, hook.eps, draw)
        setattr(layer, hook.name, compute())

    return ComputedWeight(
        (original,),
        compute,
        original.detach().copy_,
        tuple(original.shape),
        (SpectralNorm, hook.dim),
        stores_values=True,
        divides=True,
        finish=finish,
        renewed=lambda: vectors,
    )


def _of_pruning(layer: nn.Module, hook: Any, name: str) -> ComputedWeight:
    original: Tensor = getattr(layer, f"{name}_orig")

    def finish(_: Draw) -> None:
        setattr(layer, name, hook.apply_mask(layer))

    return ComputedWeight(
        (original,),
        partial(hook.apply_mask, layer),
        original.detach().copy_,
        tuple(original.shape),
        BasePruningMethod,
        stores_values=True,
        finish=finish,
    )
