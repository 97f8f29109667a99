"""The values of JAX's arrays, block by block, as NumPy has them."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.layer_weights import Index
from fanwise.adapters.stored_weights import StoredTensor, numpy_numbers
from fanwise.spec.errors import FanwiseError, Phrase


def stored_array(name: str, array: Any) -> StoredTensor:
    """Describe an array, of which any block can be read.

    Args:
        name: what the model calls it.
        array: of JAX or NumPy, sharded too; or a shape alone, which raises where it is read.
    """
    return StoredTensor(name, tuple(array.shape), str(array.dtype), partial(_read, array, name))


def _read(array: Any, name: str, index: Index) -> NDArray[Any]:
    """Read a block of an array, which is not copied where its memory will do."""
    try:
        _check_readable(array)
    except FanwiseError as error:
        raise error.within(f"{name} cannot be read") from error
    if not isinstance(array, jax.Array):
        return numpy_numbers(np.asarray(array)[index])
    if len(array.devices()) > 1 and not array.is_fully_replicated:
        return numpy_numbers(_gathered(array, index))
    (shard, *_) = array.addressable_shards
    held = shard.data
    if shard.device.platform == "cpu":
        return numpy_numbers(np.asarray(held)[index])
    return numpy_numbers(jax.device_get(held[index]))


def is_here(array: Any) -> bool:
    """Tell whether this process can read all of an array: no other has parts of it."""
    if not isinstance(array, jax.Array) or isinstance(array, jax.core.Tracer):
        return True
    return bool(array.is_fully_addressable or array.is_fully_replicated)


def _check_readable(array: Any) -> None:
    hint = "Pass the model once it has values, outside of what is being traced."
    if isinstance(array, jax.ShapeDtypeStruct):
        raise FanwiseError("an array that holds values", Phrase("a shape alone"), hint)
    if isinstance(array, jax.core.Tracer):
        raise FanwiseError("an array that holds values", Phrase("a traced array"), hint)
    if isinstance(array, jax.Array) and array.is_deleted():
        raise FanwiseError("an array that holds values", Phrase("a deleted array"), hint)
    if np.dtype(array.dtype).kind == "c":
        hint = "Pass its real and imaginary parts, as two arrays."
        raise FanwiseError("real numbers", Phrase(f"complex numbers, {array.dtype}"), hint)
    if not is_here(array):
        hint = "Pass the checkpoint, or what jax.experimental.multihost_utils has gathered."
        received = Phrase(f"a part of it, by {array.sharding}")
        raise FanwiseError("an array that this process holds as a whole", received, hint)


def _gathered(array: jax.Array, index: Index) -> NDArray[Any]:
    """Put a block together from the shards that it lies in; no other shard is read."""
    shape = array.shape
    full = (*index, *(slice(None),) * (len(shape) - len(index)))
    wanted = [_ends(chosen, size) for chosen, size in zip(full, shape, strict=True)]
    block = np.zeros([max(stop - start, 0) for start, stop in wanted], array.dtype)
    for shard in array.addressable_shards:
        if shard.replica_id:
            continue
        held = [_ends(chosen, size) for chosen, size in zip(shard.index, shape, strict=True)]
        common = [
            (max(low, first), min(high, last))
            for (low, high), (first, last) in zip(wanted, held, strict=True)
        ]
        if all(low < high for low, high in common):
            there = zip(common, wanted, strict=True)
            here = zip(common, held, strict=True)
            block[_within(there)] = np.asarray(shard.data)[_within(here)]
    return block.reshape([size for size, at in zip(block.shape, full, strict=True) if _spans(at)])


def _within(pairs: Any) -> tuple[slice, ...]:
    """Return where common parts lie in blocks that begin elsewhere."""
    return tuple(slice(low - start, high - start) for (low, high), (start, _) in pairs)


def _spans(chosen: slice | int) -> bool:
    return isinstance(chosen, slice)


def _ends(chosen: slice | int, size: int) -> tuple[int, int]:
    """Return where a slice or an integer begins and ends on an axis."""
    if isinstance(chosen, slice):
        start, stop, _ = chosen.indices(size)
        return start, stop
    return chosen, chosen + 1
