"""The golden tensors on a CUDA device: run by ``nox -s gpu``, and an error without one."""

import jax
import numpy as np
import pytest
import torch

import fanwise.jax
import fanwise.torch
from fanwise.conformance import vectors

GOLDEN = vectors.golden()


def test_there_is_a_device():
    assert torch.cuda.is_available(), "torch sees no CUDA device: nothing was judged"
    assert jax.devices("cuda")


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.id)
def test_torch(golden):
    draw = golden.draw
    dtype = getattr(torch, draw.dtype)
    tensor = torch.empty(draw.shape, dtype=dtype, device="cuda")
    fanwise.torch.init_(tensor, draw.scheme, seed=draw.seed, path=draw.path, axes=draw.axes)
    host = tensor.cpu()
    stored = host.view(torch.uint16) if dtype is torch.bfloat16 else host
    assert vectors.digest(stored.numpy(), draw.axes) == golden.sha256


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.id)
def test_jax(golden):
    draw = golden.draw
    words = np.array([draw.seed >> 32, draw.seed & 0xFFFFFFFF], np.uint32)
    init = fanwise.jax.initializer(draw.scheme, axes=draw.axes, path=draw.path)
    with jax.enable_x64(draw.dtype == "float64"), jax.default_device(jax.devices("cuda")[0]):
        compiled = jax.jit(lambda key: init(key, draw.shape, jax.numpy.dtype(draw.dtype)))
        made = np.asarray(compiled(words))
    stored = made.view(np.uint16) if draw.dtype == "bfloat16" else made
    assert vectors.digest(stored, draw.axes) == golden.sha256
