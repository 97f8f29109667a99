"""Layers of other libraries in a torch model: what is read of them is drawn as what it is."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional

import fanwise
import fanwise.torch as init
from fanwise.adapters.torch.layers.models import model_weights
from fanwise.spec.errors import FanwiseError

SEED = 3
HE = {
    "fanwise": 1,
    "rule": [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "ones"}],
}


class Conv1D(nn.Module):
    """The layer of GPT-2 in transformers."""

    def __init__(self, nf, nx):
        super().__init__()
        self.nf = nf
        self.nx = nx
        self.weight = nn.Parameter(torch.empty(nx, nf))
        self.bias = nn.Parameter(torch.zeros(nf))

    def forward(self, x):
        out = (*x.size()[:-1], self.nf)
        x = torch.addmm(self.bias, x.view(-1, x.size(-1)), self.weight)
        return x.view(out)


class LlamaRMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return self.weight * functional.rms_norm(x, x.shape[-1:])


class GemmaRMSNorm(LlamaRMSNorm):
    def __init__(self, width):
        super().__init__(width)
        nn.init.zeros_(self.weight)

    def forward(self, x):
        return functional.rms_norm(x, x.shape[-1:]) * (1.0 + self.weight)


class Block(nn.Module):
    """A ConvNeXt block's gain, and one of a class that says nothing."""

    def __init__(self, width):
        super().__init__()
        self.norm, self.other = LlamaRMSNorm(width), GemmaRMSNorm(width)
        self.mlp = Conv1D(2 * width, width)
        self.gamma = nn.Parameter(torch.full((width,), 1e-6))


class Experts(nn.Module):
    """Those of Mixtral, (experts, out, in)."""

    def __init__(self, experts=3, hidden=16, inner=24):
        super().__init__()
        self.num_experts, self.hidden_dim, self.intermediate_dim = experts, hidden, inner
        self.gate_up_proj = nn.Parameter(torch.empty(experts, 2 * inner, hidden))
        self.down_proj = nn.Parameter(torch.empty(experts, hidden, inner))


class PredictionHead(nn.Module):
    """BERT's, which holds the bias of its decoder."""

    def __init__(self, width, words):
        super().__init__()
        self.decoder = nn.Linear(width, words)
        self.bias = nn.Parameter(torch.zeros(words))
        self.decoder.bias = self.bias


class Square(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(width, width))


def weights(model):
    return {stored.weight.path: stored.weight for stored in model_weights(model)}


@pytest.mark.parametrize("width", [96, 32])
def test_a_kernel_stored_in_out_is_the_transpose_of_a_linear_layers(width):
    model, linear = (
        nn.ModuleDict({"c": Conv1D(width, 32)}),
        nn.ModuleDict({"c": nn.Linear(32, width)}),
    )
    named = {**HE, "names": {"torch": {"c/weight": "c/kernel"}}}
    init.initialize(model, named, seed=SEED)
    init.initialize(linear, HE, seed=SEED)
    assert torch.equal(model["c"].weight, linear["c"].weight.T)
    x = torch.randn(5, 32)
    torch.testing.assert_close(model["c"](x), linear["c"](x))


def test_a_guess_does_not_change_the_path_nor_its_stream():
    model = nn.ModuleDict({"c": Conv1D(96, 32)})
    row, _ = init.initialize(model, HE, seed=SEED).rows
    assert (row.path, row.role, row.kind, row.fan_in, row.fan_out) == (
        "c/weight",
        "kernel",
        "dense",
        32,
        96,
    )
    wanted = fanwise.sample("he_normal", (32, 96), seed=SEED, path="c/weight", axes="in out")
    assert model["c"].weight.detach().numpy().tobytes() == wanted.tobytes()


def test_a_guess_is_told_with_the_weight():
    found = weights(Block(8))
    assert found["norm/weight"].guess == "a gain by its name in a class of norms, LlamaRMSNorm"
    assert "adds 1" in found["other/weight"].guess
    assert found["mlp/bias"].beside == (8, 16)
    assert not weights(nn.Linear(3, 2))["kernel"].guess


def test_torch_default_is_about_what_was_guessed():
    model = Block(64)
    for gain in (model.norm.weight, model.other.weight):
        nn.init.normal_(gain)  # as if it were trained
    init.initialize(model, "torch_default", seed=SEED)
    assert (model.norm.weight == 1).all()
    assert (model.other.weight == 0).all()
    assert (model.gamma == 1e-6).all()
    assert 0.9 / 8 < model.mlp.weight.abs().max() <= 1 / 8
    assert not model.mlp.bias.any()


