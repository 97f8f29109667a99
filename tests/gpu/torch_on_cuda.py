"""What torch does on a CUDA device beside the golden tensors: run by ``nox -s gpu``."""

import copy

import numpy as np
import pytest
import torch
from common import gpu_device
from common.torch_tensors import BY_NAME, bits, expected, only_written, same
from torch import nn

import fanwise
import fanwise.torch as init

NORMAL = fanwise.scheme("normal", std=0.5)
RECIPE = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.5}}]}
MODELS = {
    "convolutions": lambda: nn.Sequential(
        nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ConvTranspose2d(8, 6, 2, groups=2)
    ),
    "recurrent": lambda: nn.LSTM(8, 16, 2, bidirectional=True),
    "attention": lambda: nn.TransformerEncoderLayer(32, 4, 64),
    "embedding": lambda: nn.Embedding(50, 16, padding_idx=3),
}


def on_device(*shape, dtype="float32"):
    return torch.full(shape, 9.0, dtype=BY_NAME[dtype], device=gpu_device.NAME)


@pytest.mark.parametrize("dtype", gpu_device.some(BY_NAME))
@pytest.mark.parametrize("name", ["constant", "orthogonal", "sparse", "identity", "he_normal"])
def test_every_kind_of_scheme(name, dtype):
    params = {"constant": {"value": 0.3}, "sparse": {"sparsity": 0.3}}.get(name, {})
    scheme = fanwise.scheme(name, **params)
    storages = {"rows": on_device(6, 4, dtype=dtype), "columns": on_device(4, 6, dtype=dtype).T}
    for path, tensor in storages.items():
        init.init_(tensor, scheme, seed=2, path=path)
        wanted = expected(scheme, (6, 4), dtype=dtype, seed=2, path=path)
        assert same(np.ascontiguousarray(bits(tensor)), wanted)


@pytest.mark.parametrize("dtype", gpu_device.some(BY_NAME))
@pytest.mark.parametrize("name", MODELS)
def test_a_model_starts_as_on_the_cpu(name, dtype):
    host = MODELS[name]().to(BY_NAME[dtype])
    device = copy.deepcopy(host).to(gpu_device.NAME)
    wanted, found = (init.initialize(model, RECIPE, seed=7) for model in (host, device))
    for key, value in host.state_dict().items():
        assert same(bits(device.state_dict()[key]), bits(value)), key
    for one, other in zip(found.rows, wanted.rows, strict=True):
        assert one.observed == pytest.approx(other.observed, rel=1e-4)


@pytest.mark.filterwarnings("ignore:Synchronization debug mode is a prototype")
@pytest.mark.parametrize("axes", ["torch", "kernel", "(3 out) in"])
def test_nothing_waits_for_the_device(axes):
    tensor = on_device(12, 7)
    init.init_(tensor, NORMAL, seed=0, axes=axes)
    with gpu_device.no_waiting():
        init.init_(tensor, NORMAL, seed=1, axes=axes)
    assert same(bits(tensor), expected(NORMAL, (12, 7), seed=1, axes=axes))


@pytest.mark.filterwarnings("ignore:Synchronization debug mode is a prototype")
def test_nothing_waits_for_a_whole_model():
    model = MODELS["attention"]().to(gpu_device.NAME)
    init.initialize(model, RECIPE, seed=6, report=False)
    with gpu_device.no_waiting():
        init.initialize(model, RECIPE, seed=7, report=False)
    host = MODELS["attention"]()
    init.initialize(host, RECIPE, seed=7)
    for key, value in host.state_dict().items():
        assert same(bits(model.state_dict()[key]), bits(value)), key


@pytest.mark.parametrize("scheme", [NORMAL, fanwise.scheme("uniform")])
def test_a_graph_captures_a_draw(scheme):
    tensor = on_device(64, 64)
    init.init_(tensor, scheme, seed=0, path="p")
    replay = gpu_device.captured(lambda: init.init_(tensor, scheme, seed=0, path="p"))
    tensor.zero_()
    replay()
    assert same(bits(tensor), expected(scheme, (64, 64), seed=0, path="p"))


def test_a_graph_captures_several_weights():
    model = MODELS["embedding"]().to(gpu_device.NAME)
    other = MODELS["attention"]().to(gpu_device.NAME)
    models = nn.ModuleList([model, other])
    init.initialize(models, RECIPE, seed=1, report=False)
    wanted = {key: bits(value).copy() for key, value in models.state_dict().items()}
    replay = gpu_device.captured(lambda: init.initialize(models, RECIPE, seed=1, report=False))
    for value in models.state_dict().values():
        value.zero_()
    replay()
    for key, value in models.state_dict().items():
        assert same(bits(value), wanted[key]), key


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
@pytest.mark.parametrize("mode", ["default", "reduce-overhead"])
@pytest.mark.parametrize("dtype", gpu_device.some(BY_NAME))
def test_compiled_code_gives_the_bits(mode, dtype):
    """The second mode records CUDA graphs by itself, from the third call on."""
    torch.compiler.reset()
    draw = torch.compile(lambda w: init.he_normal_(w, seed=3, path="p"), fullgraph=True, mode=mode)
    tensor = on_device(32, 20, dtype=dtype)
    for _ in range(3):
        tensor.fill_(9.0)
        draw(tensor)
        wanted = expected("he_normal", (32, 20), dtype=dtype, seed=3, path="p")
        assert same(bits(tensor), wanted)


@pytest.mark.parametrize("dtype", gpu_device.some(BY_NAME))
@pytest.mark.parametrize("axes", ["torch", "kernel"])
def test_views_with_gaps(dtype, axes):
    base = on_device(9, 40, 14, dtype=dtype)
    before, view = base.clone(), base[1::2, 3:, ::3].permute(2, 0, 1)
    init.init_(view, NORMAL, seed=5, axes=axes)
    shape = tuple(view.shape)
    wanted = expected(NORMAL, shape, dtype=dtype, seed=5, axes=axes)
    assert same(np.ascontiguousarray(bits(view)), wanted)
    assert only_written(base, before, view)


def test_a_large_weight_takes_no_memory_beside_it():
    size = 64 if gpu_device.REHEARSED else 4096
    tensor = on_device(size, size)
    init.init_(tensor, NORMAL, seed=0)
    assert gpu_device.memory_beside(lambda: init.init_(tensor, NORMAL, seed=0)) <= 1 << 20


def test_the_last_elements_of_a_weight_of_more_than_four_gigabytes():
    """Of 2³¹ + 2¹⁶ elements, where 32 bits would not hold a place in memory."""
    shape = (32, 64) if gpu_device.REHEARSED else (1 << 16, (1 << 15) + 1)
    index = (slice(shape[0] - 32, shape[0]), slice(shape[1] - 32, shape[1]))
    for axes in ("torch", "kernel"):
        tensor = on_device(*shape, dtype="bfloat16")
        init.init_(tensor, NORMAL, seed=0, axes=axes)
        wanted = expected(NORMAL, shape, dtype="bfloat16", seed=0, axes=axes, index=index)
        assert same(np.ascontiguousarray(bits(tensor[index])), wanted)
