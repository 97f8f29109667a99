"""What keeps a weight from being set, whatever the recipe."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from fanwise.adapters.layer_weights import PARAMETER
from fanwise.adapters.torch.drawing.tensors import check_tensor
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.roles import FAN_ROLES


def find_obstacle(stored: TensorWeight) -> FanwiseError | None:
    """Tell what keeps a weight from being drawn into its tensors; None if nothing does."""
    if not stored.tensors:
        hint = "Initialize the model before it is quantized."
        return FanwiseError("weights that are tensors", Phrase("packed weights"), hint)
    described = stored.description.kind != PARAMETER and stored.weight.role in FAN_ROLES
    flat = described and len(stored.weight.shape) < 2
    if flat or any(map(_is_gathered_later, stored.sources)):
        hint = (
            "Initialize before wrapping in FullyShardedDataParallel, within its "
            "summon_full_params or DeepSpeed's GatheredParameters, or use fully_shard."
        )
        received = Phrase(f"a flat piece of shape {stored.weight.shape}")
        return FanwiseError("a weight with its axes", received, hint)
    for source in stored.sources:
        try:
            check_tensor(source)
        except FanwiseError as error:
            return error
    problems = (computed.obstacle() for computed in stored.computed.values())
    return next((problem for problem in problems if problem is not None), None)


def packed_weights(layer: nn.Module) -> Iterator[str]:
    """Name what a quantized layer keeps in objects of its own, where no parameter is."""
    for name, member in vars(layer).items():
        if isinstance(member, torch.ScriptObject):
            yield name


def _is_gathered_later(tensor: Tensor) -> bool:
    """Tell whether a tensor is several in one, or a piece of one, until it is gathered."""
    # Marks of the old FullyShardedDataParallel, and of DeepSpeed's third stage.
    flat = bool(getattr(tensor, "_is_flat_param", False))
    whole = getattr(tensor, "ds_shape", None)
    return flat or (whole is not None and tuple(whole) != tuple(tensor.shape))
