"""Large weights are handed to the backend without a copy, where it allows that."""

import keras
import numpy as np
import pytest

import fanwise
from fanwise.adapters.keras.drawing import transfer
from fanwise.keras import HeNormal

SHAPE = (300, 200)


def bits(tensor) -> bytes:
    wide = keras.ops.cast(tensor, "float32")
    torch = keras.config.backend() == "torch"
    return (wide.detach().numpy() if torch else np.asarray(wide)).tobytes()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_the_tensor_holds_the_weight(dtype: str) -> None:
    tensor = HeNormal(seed=1, path="w")(SHAPE, dtype=dtype)
    expected = fanwise.sample("he_normal", SHAPE, seed=1, path="w", dtype=dtype)
    assert keras.backend.standardize_dtype(tensor.dtype) == dtype
    assert tuple(tensor.shape) == SHAPE
    assert bits(tensor) == expected.astype(np.float32).tobytes()


def test_the_memory_is_the_same() -> None:
    drawn = fanwise.sample("he_normal", SHAPE, seed=1)
    tensor = transfer.to_device(drawn, "float32")
    drawn[0, 0] = 77
    copied = keras.config.backend() == "tensorflow" and not transfer._host_alone()
    assert (float(tensor[0, 0]) == 77) is not copied


def test_a_variable_has_its_own_memory_to_change() -> None:
    """What is assigned to one must not show in another weight."""
    variable = keras.Variable(HeNormal(seed=1)(SHAPE))
    variable.assign(keras.ops.zeros(SHAPE))
    again = HeNormal(seed=1)(SHAPE)
    assert bits(again) == fanwise.sample("he_normal", SHAPE, seed=1).tobytes()


def test_small_ones_and_other_dtypes_are_converted(monkeypatch) -> None:
    given = []
    right = transfer.convert_to_tensor
    spy = lambda x, dtype: given.append(x.shape) or right(x, dtype=dtype)  # noqa: E731
    monkeypatch.setattr(transfer, "convert_to_tensor", spy)
    transfer.to_device(np.zeros((2, 3), np.float32), "float32")
    transfer.to_device(np.zeros(SHAPE, np.float32), "float16")
    # torch asks for no alignment.
    assert given == ([SHAPE] if keras.config.backend() == "torch" else [(2, 3), SHAPE])


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3), SHAPE])
def test_what_is_handed_over_is_what_keras_makes_of_it(shape, dtype) -> None:
    drawn = fanwise.sample("normal", shape, seed=1, dtype=dtype)
    own = keras.ops.convert_to_tensor(drawn, dtype=dtype)
    tensor = transfer.to_device(drawn, dtype)
    assert type(tensor) is type(own)
    assert (tensor.dtype, tensor.shape) == (own.dtype, own.shape)
    assert bits(tensor) == bits(own)


@pytest.mark.parametrize("shape", [(), (1,), (0, 3), (2, 3)])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_tensor_of_any_number_of_axes_is_read(shape, dtype):
    read = transfer.host_array(keras.ops.ones(shape, dtype))
    assert read.shape == shape
    assert (read == (0x3F80 if dtype == "bfloat16" else 1)).all()
