"""Known models from the recipes that come with Fanwise: the plan, the totals, the bits."""

import math

import numpy as np
import pytest
import torch
from common import torch_models as models
from reference.truncation import CORRECTION
from torch import nn

import fanwise
import fanwise.torch as init
from fanwise.spec.errors import FanwiseError

NORMAL = fanwise.scheme("normal", std=0.02)


def rows_of(report):
    return {row.path: row for row in report.rows}


def test_the_plan_of_gpt2():
    with torch.device("meta"):
        model = models.gpt2().GPT2()
    rows = rows_of(init.initialize(model, "gpt2", seed=0, dry_run=True))
    assert sum(row.parameters for row in rows.values()) == 124_439_808
    residual = 0.02 / math.sqrt(24)
    for layer in range(12):
        for path in ("attention/out", "mlp/down"):
            row = rows.pop(f"blocks/{layer}/{path}/kernel")
            assert (row.scheme, row.expected) == ("normal", pytest.approx(residual, rel=1e-12))
        for path in ("attention/query", "attention/key", "attention/value", "mlp/up"):
            row = rows.pop(f"blocks/{layer}/{path}/kernel")
            assert (row.scheme, row.expected) == ("normal", 0.02)
    assert rows.pop("tokens/embedding").expected == 0.02
    assert rows.pop("positions/embedding").expected == 0.01
    assert {row.role: row.scheme for row in rows.values()} == {
        "bias": "zeros",
        "scale": "ones",
        "offset": "zeros",
    }


def test_a_small_gpt2_is_set_to_the_bits_of_its_recipe():
    model = models.gpt2().GPT2(layers=2, width=32, heads=4, tokens=500, positions=16)
    report = init.initialize(model, "gpt2", seed=7, layers=2)
    block = model.transformer["h"][1]
    packed = block.attn.c_attn.weight.detach().numpy()
    for number, name in enumerate(("query", "key", "value")):
        path = f"blocks/1/attention/{name}/kernel"
        wanted = fanwise.sample(NORMAL, (32, 32), seed=7, path=path)
        np.testing.assert_array_equal(packed[32 * number : 32 * (number + 1)].T, wanted)
    scaled = fanwise.scheme("normal", std=0.02 / math.sqrt(4))
    for kernel, path in (
        (block.attn.c_proj, "blocks/1/attention/out/kernel"),
        (block.mlp["c_proj"], "blocks/1/mlp/down/kernel"),
    ):
        wanted = fanwise.sample(scaled, kernel.weight.shape[::-1], seed=7, path=path)
        np.testing.assert_array_equal(kernel.weight.detach().numpy().T, wanted)
        observed = rows_of(report)[path].observed
        assert observed == pytest.approx(wanted.astype(np.float64).std(), rel=1e-5)
        assert observed == pytest.approx(0.01, rel=6 / math.sqrt(2 * wanted.size))
    table = fanwise.sample(NORMAL, (500, 32), seed=7, path="tokens/embedding")
    np.testing.assert_array_equal(model.lm_head.weight.detach().numpy(), table)
    assert model.lm_head.weight is model.transformer["wte"].weight
    assert report.parameters == sum(parameter.numel() for parameter in model.parameters())
    assert torch.isfinite(model(torch.arange(8)[None])).all()


@pytest.mark.parametrize("where", ["attn", "mlp"])
def test_a_gpt2_whose_residual_projections_have_other_names_is_an_error(where):
    """The scaling is not lost without a word."""
    model = models.gpt2().GPT2(layers=1, width=8, heads=2, tokens=9, positions=4)
    owner = getattr(model.transformer["h"][0], where)
    owner.add_module("last", owner.c_proj if where == "attn" else owner["c_proj"])
    del owner._modules["c_proj"]
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(FanwiseError, match="residual of"):
        init.initialize(model, "gpt2", seed=0)
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_the_plan_of_a_vit():
    with torch.device("meta"):
        model = models.ViT()
    report = init.initialize(model, "vit", seed=0, dry_run=True)
    assert report.parameters == 86_567_656
    rows = rows_of(report)
    assert (rows["class_token"].scheme, rows["class_token"].role) == ("zeros", "")
    assert rows["positions"].expected == 0.02
    assert rows["patches/kernel"].expected == pytest.approx(1 / math.sqrt(3 * 16 * 16))
    assert rows["head/kernel"].scheme == "zeros"
    assert (rows["head/bias"].scheme, rows["head/bias"].rule) == ("constant", 8)
    for layer in range(12):
        for name in ("query", "key", "value", "out"):
            row = rows[f"blocks/{layer}/attention/{name}/kernel"]
            assert (row.scheme, row.fan_in, row.fan_out) == ("glorot_uniform", 768, 768)
            assert row.expected == pytest.approx(math.sqrt(2 / 1536))
        assert rows[f"blocks/{layer}/mlp/up/kernel"].expected == pytest.approx(
            math.sqrt(2 / (768 + 3072))
        )
        assert rows[f"blocks/{layer}/mlp/down/bias"].expected == 1e-6
    text = str(report)
    assert text.splitlines()[-1].split() == ["total", "86567656"]


