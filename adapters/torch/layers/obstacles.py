"""What keeps a weight from being set, whatever the recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import torch
from torch import Tensor, nn

from fanwise.adapters.layer_weights import PARAMETER, LayerWeight
from fanwise.adapters.torch.drawing.tensors import check_tensor
from fanwise.adapters.torch.layers.computed import ComputedWeight
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.roles import FAN_ROLES
from fanwise.spec.weights import Weight

_PACKED: Final = torch.ScriptObject


def find_obstacle(
    weight: Weight,
    description: LayerWeight,
    sources: Sequence[Tensor],
    computed: Mapping[str, ComputedWeight],
) -> FanwiseError | None:
    """Tell what keeps a weight from being drawn into its tensors; None if nothing does.

    Args:
        weight: as a recipe sees it.
        description: where its layer keeps it.
        sources: the tensors of the model behind it.
        computed: of the tensors that it lies in, those that the layer computes.
    """
    if not sources:
        hint = "Initialize the model before it is quantized."
        return FanwiseError("weights that are tensors", Phrase("packed weights"), hint)
    described = description.kind != PARAMETER and weight.role in FAN_ROLES
    flat = described and len(weight.shape) < 2
    if flat or any(map(_is_gathered_later, sources)):
        hint = (
            "Initialize before wrapping in FullyShardedDataParallel, within its "
            "summon_full_params or DeepSpeed's GatheredParameters, or use fully_shard."
        )
        received = Phrase(f"a flat piece of shape {weight.shape}")
        return FanwiseError("a weight with its axes", received, hint)
    for source in sources:
        try:
            check_tensor(source)
        except FanwiseError as error:
            return error
    problems = (source.obstacle() for source in computed.values())
    return next((problem for problem in problems if problem is not None), None)


def packed_weights(layer: nn.Module) -> Sequence[str]:
    """Name what a quantized layer keeps in objects of its own, where no parameter is."""
    return [name for name, member in vars(layer).items() if isinstance(member, _PACKED)]


def _is_gathered_later(tensor: Tensor) -> bool:
    """Tell whether a tensor is several in one, or a piece of one, until it is gathered."""
    # Marks of the old FullyShardedDataParallel, and of DeepSpeed's third stage.
    flat = bool(getattr(tensor, "_is_flat_param", False))
    whole = getattr(tensor, "ds_shape", None)
    return flat or (whole is not None and tuple(whole) != tuple(tensor.shape))
