"""Signals through the layers of a torch model."""

import math
import random

import numpy as np
import pytest
import torch
from torch import nn

import fanwise.torch as init
from fanwise import FanwiseError

layer_check = init.layer_check


def tower(gain, layers=6, width=256):
    model = nn.Sequential(
        *(nn.Sequential(nn.Linear(width, width), nn.ReLU(inplace=True)) for _ in range(layers))
    )
    with torch.no_grad():
        generator = torch.Generator().manual_seed(0)
        for one in model:
            one[0].weight.normal_(0, gain / math.sqrt(width), generator=generator)
            one[0].bias.zero_()
    return model


def batch(shape=(64, 256)):
    return torch.randn(shape, generator=torch.Generator().manual_seed(1))


def test_he_keeps_both_signals_and_others_do_not():
    def ratios(gain):
        layers = [
            one for one in layer_check(tower(gain), batch()).layers if one.class_name == "Linear"
        ]
        return (
            layers[-1].activation / layers[0].activation,
            layers[0].gradient / layers[-1].gradient,
        )

    assert all(0.6 < ratio < 1.6 for ratio in ratios(math.sqrt(2)))
    assert all(ratio < 0.3 for ratio in ratios(1.0))
    assert all(ratio > 3 for ratio in ratios(2.0))


def test_figures_are_those_of_the_layers_also_where_the_next_works_in_place():
    model, x = tower(1.0, layers=2), batch()
    first, relu, *_ = layer_check(model, x).layers
    linear = model[0][0](x).detach().numpy()
    assert first.activation == pytest.approx(np.std(linear, dtype=np.float64))
    assert relu.activation == pytest.approx(np.std(np.maximum(linear, 0), dtype=np.float64))
    assert (first.path, first.class_name, first.shape) == ("0/0", "Linear", (64, 256))


def test_gradients_are_those_of_autograd():
    model, x = nn.Sequential(nn.Linear(8, 4), nn.Tanh(), nn.Linear(4, 3)), batch((5, 8))
    check = layer_check(model, x, loss=lambda out: out.square().sum())
    hidden = model[0](x).detach().requires_grad_()
    model[2](torch.tanh(hidden)).square().sum().backward()
    assert check.layers[0].gradient == pytest.approx(float(hidden.grad.std(correction=0)))


def test_nothing_changes():
    model = nn.Sequential(nn.Linear(8, 4), nn.BatchNorm1d(4))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    layer_check(model, batch((5, 8)))
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())
    assert not model[0]._forward_hooks


def test_attention_recurrence_and_frozen_layers():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
            self.lstm = nn.LSTM(8, 4, batch_first=True)
            self.frozen = nn.Embedding(3, 8).requires_grad_(False)

        def forward(self, tokens):
            x = self.frozen(tokens)
            return self.lstm(self.attention(x, x, x)[0])[0]

    layers = layer_check(Model(), torch.tensor([[0, 1, 2]])).layers
    assert [one.path for one in layers] == ["frozen", "attention", "lstm"]
    assert math.isnan(layers[0].gradient)
    assert layers[1].gradient > 0


class Mixed(nn.Module):
    """A layer with a weight in a child of its own, and a child that is a layer."""

    def __init__(self):
        super().__init__()
        self.inner, self.out = nn.Linear(8, 4), nn.Linear(4, 2)

    def forward(self, x):
        return self.out(self.inner(x))


def describe_mixed(_):
    yield init.LayerWeight("inner.weight", "kernel", "torch", "dense")
    yield init.LayerWeight("inner.bias", "bias", "torch", "dense", beside="kernel")


