"""What torch does on a CUDA device beside the golden tensors: run by ``nox -s gpu``."""

import copy

import numpy as np
import pytest
import torch
from common.torch_tensors import BY_NAME, bits, expected, same
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


def on_cuda(*shape, dtype="float32"):
    return torch.full(shape, 9.0, dtype=BY_NAME[dtype], device="cuda")


@pytest.mark.parametrize("dtype", BY_NAME)
@pytest.mark.parametrize("name", ["constant", "orthogonal", "sparse", "identity", "he_normal"])
def test_every_kind_of_scheme(name, dtype):
    params = {"constant": {"value": 0.3}, "sparse": {"sparsity": 0.3}}.get(name, {})
    scheme = fanwise.scheme(name, **params)
    storages = {"rows": on_cuda(6, 4, dtype=dtype), "columns": on_cuda(4, 6, dtype=dtype).T}
    for path, tensor in storages.items():
        init.init_(tensor, scheme, seed=2, path=path)
        wanted = expected(scheme, (6, 4), dtype=dtype, seed=2, path=path)
        assert same(np.ascontiguousarray(bits(tensor)), wanted)


@pytest.mark.parametrize("dtype", BY_NAME)
@pytest.mark.parametrize("name", MODELS)
def test_a_model_starts_as_on_the_cpu(name, dtype):
    host = MODELS[name]().to(BY_NAME[dtype])
    device = copy.deepcopy(host).cuda()
    wanted, found = (init.initialize(model, RECIPE, seed=7) for model in (host, device))
    for key, value in host.state_dict().items():
        assert same(bits(device.state_dict()[key]), bits(value)), key
    for one, other in zip(found.rows, wanted.rows, strict=True):
        assert one.observed == pytest.approx(other.observed, rel=1e-4)


@pytest.mark.filterwarnings("ignore:Synchronization debug mode is a prototype")
@pytest.mark.parametrize("axes", ["torch", "kernel", "(3 out) in"])
def test_nothing_waits_for_the_device(axes):
    tensor = on_cuda(12, 7)
    init.init_(tensor, NORMAL, seed=0, axes=axes)
    torch.cuda.set_sync_debug_mode("error")
    try:
        init.init_(tensor, NORMAL, seed=1, axes=axes)
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert same(bits(tensor), expected(NORMAL, (12, 7), seed=1, axes=axes))


def test_a_graph_captures_a_draw():
    tensor = on_cuda(64, 64)
    init.init_(tensor, NORMAL, seed=0, path="p")
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        init.init_(tensor, NORMAL, seed=0, path="p")
    tensor.zero_()
    graph.replay()
    assert same(bits(tensor), expected(NORMAL, (64, 64), seed=0, path="p"))


def test_a_large_weight_takes_little_memory_beside_it():
    tensor = on_cuda(4096, 4096)
    init.init_(tensor, NORMAL, seed=0)
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    init.init_(tensor, NORMAL, seed=0)
    assert torch.cuda.max_memory_allocated() - before <= 512 * 2**20
