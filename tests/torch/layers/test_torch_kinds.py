"""Every layer's weights under their canonical paths, to the bit."""

import copy
import math

import numpy as np
import pytest
import torch
from common.torch_recipes import (
    ALL,
    FANS,
    NORMAL,
    SEED,
    attention,
    drawn,
    equal,
    stored,
)
from torch import nn

import fanwise
import fanwise.torch as init

PLAIN = [
    ("dense", nn.Linear(6, 4), {"kernel": ("weight", "torch", (6, 4))}),
    ("bilinear", nn.Bilinear(3, 5, 4), {"kernel": ("weight", "out in in", (3, 5, 4))}),
    ("conv", nn.Conv1d(4, 6, 3), {"kernel": ("weight", "torch", (3, 4, 6))}),
    ("conv", nn.Conv2d(4, 6, 3), {"kernel": ("weight", "torch", (3, 3, 4, 6))}),
    ("conv", nn.Conv3d(1, 6, 2), {"kernel": ("weight", "torch", (2, 2, 2, 1, 6))}),
    ("conv", nn.Conv2d(4, 6, 3, groups=2), {"kernel": ("weight", "torch", (3, 3, 2, 6))}),
    (
        "depthwise_conv",
        nn.Conv2d(4, 8, 3, groups=4),
        {"kernel": ("weight", "torch", (3, 3, 1, 8))},
    ),
    (
        "conv_transpose",
        nn.ConvTranspose1d(4, 6, 3),
        {"kernel": ("weight", "torch_transposed", (3, 4, 6))},
    ),
    (
        "conv_transpose",
        nn.ConvTranspose2d(4, 6, 3, groups=2),
        {"kernel": ("weight", "torch_transposed", (3, 3, 4, 3))},
    ),
    (
        "conv_transpose",
        nn.ConvTranspose3d(4, 6, 2),
        {"kernel": ("weight", "torch_transposed", (2, 2, 2, 4, 6))},
    ),
]


@pytest.mark.parametrize(("kind", "layer", "weights"), PLAIN)
def test_kernel_and_bias(kind, layer, weights):
    report = init.initialize(nn.ModuleDict({"it": layer}), ALL, seed=SEED)
    for role, (name, axes, shape) in weights.items():
        equal(stored(getattr(layer, name), axes), f"it/{role}", shape)
    equal(stored(layer.bias), "it/bias", tuple(layer.bias.shape))
    assert [(row.path, row.role, row.kind) for row in report.rows] == [
        ("it/kernel", "kernel", kind),
        ("it/bias", "bias", kind),
    ]


@pytest.mark.parametrize(("kind", "layer", "weights"), PLAIN)
def test_true_fans_reach_the_bias_too(kind, layer, weights):
    report = init.initialize(layer, FANS, seed=0)
    kernel, bias = report.rows
    twin = init.set_initializer(copy.deepcopy(layer), "glorot_uniform", "torch_default", seed=0)
    # Those of set_initializer, which goes another way.
    assert torch.equal(layer.weight, twin.weight)
    assert torch.equal(layer.bias, twin.bias)
    assert bias.expected == pytest.approx(math.sqrt(1 / 3 / kernel.fan_in))
    assert bias.fan_in is None


@pytest.mark.parametrize("cls", [nn.Embedding, nn.EmbeddingBag])
def test_the_row_of_the_padding_is_zero(cls):
    layer = cls(7, 3, padding_idx=2)
    report = init.initialize(nn.Sequential(layer), ALL, seed=SEED)
    wanted = drawn("0/embedding", (7, 3))
    wanted[2] = 0
    np.testing.assert_array_equal(layer.weight.detach().numpy(), wanted)
    assert [(row.path, row.kind) for row in report.rows] == [("0/embedding", "embedding")]


NORMS = [
    (nn.BatchNorm2d(4), True, True),
    (nn.BatchNorm1d(4, affine=False), False, True),
    (nn.BatchNorm1d(4, track_running_stats=False), True, False),
    (nn.InstanceNorm2d(4, affine=True, track_running_stats=True), True, True),
    (nn.InstanceNorm2d(4), False, False),
    (nn.GroupNorm(2, 4), True, False),
    (nn.LayerNorm((4,)), True, False),
    (nn.SyncBatchNorm(4), True, True),
]


@pytest.mark.parametrize(("layer", "affine", "tracks"), NORMS)
def test_normalizations(layer, affine, tracks):
    if tracks:
        layer.running_mean.fill_(3.0)
        layer.num_batches_tracked.fill_(9)
    model = nn.ModuleDict({"norm": layer, "last": nn.Linear(2, 2)})
    report = init.initialize(model, ALL, seed=SEED)
    names = ["weight", "bias"] * affine + ["running_mean", "running_var"] * tracks
    roles = ["scale", "offset"] * affine + ["mean", "variance"] * tracks
    assert [row.role for row in report.rows] == [*roles, "kernel", "bias"]
    for name, role in zip(names, roles, strict=True):
        equal(stored(getattr(layer, name)), f"norm/{role}", (4,))
    assert report.parameters == sum(p.numel() for p in model.parameters())
    assert not tracks or layer.num_batches_tracked == 0


