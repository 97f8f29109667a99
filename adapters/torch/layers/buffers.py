"""Buffers that hold what lay in their memory before, as after ``to_empty()``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import torch
from torch import Tensor, nn

from fanwise.adapters.repeated_streams import warn_at_user
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.memory import holds_nothing, is_allocated
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.unset_values import find_float_fault, find_index_fault, find_integer_fault
from fanwise.spec.errors import UnsetBufferWarning

#: Of a larger buffer so many elements are looked at.
_SAMPLE: Final = 1 << 14
#: How many buffers are named.
_NAMED: Final = 10
#: Words in the names of buffers of indices.
_INDEX_WORDS: Final = ("ids", "index", "indices", "idx", "positions")
#: Buffers that no one sets to the same number throughout.
_VARIED: Final = frozenset(
    {"inv_freq", "original_inv_freq", "position_ids", "relative_position_index"}
)


def warn_of_unset_buffers(
    layers: Iterable[tuple[str, nn.Module]],
    written: Iterable[TensorWeight],
    unset: Iterable[str] = (),
) -> None:
    """Warn of buffers, and weights that stay, that nothing seems to have set, all in one warning.

    Args:
        layers: all modules of the model, with their paths.
        written: the weights that have just been set; running statistics are buffers too.
        unset: paths of weights that stay, and that nobody has set.

    Warns:
        UnsetBufferWarning: at the line of the caller's own code.
    """
    faults = [
        f"{path}{name} {fault}"
        for path, layer, name in unsettled_buffers(layers, written)
        if (fault := find_fault(layer, name))
    ]
    staying = [f"{path} stays, although nobody has set the model" for path in unset]
    if told := [*faults, *staying]:
        listed = "; ".join(told[:_NAMED])
        rest = f"; and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
        what = " and ".join(
            word for word, some in (("buffers", faults), ("weights", staying)) if some
        )
        # A recipe may draw a weight that stays; of buffers it says nothing.
        about = (
            "A recipe is not about buffers, and to_empty()" if faults else "A call of to_empty()"
        )
        mend = "give the weights a rule that draws them, " if staying else ""
        warn_at_user(
            f"{what.capitalize()} hold what nobody has set: {listed}{rest}. {about} leaves them "
            f"without values. Build the model on its device in the first place, {mend}copy the "
            f"{what} from one that was built there, or call what fills them, then initialize.",
            UnsetBufferWarning,
        )


def unsettled_buffers(
    layers: Iterable[tuple[str, nn.Module]], written: Iterable[TensorWeight]
) -> list[tuple[str, nn.Module, str]]:
    """List the buffers that are no weights, each once: path and layer, and the name in that.

    Args:
        layers: all modules of the model, with their paths.
        written: the weights that have just been set; running statistics are buffers too.
    """
    buffers = [
        (path, layer, name, buffer)
        for path, layer in layers
        for name, buffer in layer._buffers.items()  # noqa: SLF001 (no names are joined)
        if buffer is not None
    ]
    if not buffers:
        return []
    settled: set[int] = set()
    for stored in written:
        settled.update(id(tensor) for tensor in stored.every_tensor())
        settled.update(id(tensor) for _, tensor, _ in stored.follower_tensors())
    unsettled = {id(buffer): place for *place, buffer in reversed(buffers)}
    return [
        (path, layer, name)
        for key, (path, layer, name) in reversed(unsettled.items())
        if key not in settled
    ]


def find_fault(layer: nn.Module, name: str) -> str:
    """Say what is wrong with a buffer of a layer; ``""`` where nothing is."""
    buffer = layer._buffers[name]  # noqa: SLF001 (no names are joined)
    assert buffer is not None
    if buffer.layout is not torch.strided or buffer.is_quantized or not buffer.numel():
        return ""
    if holds_nothing(buffer):
        return "is on the meta device" if any(not p.is_meta for p in layer.parameters()) else ""
    memory = _sample(sharded.memory(buffer))
    if not is_allocated(memory) or not memory.numel():
        return ""
    if memory.dtype is torch.bool:
        bytes_held = memory.view(torch.uint8).cpu().numpy()
        return f"holds the byte {bytes_held.max()} as a truth" if bytes_held.max() > 1 else ""
    if memory.is_complex():
        memory = torch.view_as_real(memory.resolve_conj())
    if memory.is_floating_point():
        # Numbers of fewer bits are denormal, or near their end, when they are meant to be.
        narrow = memory.dtype not in {torch.float32, torch.float64, torch.bfloat16}
        values = (memory if memory.dtype is torch.float64 else memory.float()).cpu().numpy()
        fault = find_float_fault(values.ravel())
        fault = "" if narrow and fault != "holds NaN" else fault
    else:
        values = memory.cpu().numpy().ravel()
        fault = find_integer_fault(values)
        if not fault and any(word in name.split("_") for word in _INDEX_WORDS):
            fault = find_index_fault(values, _limit(layer, buffer))
    if not fault and name in _VARIED and values.size > 1 and (values == values.flat[0]).all():
        return f"holds {values.flat[0]} throughout"
    return fault


def _sample(memory: Tensor) -> Tensor:
    """Return some of the elements of a large tensor, as a view."""
    while memory.numel() > _SAMPLE:
        axis = max(range(memory.ndim), key=lambda axis: memory.shape[axis])
        memory = memory[(slice(None),) * axis + (slice(None, None, 2),)]
    return memory


def _limit(layer: nn.Module, buffer: Tensor) -> int:
    """Return how much there is in a layer that an index could point at."""
    sizes = [size for parameter in layer.parameters() for size in parameter.shape]
    return int(max([buffer.numel(), *sizes]))
