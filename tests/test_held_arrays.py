"""Weights of every framework are read as they are, and their dtype is kept."""

import jax.numpy as jnp
import keras
import numpy as np
import pytest
import torch
from flax import nnx

import fanwise
from fanwise.core.held_arrays import read_array
from fanwise.spec import FanwiseError

VALUES = fanwise.sample("he_normal", (6, 4), seed=0)
HOLDERS = {
    "numpy": lambda dtype: VALUES.astype(np.asarray(jnp.zeros(1, dtype)).dtype),
    "torch": lambda dtype: torch.from_numpy(VALUES).to(getattr(torch, dtype)),
    "a parameter": lambda dtype: torch.nn.Parameter(
        torch.from_numpy(VALUES).to(getattr(torch, dtype))
    ),
    "turned": lambda dtype: torch.from_numpy(VALUES.T.copy()).to(getattr(torch, dtype)).T,
    "jax": lambda dtype: jnp.asarray(VALUES, dtype),
    "nnx": lambda dtype: nnx.Param(jnp.asarray(VALUES, dtype)),
    "keras": lambda dtype: keras.Variable(VALUES, dtype=dtype),
}


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_a_weight_of_any_framework(holder, dtype):
    held = read_array(HOLDERS[holder](dtype))
    assert held.dtype.name == dtype
    rounded = VALUES.astype(np.asarray(jnp.zeros(1, dtype)).dtype).astype(np.float32)
    np.testing.assert_array_equal(held.values.astype(np.float32), rounded)
    grown = fanwise.grow_vocabulary(HOLDERS[holder](dtype), 1, seed=0)
    assert grown.dtype.name == dtype
    base = fanwise.pissa(HOLDERS[holder](dtype), 2).base
    assert base.dtype.name == dtype


@pytest.mark.parametrize(
    "weight",
    [
        torch.empty(3, 4, device="meta"),
        torch.zeros(3, 4, dtype=torch.int32),
        torch.zeros(3, 4).to_sparse(),
        jnp.zeros((3, 4), jnp.int32),
        np.array([["a"]]),
        np.array([[None]]),
        [[1.0]],
        object(),
    ],
    ids=["meta", "integers", "sparse", "integers of jax", "text", "objects", "list", "none"],
)
def test_what_is_no_weight_is_told(weight):
    with pytest.raises(FanwiseError) as caught:
        fanwise.olora(weight, 1)
    assert caught.value.hint