def test_experts_get_the_law_of_one_and_are_orthogonal_one_by_one():
    model = nn.ModuleDict({"experts": Experts()})
    init.initialize(
        model, {"fanwise": 1, "rule": [{"role": "kernel", "init": "orthogonal"}]}, seed=1
    )
    for expert in range(3):
        down = model["experts"].down_proj[expert]
        torch.testing.assert_close(down @ down.T, torch.eye(16), atol=1e-5, rtol=0)
        for half in model["experts"].gate_up_proj[expert].chunk(2):
            torch.testing.assert_close(half.T @ half, torch.eye(16), atol=1e-5, rtol=0)
    rows = init.initialize(model, "torch_default", seed=1).rows
    assert {row.path: (row.fan_in, row.fan_out) for row in rows} == {
        "experts/gate_up_proj": (16, 24),
        "experts/down_proj": (24, 16),
    }


def test_two_readings_are_refused_until_a_rule_tells_the_axes():
    model = nn.ModuleDict({"mix": Square(16)})
    assert weights(model)["mix/weight"].readings == ("in out", "out in")
    with pytest.raises(FanwiseError, match=r"mix/weight|no weight"):
        init.initialize(model, {"fanwise": 1, "rule": [{"role": "kernel", "init": "ones"}]}, seed=0)
    assert (model["mix"].weight == 0).all()
    told = {"match": "mix/weight", "axes": "in out", "init": "he_normal"}
    (row,) = init.initialize(model, {"fanwise": 1, "rule": [told]}, seed=0).rows
    assert (row.fan_in, row.expected) == (16, pytest.approx(math.sqrt(2 / 16)))


def test_a_name_that_a_recipe_gives_goes_before_a_guess():
    model = nn.ModuleDict({"norm": LlamaRMSNorm(8)})
    chosen = {
        "fanwise": 1,
        "rule": [{"role": "offset", "init": "zeros"}],
        "names": {"torch": {"norm/weight": "norm/offset"}},
    }
    init.initialize(model, chosen, seed=0)
    assert (model["norm"].weight == 0).all()


class Centered(nn.LayerNorm):
    """A norm of torch's that adds 1 to its gain, as VideoPrism's and Nemotron's do."""

    def forward(self, x):
        gain = self.weight + 1.0
        return functional.layer_norm(x, self.normalized_shape, gain, self.bias, self.eps)


class LayerNorm2d(nn.LayerNorm):
    """A norm of torch's over another axis."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


def test_a_subclass_of_torchs_norms_that_adds_1_to_its_gain_starts_at_zero():
    model = nn.ModuleList([Centered(8), LayerNorm2d(8), nn.LayerNorm(8)])
    report = init.initialize(model, "torch_default", seed=SEED)
    assert [row.kind for row in report.rows if row.role == "scale"] == [
        *("norm/one_plus", "norm", "norm"),
    ]
    assert [norm.weight.unique().item() for norm in model] == [0, 1, 1]
    shown = init.paths(model).rows
    assert shown[0].path == "0/scale"
    assert "adds 1" in shown[0].guess
    assert not shown[2].guess + shown[4].guess
    with pytest.raises(FanwiseError, match="Centered with scale"):
        init.set_initializer(Centered(8), "ones", seed=SEED)


def test_a_layer_by_itself_is_set_only_if_it_is_known():
    with pytest.raises(FanwiseError, match="Conv1D with weight, bias"):
        init.set_initializer(Conv1D(6, 4), seed=0)


def test_a_class_whose_code_cannot_be_read_is_guessed_by_its_sizes():
    made = type("Made", (Square,), {"forward": len})
    assert weights(made(4))["weight"].readings


def test_what_a_known_layer_shares_is_what_that_layer_says():
    model = nn.ModuleDict({"head": PredictionHead(64, 40)})
    found = weights(model)
    assert list(found) == ["head/bias", "head/decoder/kernel"]
    assert (found["head/bias"].kind, found["head/bias"].beside) == ("dense", (64, 40))
    init.initialize(model, "torch_default", seed=SEED)
    assert (model["head"].bias == 0).all()  # as its class declares
