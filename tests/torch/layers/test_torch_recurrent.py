"""Recurrent layers from a recipe: gate by gate, layer by layer, in both directions."""

import pytest
import torch
from common.torch_recipes import ALL, SEED, equal, stored
from torch import nn

import fanwise.torch as init

RECURRENT = [("rnn", nn.RNN, 1), ("gru", nn.GRU, 3), ("lstm", nn.LSTM, 4)]


def check_cell(layer, prefix, suffix, gates, inputs, state, size):
    kernel = getattr(layer, f"weight_ih{suffix}")
    equal(stored(kernel, f"({gates} out) in"), f"{prefix}kernel", (gates, inputs, size))
    kernel = getattr(layer, f"weight_hh{suffix}")
    equal(stored(kernel, f"({gates} out) in"), f"{prefix}recurrent_kernel", (gates, state, size))
    bias = getattr(layer, f"bias_ih{suffix}").detach().numpy().reshape(gates, size)
    if gates == 4:
        equal(bias[1], f"{prefix}forget_bias", (size,))
        bias = bias[[0, 2, 3]]
    equal(bias, f"{prefix}bias", bias.shape)
    equal(stored(getattr(layer, f"bias_hh{suffix}")), f"{prefix}recurrent_bias", (gates, size))


@pytest.mark.parametrize(("kind", "cls", "gates"), RECURRENT)
def test_recurrences(kind, cls, gates):
    one = cls(3, 5)
    report = init.initialize(nn.ModuleDict({"r": one}), ALL, seed=SEED)
    check_cell(one, "r/", "_l0", gates, 3, 5, 5)
    assert {row.kind for row in report.rows} == {kind}
    assert report.parameters == sum(p.numel() for p in one.parameters())
    kernels = [row for row in report.rows if row.role.endswith("kernel")]
    assert [(row.fan_in, row.fan_out) for row in kernels] == [(3, 5), (5, 5)]

    both = cls(3, 5, num_layers=2, bidirectional=True)
    init.initialize(nn.ModuleDict({"r": both}), ALL, seed=SEED)
    for number, inputs in ((0, 3), (1, 10)):
        check_cell(both, f"r/{number}/forward/", f"_l{number}", gates, inputs, 5, 5)
        check_cell(both, f"r/{number}/backward/", f"_l{number}_reverse", gates, inputs, 5, 5)

    cell = {"rnn": nn.RNNCell, "gru": nn.GRUCell, "lstm": nn.LSTMCell}[kind](3, 5)
    report = init.initialize(nn.ModuleDict({"r": cell}), ALL, seed=SEED)
    check_cell(cell, "r/", "", gates, 3, 5, 5)
    assert {row.kind for row in report.rows} == {kind}
    bare = cls(3, 5, num_layers=2, bias=False)
    report = init.initialize(bare, ALL, seed=SEED)
    assert [row.path for row in report.rows] == [
        f"{n}/{w}" for n in (0, 1) for w in ("kernel", "recurrent_kernel")
    ]
    report = init.initialize(cls(3, 5, bidirectional=True), ALL, seed=SEED)
    assert {row.path.split("/")[0] for row in report.rows} == {"forward", "backward"}


def test_a_projection_of_an_lstm():
    layer = nn.LSTM(3, 5, proj_size=2)
    report = init.initialize(layer, ALL, seed=SEED)
    check_cell(layer, "", "_l0", 4, 3, 2, 5)
    equal(stored(layer.weight_hr_l0), "projection/kernel", (5, 2))
    assert report.rows[-1].kind == "dense"


def test_the_bias_of_the_forget_gate():
    layer = nn.LSTM(3, 4)
    rules = [
        {"role": "kernel", "init": "glorot_uniform"},
        {"role": "recurrent_kernel", "init": "orthogonal"},
        {"role": "forget_bias", "init": "ones"},
        {"role": "bias", "init": "zeros"},
    ]
    init.initialize(layer, {"fanwise": 1, "rule": rules}, seed=0)
    assert layer.bias_ih_l0.tolist() == [0] * 4 + [1] * 4 + [0] * 8
    assert layer.bias_hh_l0.tolist() == [0] * 16
    for gate in layer.weight_hh_l0.detach().double().view(4, 4, 4):
        torch.testing.assert_close(gate @ gate.T, torch.eye(4).double(), atol=1e-6, rtol=0)
    # A rule about bias stands for both unless one names it.
    init.initialize(layer, {"fanwise": 1, "rule": [*rules[:2], rules[3]]}, seed=0)
    assert not layer.bias_ih_l0.any()