@pytest.mark.usefixtures("registry")
def test_a_described_layer_is_seen_whole():
    model = nn.Sequential(Mixed())
    paths = [layer.path for layer in layer_check(model, batch((5, 8))).layers]
    assert paths == ["0/inner", "0/out"]
    init.register_layer(Mixed, describe_mixed)
    layers = layer_check(model, batch((5, 8))).layers
    assert [(layer.path, layer.class_name) for layer in layers] == [
        ("0/out", "Linear"),
        ("0", "Mixed"),
    ]
    lazy = layer_check(nn.Sequential(nn.LazyLinear(3)), batch((5, 8))).layers
    assert [layer.path for layer in lazy] == ["0"]


def test_bad_input():
    with pytest.raises(FanwiseError, match=r"torch\.nn\.Module"):
        layer_check("model")
    with pytest.raises(FanwiseError, match="a scalar as loss"):
        layer_check(nn.Linear(2, 2), torch.ones(1, 2), loss=lambda out: out)
    with pytest.raises(FanwiseError, match="as a dict"):
        layer_check(nn.Linear(2, 2), torch.ones(1, 2), keywords=[torch.ones(1, 2)])
    with pytest.raises(FanwiseError, match=r"runs on these inputs.*TypeError.*keywords="):
        layer_check(nn.Linear(2, 2))


def test_table_plot_and_data(tmp_path):
    check = layer_check(tower(1.0, layers=2), batch())
    assert "0/0" in str(check)
    assert "activation" in str(check)
    check.plot(tmp_path / "depth.svg")
    assert "<svg" in (tmp_path / "depth.svg").read_text()
    assert check.to_dict()["layers"][0]["class_name"] == "Linear"


def test_a_model_without_memory_has_no_signals():
    model = nn.Sequential(nn.Linear(4, 2), nn.Linear(2, 2, device="meta"))
    with pytest.raises(FanwiseError, match=r"1\.weight, 1\.bias on the meta device.*to_empty"):
        layer_check(model, torch.ones(2, 4))


def test_nothing_changes_even_where_the_model_fails():
    class Restless(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer, self.norm = nn.Linear(4, 4), nn.BatchNorm1d(4)
            self.register_buffer("count", torch.zeros(2))

        def forward(self, x, fail=False):
            x = self.norm(self.layer(x)) * torch.rand(1) * random.random() * np.random.rand()  # noqa: NPY002
            self.count = torch.ones(3)
            self.register_buffer("more", torch.ones(1))
            self.eval()
            if fail:
                raise RuntimeError("no luck")
            return x

    model = Restless()
    count, before = model.count, {name: one.clone() for name, one in model.state_dict().items()}

    def state():
        return torch.rand(2).tolist(), random.random(), np.random.rand()  # noqa: NPY002

    generators = torch.get_rng_state(), random.getstate(), np.random.get_state()  # noqa: NPY002
    drawn = state()
    torch.set_rng_state(generators[0])
    random.setstate(generators[1])
    np.random.set_state(generators[2])  # noqa: NPY002
    layer_check(model, batch((5, 4)))
    with pytest.raises(FanwiseError, match="RuntimeError: no luck"):
        layer_check(model, batch((5, 4)), keywords={"fail": True})
    with pytest.raises(FanwiseError, match="a scalar as loss"):
        layer_check(model, batch((5, 4)), loss=lambda out: None)
    assert state() == drawn
    assert model.count is count
    assert before.keys() == model.state_dict().keys()
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(module.training for module in model.modules())
    assert not any(module._forward_hooks for module in model.modules())
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_loss_is_a_function():
    with pytest.raises(FanwiseError, match="a function of the output"):
        layer_check(nn.Linear(4, 2), torch.ones(2, 4), loss="mse")


def test_a_batch_of_nothing_has_no_spread():
    (layer,) = layer_check(nn.Linear(4, 2), torch.ones(0, 4)).layers
    assert math.isnan(layer.activation)
    assert math.isnan(layer.gradient)


def test_a_loss_that_raises_is_named():
    with pytest.raises(FanwiseError, match=r"a loss that runs on the output.*KeyError"):
        layer_check(nn.Linear(2, 2), torch.ones(1, 2), loss=lambda output: {}["x"])
