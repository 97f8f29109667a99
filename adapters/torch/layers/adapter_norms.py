"""What PEFT computes from the weights below an adapter, and holds: DoRA's and DeLoRA's norms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

import torch
from torch import Tensor, nn

from fanwise.adapters.torch.drawing.memory import holds_nothing
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight

#: Where a tuner's layer holds them.
_DORA: Final = "lora_magnitude_vector"
_DELORA: Final = "delora_w_norm"
_HOLDERS: Final = (_DORA, _DELORA)


def renew_norms(model: nn.Module, written: Iterable[TensorWeight]) -> None:
    """Set the norms of weights that have been drawn to what PEFT computes of them.

    Args:
        model: any module.
        written: the weights that were drawn; a norm among them stays as it was drawn.
    """
    layers = [layer for layer in model.modules() if _has_norms(layer)]
    if not layers:
        return
    drawn = {id(tensor) for stored in written for tensor in stored.every_source()}
    with torch.no_grad():
        for layer in layers:
            for norm, sources, compute in _norms(layer):
                changed = any(id(source) in drawn for source in sources)
                if changed and id(norm) not in drawn and not holds_nothing(norm):
                    norm.copy_(compute())


def _has_norms(layer: nn.Module) -> bool:
    children = layer._modules  # noqa: SLF001 (no names are joined)
    return "base_layer" in children and not children.keys().isdisjoint(_HOLDERS)


def _norms(layer: Any) -> Iterator[tuple[Tensor, tuple[Tensor, ...], Callable[[], Tensor]]]:
    """Give the norms that a tuner's layer holds, what they are computed from, and how."""
    base = layer.get_base_layer()
    for adapter, dora in (getattr(layer, _DORA, None) or {}).items():
        pair = [
            getattr(halves[adapter], "weight", halves[adapter])
            for name in (("lora_A", "lora_B"), ("lora_embedding_A", "lora_embedding_B"))
            for halves in (getattr(layer, half) for half in name)
            if adapter in halves
        ]
        compute = partial(_magnitude, dora, base, pair, layer.scaling[adapter])
        yield dora.weight.detach(), (base.weight, *pair), compute
    for norm in (getattr(layer, _DELORA, None) or {}).values():
        yield norm, (base.weight,), partial(torch.linalg.vector_norm, base.weight.detach(), dim=0)


def _magnitude(dora: Any, base: nn.Module, pair: Sequence[Tensor], scaling: float) -> Tensor:
    """Ask PEFT for the magnitudes of a weight with its adapter, by a module that is thrown away."""
    twin = type(dora)(fan_in_fan_out=dora.fan_in_fan_out)
    twin.update_layer(base_layer=base, lora_A=pair[0], lora_B=pair[1], scaling=scaling)
    magnitude: Tensor = twin.weight
    return magnitude
