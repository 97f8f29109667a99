"""What keeps a weight from being set, whatever the recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import torch
from torch import Tensor, nn

from fanwise.adapters.layer_weights import PARAMETER, LayerWeight
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.memory import PLAIN, is_fake
from fanwise.adapters.torch.drawing.tensors import check_tensor
from fanwise.adapters.torch.layers.computed import ComputedWeight
from fanwise.adapters.torch.layers.dtypes import known_dtypes
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.roles import FAN_ROLES
from fanwise.spec.weights import Weight

_PACKED: Final = torch.ScriptObject
#: What quantized layers of other libraries (GPTQ, AWQ, compressed-tensors) call their weights.
_PACKED_BUFFERS: Final = ("qweight", "weight_packed")
#: Dtypes of numbers that stand for others, with a scale beside them.
_QUANTIZED: Final = known_dtypes(
    *("int8", "uint8", "qint8", "quint8", "qint32"),
    *("float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz"),
    *("float8_e8m0fnu", "float4_e2m1fn_x2"),
)
_QUANTIZED_HINT: Final = (
    "Initialize the model before it is quantized, or leave them as they are by exclude= or a rule "
    "with init = 'keep'."
)


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
        return FanwiseError("weights that are tensors", Phrase("packed weights"), _QUANTIZED_HINT)
    for source in sources:
        if (error := _find_numbers_obstacle(source)) is not None:
            return error
    described = description.kind != PARAMETER and weight.role in FAN_ROLES
    flat = described and len(weight.shape) < 2
    if flat or any(map(_is_gathered_later, sources)):
        hint = (
            "Initialize before wrapping in FullyShardedDataParallel (or, on a GPU, within its "
            "summon_full_params), within DeepSpeed's GatheredParameters, or use fully_shard."
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
    """Name what a quantized layer keeps in objects or buffers, where no parameter is."""
    objects = [name for name, member in vars(layer).items() if isinstance(member, _PACKED)]
    buffers = layer._buffers  # noqa: SLF001 (that of a TorchScript module has no get)
    return objects + [
        name for name in _PACKED_BUFFERS if name in buffers and buffers[name] is not None
    ]


def is_quantized(tensor: Tensor) -> bool:
    """Tell whether a tensor holds numbers that stand for others, in fewer bits."""
    return tensor.is_quantized or tensor.dtype in _QUANTIZED or is_converted(tensor)


def is_converted(tensor: Tensor) -> bool:
    """Tell whether a tensor of a library's own class computes its elements from what it holds."""
    cls = type(tensor)
    if cls in PLAIN or cls.__torch_dispatch__ is Tensor.__torch_dispatch__:
        return False
    return not (sharded.is_sharded(tensor) or is_fake(tensor))


def _find_numbers_obstacle(tensor: Tensor) -> FanwiseError | None:
    """Tell what is wrong with the numbers of a tensor, where another library is to know."""
    if tensor.is_complex():
        hint = (
            "Set its real and imaginary parts yourself, e.g. by "
            "fanwise.torch.init_(torch.view_as_real(weight.data), ...), and leave it as it is by "
            "exclude= or a rule with init = 'keep'."
        )
        received = Phrase(f"complex numbers, {tensor.dtype}")
        return FanwiseError("weights of real numbers", received, hint)
    if is_quantized(tensor) and not tensor.is_nested:
        received = Phrase(f"quantized numbers, {type(tensor).__name__} of {tensor.dtype}")
        return FanwiseError("weights of floating-point numbers", received, _QUANTIZED_HINT)
    return None


def _is_gathered_later(tensor: Tensor) -> bool:
    """Tell whether a tensor is several in one, or a piece of one, until it is gathered."""
    # Marks of the old FullyShardedDataParallel, and of DeepSpeed's third stage.
    flat = bool(getattr(tensor, "_is_flat_param", False))
    whole = getattr(tensor, "ds_shape", None)
    return flat or (whole is not None and tuple(whole) != tuple(tensor.shape))
