"""The values of torch's tensors, block by block, as NumPy has them."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Any, Final

import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.parameter import is_lazy

from fanwise.adapters.layer_weights import Index
from fanwise.adapters.stored_weights import StoredTensor, numpy_numbers
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.memory import PLAIN, holds_nothing, is_allocated
from fanwise.adapters.torch.layers.computed import ComputedWeight
from fanwise.adapters.torch.layers.obstacles import is_converted
from fanwise.spec.errors import FanwiseError, Phrase

#: The dtypes that NumPy has too; of any other the numbers are read as float32.
_OF_NUMPY: Final = frozenset(
    {
        *(torch.float16, torch.float32, torch.float64, torch.bool),
        *(torch.int8, torch.int16, torch.int32, torch.int64),
        *(torch.uint8, torch.uint16, torch.uint32, torch.uint64),
    }
)


class ComputedValues:
    """What layers compute, of which the values that were asked for last are kept."""

    def __init__(self) -> None:
        self._last: tuple[ComputedWeight, Tensor] | None = None

    def of(self, source: ComputedWeight) -> Tensor:
        """Return the values that a layer computes now.

        Raises:
            FanwiseError: where it cannot, or has nothing to compute them from.
        """
        if self._last is None or self._last[0] is not source:
            self._last = (source, _computed(source))
        return self._last[1]


def stored_tensor(name: str, tensor: Tensor) -> StoredTensor:
    """Describe a tensor, of which any block can be read.

    Args:
        name: what the model calls it.
        tensor: the tensor; any that has a shape.
    """
    return StoredTensor(name, _shape(tensor), _dtype(tensor), partial(_read, tensor, name))


def computed_tensor(name: str, source: ComputedWeight, values: ComputedValues) -> StoredTensor:
    """Describe what a layer computes under the name of a weight.

    Args:
        name: what the model would call it if it stored it.
        source: what computes it.
        values: where the last values are kept, for the next block.
    """

    def read(index: Index) -> NDArray[Any]:
        return _read(values.of(source), name, index)

    dtype = _dtype(source.originals[0])
    return StoredTensor(name, source.shape, dtype, read, is_computed=True)


def absent_tensor(name: str, error: FanwiseError) -> StoredTensor:
    """Describe what is out of reach: reading it raises an error."""

    def read(_: Index) -> NDArray[Any]:
        raise error.within(f"{name} cannot be read")

    return StoredTensor(name, (), "object", read)


def part_of_tensor(name: str, tensor: Tensor, shape: tuple[int, ...]) -> StoredTensor:
    """Describe a weight of which this process holds a part in a plain tensor: it cannot be read.

    Args:
        name: what the model calls it.
        tensor: the part.
        shape: of the whole.
    """

    def read(_: Index) -> NDArray[Any]:
        received = Phrase(f"a part of it, of shape {tuple(tensor.shape)}")
        hint = "Pass the folder of the checkpoint, or a state dict that is gathered."
        error = FanwiseError("a tensor that this process holds as a whole", received, hint)
        raise error.within(f"{name} cannot be read")

    return StoredTensor(name, shape, _dtype(tensor), read)


def memory_of(tensor: Tensor) -> Hashable:
    """Return what two tensors have in common exactly where they are one in memory.

    Args:
        tensor: any; one whose elements have no address of their own is itself alone.
    """
    is_plain = type(tensor) in PLAIN and tensor.layout is torch.strided and not tensor.is_nested
    if not is_plain or tensor.is_meta or tensor.is_quantized or not tensor.numel():
        return id(tensor)
    try:
        place = tensor.data_ptr()
    except RuntimeError:  # inside a transform of torch.func a tensor has no storage
        return id(tensor)
    return (place, tensor.device, tensor.dtype, tuple(tensor.shape), tensor.stride())


def _read(tensor: Tensor, name: str, index: Index) -> NDArray[Any]:
    """Read a block of a tensor, which is not copied where its memory will do."""
    try:
        return _as_numpy(_memory(tensor)[index])
    except FanwiseError as error:
        raise error.within(f"{name} cannot be read") from error


def _as_numpy(block: Tensor) -> NDArray[Any]:
    """Bring numbers to the host, those that NumPy does not have as float32 equal to them."""
    if block.is_complex():
        hint = "Pass torch.view_as_real(weight) instead."
        raise FanwiseError("real numbers", Phrase(f"complex numbers, {block.dtype}"), hint)
    if block.dtype not in _OF_NUMPY:
        try:
            block = block.to(torch.float32)
        except (RuntimeError, NotImplementedError, TypeError) as error:
            raise _packed(block) from error
    return numpy_numbers(block.cpu().resolve_neg().numpy())


def _memory(tensor: Tensor) -> Tensor:
    """Return the memory of a whole tensor, without gradients.

    Raises:
        FanwiseError: where this process does not hold all of its values as they are.
    """
    if is_lazy(tensor) or holds_nothing(tensor):
        received = Phrase("a tensor of a shape alone, on the meta device, fake or lazy")
        hint = "Pass the model once it has memory and values."
        raise FanwiseError("a tensor that holds values", received, hint)
    if sharded.is_sharded(tensor):
        return _whole_of_shards(tensor)
    if tensor.is_quantized or tensor.is_nested or is_converted(tensor):
        raise _packed(tensor)
    if tensor.layout is not torch.strided:
        return tensor.detach().to_dense()
    if not is_allocated(tensor):
        received = Phrase(f"a tensor of shape {tuple(tensor.shape)} whose memory is freed")
        hint = "Pass the model while it is gathered: within summon_full_params, for one."
        raise FanwiseError("a tensor that holds values", received, hint)
    return tensor.detach()


def _whole_of_shards(tensor: Any) -> Tensor:
    """Return what this rank holds of a sharded tensor, if that is all of it."""
    sharded.check(tensor)
    parts = list(sharded.parts(tensor))
    if len(parts) == 1 and tuple(parts[0][0].shape) == tuple(tensor.shape):
        return parts[0][0]
    # Nothing is gathered: that would take every rank, and memory for all of the weight.
    hint = (
        "Pass the whole state dict, of torch.distributed.checkpoint.state_dict."
        "get_model_state_dict with full_state_dict=True, or the folder of the checkpoint."
    )
    received = Phrase(f"a part of it, by {tuple(tensor.placements)}")
    raise FanwiseError("a tensor that this process holds as a whole", received, hint)


def _computed(source: ComputedWeight) -> Tensor:
    """Let a layer compute a weight, whatever it draws for that, and leave the generators."""
    for original in source.originals:
        _memory(original)
    devices = sorted({t.device.index for t in source.originals if t.is_cuda})
    try:
        with torch.no_grad(), torch.random.fork_rng(devices=devices):
            return source.compute().detach()
    except FanwiseError:
        raise
    except Exception as error:
        received = Phrase(f"{type(error).__name__}: {error}")
        hint = "Remove the parametrization, or exclude the weight."
        raise FanwiseError("a weight that its layer can compute", received, hint) from error


def _packed(tensor: Tensor) -> FanwiseError:
    received = Phrase(f"{type(tensor).__name__} of {tensor.dtype}")
    hint = "Pass the model before it is quantized or packed."
    return FanwiseError("a tensor of plain numbers", received, hint)


def _shape(tensor: Tensor) -> tuple[int, ...]:
    if is_lazy(tensor) or tensor.is_nested:
        return ()
    return tuple(tensor.shape)


def _dtype(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")
