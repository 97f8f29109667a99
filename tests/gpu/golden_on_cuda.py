"""The golden tensors on a CUDA device: run by ``nox -s gpu``, and an error without one."""

import jax
import numpy as np
import pytest
import torch
from common import gpu_device
from common.torch_tensors import BY_NAME, bits

import fanwise.jax
import fanwise.torch
from fanwise.adapters.discovery import load
from fanwise.adapters.torch.drawing import accelerators
from fanwise.conformance import vectors
from fanwise.spec.laws import ConstantLaw, StructuredLaw
from fanwise.spec.resolved import resolve

#: Some of them, in every dtype, are enough for a rehearsal.
GOLDEN = vectors.golden()[:: 9 if gpu_device.REHEARSED else 1]
each_golden = pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.id)


def test_there_is_a_device():
    assert gpu_device.REHEARSED or torch.cuda.is_available(), "torch sees no CUDA device"
    assert jax.devices(gpu_device.NAME)


def test_the_kernels_draw():
    assert accelerators.has_kernels(torch.device(gpu_device.NAME, 0))


def digest(tensor, draw):
    return vectors.digest(bits(tensor), draw.axes)


@each_golden
def test_torch(golden):
    draw = golden.draw
    tensor = torch.empty(draw.shape, dtype=BY_NAME[draw.dtype], device=gpu_device.NAME)
    fanwise.torch.init_(tensor, draw.scheme, seed=draw.seed, path=draw.path, axes=draw.axes)
    assert digest(tensor, draw) == golden.sha256


def test_torch_in_few_launches():
    """All of one seed together, as ``initialize`` draws a model."""
    requests, wanted = {}, []
    for golden in GOLDEN:
        draw = golden.draw
        resolved = resolve(draw.scheme, draw.shape, draw.axes)
        if isinstance(resolved.law, ConstantLaw | StructuredLaw):
            continue
        tensor = torch.empty(draw.shape, dtype=BY_NAME[draw.dtype], device=gpu_device.NAME)
        requests.setdefault(draw.seed, []).append((tensor, resolved, None, draw.path))
        wanted.append((golden, tensor))
    for seed, alike in requests.items():
        accelerators.fill_all(alike, seed=seed)
    wrong = [golden.id for golden, t in wanted if digest(t, golden.draw) != golden.sha256]
    assert wanted
    assert not wrong


@pytest.mark.parametrize(
    ("draw", "index", "sha256"), vectors.far_blocks(), ids=lambda part: str(part)[:20]
)
def test_torch_far_blocks(draw, index, sha256):
    shape = tuple(len(range(*s.indices(n))) for s, n in zip(index, draw.shape, strict=True))
    tensor = torch.empty(shape, dtype=BY_NAME[draw.dtype], device=gpu_device.NAME)
    resolved = resolve(draw.scheme, draw.shape, draw.axes)
    accelerators.fill_all([(tensor, resolved, index, draw.path)], seed=draw.seed)
    drawn = vectors.draw_block(draw, shape, index)
    assert np.array_equal(bits(tensor), drawn)
    assert vectors.block_digest(draw, index) == sha256


@each_golden
def test_jax(golden):
    draw = golden.draw
    words = np.array([draw.seed >> 32, draw.seed & 0xFFFFFFFF], np.uint32)
    init = fanwise.jax.initializer(draw.scheme, axes=draw.axes, path=draw.path)
    device = jax.devices(gpu_device.NAME)[0]
    with jax.enable_x64(draw.dtype == "float64"), jax.default_device(device):
        compiled = jax.jit(lambda key: init(key, draw.shape, jax.numpy.dtype(draw.dtype)))
        made = np.asarray(compiled(words))
    stored = made.view(np.uint16) if draw.dtype == "bfloat16" else made
    assert vectors.digest(stored, draw.axes) == golden.sha256


@each_golden
def test_keras(golden):
    """On the backend of this process, on its device."""
    keras, draw = load("keras"), golden.draw
    for mode in keras.modes:
        assert vectors.digest(keras.portable(draw, mode), draw.axes) == golden.sha256, mode
