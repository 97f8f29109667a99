"""Arrays to the backend, without a copy where it allows that, and back."""

from __future__ import annotations

from typing import Any, Final

import keras
import numpy as np
from keras.src.backend import convert_to_tensor
from numpy.typing import NDArray

from fanwise.adapters.keras.drawing import graphs
from fanwise.core.dtypes import format_of

#: Smaller arrays the core does not align, as JAX and TensorFlow need it; they are quickly copied.
SMALLEST_SHARED: Final = 1 << 16


def to_device(drawn: NDArray[Any], dtype: str) -> Any:
    """Hand a new array over to the backend: a tensor with its memory, which no one else may hold.

    Args:
        drawn: the array; bfloat16 is that of ml_dtypes.
        dtype: the tensor's.
    """
    backend, is_same = keras.config.backend(), format_of(drawn.dtype).name == dtype
    # By their bits: neither torch nor DLPack takes NumPy's bfloat16.
    bits = drawn.view(np.uint16) if is_same and dtype == "bfloat16" else drawn
    if backend == "torch" and is_same:
        return _torch(bits, dtype)
    if is_same and drawn.nbytes >= SMALLEST_SHARED and not graphs.tracing(None):
        if backend == "tensorflow" and _host_alone():
            return _tensorflow(bits, dtype)
        if backend == "jax" and keras.distribution.distribution() is None:
            import jax

            return jax.device_put(drawn)
    # That of keras.ops asks first whether the array is symbolic, for as long as this takes.
    return convert_to_tensor(drawn, dtype=dtype)


def _torch(bits: NDArray[Any], dtype: str) -> Any:
    import torch
    from keras.src.backend.torch.core import get_device

    tensor = torch.from_numpy(bits)
    if dtype == "bfloat16":
        tensor = tensor.view(torch.bfloat16)
    return tensor.to(get_device())


def _host_alone() -> bool:
    """Tell whether TensorFlow has nothing but the CPU, maybe as several devices: one memory."""
    import tensorflow as tf

    return all(device.device_type == "CPU" for device in tf.config.list_logical_devices())


def _tensorflow(bits: NDArray[Any], dtype: str) -> Any:
    import tensorflow as tf

    tensor = tf.experimental.dlpack.from_dlpack(bits.__dlpack__())
    return tf.bitcast(tensor, tf.bfloat16) if dtype == "bfloat16" else tensor


def host_array(tensor: Any) -> NDArray[Any]:
    """Return a tensor or variable of the backend in NumPy; bfloat16 as its uint16 bits.

    What lies on the host is not copied.
    """
    value = tensor.value if isinstance(tensor, keras.Variable) else tensor
    if not hasattr(value, "detach"):
        # TensorFlow gives no array of a bfloat16 without axes.
        array = np.asarray(value if len(value.shape) else keras.ops.reshape(value, (1,)))
        array = array.reshape(tuple(value.shape))
        return array.view(np.uint16) if array.dtype.name == "bfloat16" else array
    import torch

    held = value.detach().cpu()
    bits: NDArray[Any] = (held.view(torch.uint16) if held.dtype is torch.bfloat16 else held).numpy()
    return bits


def is_whole_here(tensor: Any) -> bool:
    """Tell whether this process can read all of a tensor or variable: no other has parts of it."""
    value = tensor.value if isinstance(tensor, keras.Variable) else tensor
    return bool(
        getattr(value, "is_fully_addressable", True) or getattr(value, "is_fully_replicated", True)
    )


def host_values(tensor: Any) -> NDArray[Any]:
    """Return a tensor or variable of the backend in NumPy; bfloat16 as float32."""
    value = tensor.value if isinstance(tensor, keras.Variable) else tensor
    if keras.backend.standardize_dtype(value.dtype) == "bfloat16":
        value = keras.ops.cast(value, "float32")
    # Not convert_to_numpy, which warns on some backends under NumPy 2.
    return np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)