def test_a_small_vit_is_set():
    model = models.ViT(layers=1, width=24, heads=3, hidden=48, image=16, patch=4, classes=5)
    report = init.initialize(model, "vit", seed=1)
    assert all(math.isfinite(row.observed) for row in report.rows)
    positions = fanwise.sample(NORMAL, (1, 17, 24), seed=1, path="positions")
    np.testing.assert_array_equal(model.encoder.pos_embedding.detach().numpy(), positions)
    assert not model.heads.head.weight.any()
    assert not model.class_token.any()


def joined(state):
    """With query, key and value in one, as torch keeps them."""
    rest = {name: values for name, values in state.items() if "attention.attention" not in name}
    for leaf in ("weight", "bias") if len(rest) < len(state) else ():
        names = [
            f"vit.encoder.layer.0.attention.attention.{n}.{leaf}" for n in ("query", "key", "value")
        ]
        rest[leaf] = torch.cat([state[name] for name in names])
    return rest


def digests(state):
    return sorted((tuple(t.shape), t.numpy().tobytes()) for t in state.values())


@pytest.mark.parametrize("make", [models.timm_vit, models.transformers_4_vit])
def test_a_vit_of_another_library_gets_the_same(make):
    known = models.ViT(layers=1, width=24, heads=3, hidden=48, image=16, patch=4, classes=5)
    other = make()
    for model in (known, other):
        init.initialize(model, "vit", seed=1, head_bias=-10)
    assert digests(joined(other.state_dict())) == digests(known.state_dict())


def test_a_resnet_and_its_option():
    model = models.ResNet()
    rows = rows_of(init.initialize(model, "resnet", seed=0))
    assert rows["layer1/0/conv2/kernel"].expected == pytest.approx(math.sqrt(2 / (4 * 9)))
    assert rows["fc/kernel"].expected == pytest.approx(math.sqrt(1 / 32 / 3))
    assert torch.equal(model.layer1[0].bn3.weight, torch.ones(16))
    assert sum(row.role in ("mean", "variance") for row in rows.values()) == 18
    init.initialize(model, "resnet", seed=0, residual_scale=0)
    assert not model.layer1[0].bn3.weight.any()
    assert torch.equal(model.layer1[0].bn2.weight, torch.ones(4))
    x = torch.randn(2, 8, 5, 5)
    block = model.layer1[0].eval()
    torch.testing.assert_close(block(x), torch.relu(block.downsample(x)))


def test_llama():
    model = models.Llama()
    rows = rows_of(init.initialize(model, "llama", seed=0, residual_std="std / sqrt(2 * layers)"))
    assert rows["blocks/1/attention/out/kernel"].expected == pytest.approx(0.02 / 8)
    assert rows["blocks/0/mlp/gate/kernel"].expected == 0.02
    assert torch.equal(model.model["norm"].weight, torch.ones(8))
    assert rows["blocks/0/mlp_norm/scale"].scheme == "ones"


def test_bert():
    layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
    model = nn.ModuleDict({"tokens": nn.Embedding(30, 16, padding_idx=0), "layer": layer})
    rows = rows_of(init.initialize(model, "bert", seed=0))
    cut = fanwise.scheme("truncated_normal", std=0.02, corrected=False)
    assert rows["layer/self_attn/key/kernel"].expected == pytest.approx(0.02 * CORRECTION)
    wanted = fanwise.sample(cut, (16, 32), seed=0, path="layer/linear1/kernel")
    np.testing.assert_array_equal(layer.linear1.weight.detach().numpy().T, wanted)
    assert float(model["tokens"].weight.detach().abs().max()) <= 0.04
    uncut = rows_of(init.initialize(model, "bert", seed=0, cut=100))
    assert uncut["layer/self_attn/key/kernel"].expected == pytest.approx(0.02, rel=1e-12)
    assert not model["tokens"].weight[0].any()
