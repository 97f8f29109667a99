"""The recipe ``torch_default`` draws what torch's own layers start with.

Layer by layer the conformance suite says so. Of what is made of several layers a uniform is known
by its bound: of n values the largest is below (1 − 30/n) of it with a probability of e⁻³⁰.
"""

import math
from functools import partial

import pytest
import torch
from torch import nn

import fanwise.torch as init
from fanwise.adapters.discovery import load
from fanwise.adapters.torch.layers.models import model_weights
from fanwise.conformance.checks.starts import starts as judged_starts
from fanwise.conformance.results.rows import Outcome
from fanwise.spec.recipe import recipe

ADAPTER = load("torch")
LAYERS = {
    "encoder layer": partial(nn.TransformerEncoderLayer, 40, 4, 50),
    "decoder layer": partial(nn.TransformerDecoderLayer, 40, 4, 50),
    "encoder layer without biases": partial(nn.TransformerEncoderLayer, 40, 4, 50, bias=False),
    "dense without a bias": partial(nn.Linear, 20, 60, bias=False),
    "bilinear without a bias": partial(nn.Bilinear, 6, 8, 20, bias=False),
    "grouped convolution": partial(nn.Conv1d, 12, 30, 5, groups=3, bias=False),
    "grouped transposed convolution": partial(nn.ConvTranspose2d, 8, 12, 3, groups=4),
    "rnn": partial(nn.RNN, 9, 30, 2, nonlinearity="relu", bias=False),
    "gru": partial(nn.GRU, 9, 30, 2, bidirectional=True, batch_first=True),
    "lstm": partial(nn.LSTM, 9, 30, 2, bidirectional=True, proj_size=12),
    "adaptive softmax": partial(nn.AdaptiveLogSoftmaxWithLoss, 40, 90, [30, 60], head_bias=True),
}
REPEATS = 20
#: The rules about layers that are not torch's.
OF_OTHERS = {"adapters", "guessed", "norm one plus", "layer scale", "parameter", "frozen"}


def values(model):
    return {
        slot.weight.path: torch.cat([block.reshape(-1) for block, _ in slot.blocks()])
        for slot in model_weights(model)
    }


def starts(make):
    """For each path: the row, torch's own values, and the recipe's, over many starts."""
    theirs, ours = [], []
    torch.manual_seed(0)
    for seed in range(REPEATS):
        model = make()
        theirs.append({path: found.clone() for path, found in values(model).items()})
        report = init.initialize(model, "torch_default", seed=seed)
        ours.append(values(model))
    return [
        (row, *(torch.cat([one[row.path] for one in many]).double() for many in (theirs, ours)))
        for row in report.rows
    ]


def judge(row, found):
    if row.expected == 0:
        wanted = {"zeros": 0.0, "ones": 1.0}[row.scheme]
        return bool((found == wanted).all())
    bound, largest = row.expected * math.sqrt(3), found.abs().max().item()
    return bound * (1 - 30 / len(found)) < largest <= bound * (1 + 1e-6)


@pytest.mark.parametrize("kind", ADAPTER.starts)
def test_what_a_layer_starts_with(kind):
    assert [str(row) for row in judged_starts(ADAPTER, kind) if row.outcome == Outcome.FAIL] == []


@pytest.mark.parametrize("name", LAYERS)
def test_what_several_layers_start_with(name):
    for row, theirs, ours in starts(LAYERS[name]):
        assert judge(row, theirs), f"torch's {row.path} is not {row.scheme} of {row.expected}"
        assert judge(row, ours), row.path
        assert row.rule > 0


def test_the_judge_sees_a_wrong_start():
    for row, theirs, ours in starts(LAYERS["encoder layer"]):
        assert not judge(row, theirs * 1.01 + 1e-3)
        assert not judge(row, ours * 0.9 + 1e-3)


def test_every_rule_is_needed():
    used = {one.planned.rule for kind in ADAPTER.starts for one in ADAPTER.start(kind, 0)}
    rules = recipe("torch_default").rules
    assert used == {0, *(n for n, rule in enumerate(rules, 1) if rule.name not in OF_OTHERS)}


@pytest.mark.parametrize("how", [{"kdim": 10, "vdim": 30}, {"kdim": 40, "vdim": 30}, {"kdim": 10}])
def test_attention_that_is_kept_apart_is_told_from_one_that_is_packed(how):
    """torch draws each of the three by its own fans, and what is packed as one matrix."""
    make = partial(nn.MultiheadAttention, 40, 4, **how)
    rows = {row.path: row for row in init.initialize(make(), "torch_default", seed=0).rows}
    for name, inputs in (("query", 40), ("key", how["kdim"]), ("value", how.get("vdim", 40))):
        row = rows[f"{name}/kernel"]
        assert row.expected == pytest.approx(math.sqrt(2 / (inputs + 40)))
        assert row.kind == "attention/apart"
    for row, theirs, ours in starts(make):
        assert judge(row, theirs), f"torch's {row.path} is not {row.scheme} of {row.expected}"
        assert judge(row, ours), row.path
    packed = init.initialize(nn.MultiheadAttention(40, 4), "torch_default", seed=0).rows[0]
    assert packed.expected == pytest.approx(math.sqrt(2 / (40 + 3 * 40)))


def test_the_padding():
    layer = nn.Embedding(9, 4, padding_idx=3)
    init.initialize(layer, "torch_default", seed=0)
    assert not layer.weight[3].any()
    assert layer.weight[4].all()
