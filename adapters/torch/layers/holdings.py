"""What the weights of a model hold now, for reports: a sample of each is looked at."""

from __future__ import annotations

import torch

from fanwise.adapters.observed_values import observed_values, sample_step
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.memory import is_allocated
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight, with_values
from fanwise.spec.problems import Holding


def holding_of(stored: TensorWeight) -> Holding:
    """Say what a weight holds; nothing of what has no memory, or not all of it here."""
    if stored.empty or stored.weight.obstacle is not None:
        return Holding("")
    stored = with_values(stored)
    tensors = [tensor for tensor in stored.tensors.values() if isinstance(tensor, torch.Tensor)]
    if (
        not tensors
        or stored.partitions
        or any(
            sharded.is_sharded(t) or not is_allocated(t) or not t.is_floating_point()
            for t in tensors
        )
    ):
        return Holding("")
    with torch.no_grad():
        blocks = [_sample(block) for block, _ in stored.blocks()]
        return observed_values(torch.cat(blocks).numpy())


def _sample(block: torch.Tensor) -> torch.Tensor:
    flat = block.detach().reshape(-1)
    return flat[:: sample_step(flat.numel())].cpu().float()