def test_normalizations_without_an_offset_or_of_several_axes():
    model = nn.Sequential(nn.RMSNorm(4), nn.LayerNorm((2, 3), bias=False), nn.LayerNorm((2, 3)))
    report = init.initialize(model, ALL, seed=SEED)
    assert [row.path for row in report.rows] == ["0/scale", "1/scale", "2/scale", "2/offset"]
    equal(stored(model[2].weight, "out out"), "2/scale", (2, 3))


def test_running_statistics_start_at_zero_and_one():
    norm = nn.BatchNorm1d(3)
    norm.running_mean.fill_(7.0)
    norm.running_var.fill_(7.0)
    rules = [{"role": "scale", "init": "ones"}, {"role": "offset", "init": "zeros"}]
    report = init.initialize(norm, {"fanwise": 1, "rule": rules}, seed=0)
    assert norm.running_mean.tolist() == [0, 0, 0]
    assert norm.running_var.tolist() == [1, 1, 1]
    assert [row.rule for row in report.rows] == [1, 2, 0, 0]
    assert report.parameters == 6


def test_packed_and_separate_attention_are_the_same():
    packed = attention()
    twin = attention(kdim=5, vdim=6, add_bias_kv=True)
    init.initialize(nn.ModuleDict({"a": packed}), ALL, seed=SEED)
    init.initialize(nn.ModuleDict({"a": twin}), ALL, seed=SEED)
    for number, name in enumerate(("query", "key", "value")):
        rows = packed.in_proj_weight[8 * number : 8 * (number + 1)]
        equal(stored(rows), f"a/{name}/kernel", (8, 8))
        equal(stored(packed.in_proj_bias[8 * number : 8 * (number + 1)]), f"a/{name}/bias", (8,))
    for name, size in (("query", 8), ("key", 5), ("value", 6)):
        equal(stored(getattr(twin, f"{name[0]}_proj_weight")), f"a/{name}/kernel", (size, 8))
    equal(stored(packed.out_proj.weight), "a/out/kernel", (8, 8))
    equal(stored(packed.out_proj.bias), "a/out/bias", (8,))
    equal(twin.bias_k.detach().numpy(), "a/extra_key/bias", (8,))
    equal(twin.bias_v.detach().numpy(), "a/extra_value/bias", (8,))


def test_the_fans_of_packed_attention_are_those_of_one():
    report = init.initialize(attention(), FANS, seed=0)
    kernels = [row for row in report.rows if row.role == "kernel"]
    assert [(row.fan_in, row.fan_out) for row in kernels] == [(8, 8)] * 4
    assert {row.kind for row in report.rows} == {"attention"}
    assert [row.shape for row in kernels] == [(8, 8)] * 4


def test_layers_made_of_layers():
    layer = nn.TransformerDecoderLayer(8, 2, 12)
    report = init.initialize(nn.Sequential(layer), ALL, seed=SEED)
    paths = {row.path for row in report.rows}
    assert {"0/self_attn/query/kernel", "0/multihead_attn/out/bias", "0/linear1/kernel"} <= paths
    assert report.parameters == sum(p.numel() for p in layer.parameters())
    equal(stored(layer.linear2.weight), "0/linear2/kernel", (12, 8))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_dtypes(dtype):
    layer = nn.LSTM(3, 4, dtype=dtype)
    report = init.initialize(layer, ALL, seed=SEED)
    name = str(dtype).split(".")[1]
    how = {"seed": SEED, "axes": "batch in out", "dtype": name}
    wanted = fanwise.sample(NORMAL, (4, 3, 4), path="kernel", **how)
    found = layer.weight_ih_l0.detach().view(4, 4, 3).transpose(1, 2).double()
    np.testing.assert_array_equal(found.numpy(), wanted.astype(np.float64))
    assert report.rows[0].observed == pytest.approx(found.std(correction=0).item(), rel=1e-5)


def test_dirac_in_groups():
    model = nn.Sequential(nn.Conv1d(4, 4, 3, groups=2), nn.ConvTranspose1d(4, 4, 3, groups=2))
    rules = [{"role": "kernel", "init": "dirac"}, {"role": "bias", "init": "zeros"}]
    init.initialize(model, {"fanwise": 1, "rule": rules}, seed=0)
    for layer in model:
        twin = init.set_initializer(copy.deepcopy(layer), "dirac", seed=0)
        assert torch.equal(layer.weight, twin.weight)
        assert layer.weight.sum() == 4
