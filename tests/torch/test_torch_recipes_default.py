"""The recipe ``torch_default`` draws what torch's own layers start with.

A uniform is known by its bound: of n values the largest is below (1 − 30/n) of it with a
probability of e⁻³⁰. A normal is known by its standard deviation, within 8 of its standard errors.
"""

import math
from functools import partial

import pytest
import torch
from torch import nn

import fanwise.torch as init
from fanwise.adapters.torch.slots import slots
from fanwise.spec.recipe import recipe

LAYERS = {
    "linear": partial(nn.Linear, 30, 40),
    "bilinear": partial(nn.Bilinear, 12, 20, 40),
    "conv1d": partial(nn.Conv1d, 6, 40, 5),
    "conv2d": partial(nn.Conv2d, 6, 40, 3),
    "conv3d": partial(nn.Conv3d, 3, 40, 2),
    "grouped": partial(nn.Conv2d, 12, 40, 3, groups=4),
    "depthwise": partial(nn.Conv2d, 20, 40, 3, groups=20),
    "transposed1d": partial(nn.ConvTranspose1d, 6, 40, 5),
    "transposed2d": partial(nn.ConvTranspose2d, 6, 40, 3),
    "transposed3d": partial(nn.ConvTranspose3d, 6, 40, 2),
    "transposed in groups": partial(nn.ConvTranspose2d, 12, 40, 3, groups=4),
    "embedding": partial(nn.Embedding, 50, 30),
    "embedding bag": partial(nn.EmbeddingBag, 50, 30),
    "batch norm": partial(nn.BatchNorm2d, 8),
    "instance norm": partial(nn.InstanceNorm1d, 8, affine=True, track_running_stats=True),
    "layer norm": partial(nn.LayerNorm, (3, 8)),
    "group norm": partial(nn.GroupNorm, 2, 8),
    "rms norm": partial(nn.RMSNorm, 8),
    "rnn": partial(nn.RNN, 10, 40),
    "gru": partial(nn.GRU, 10, 40),
    "lstm": partial(nn.LSTM, 10, 40, num_layers=2, bidirectional=True),
    "projected lstm": partial(nn.LSTM, 10, 40, proj_size=6),
    "rnn cell": partial(nn.RNNCell, 10, 40),
    "gru cell": partial(nn.GRUCell, 10, 40),
    "lstm cell": partial(nn.LSTMCell, 10, 40),
    "attention": partial(nn.MultiheadAttention, 40, 4, add_bias_kv=True),
    "encoder layer": partial(nn.TransformerEncoderLayer, 40, 4, 50),
    "decoder layer": partial(nn.TransformerDecoderLayer, 40, 4, 50),
}
SEPARATE = {"attention kept apart": partial(nn.MultiheadAttention, 40, 4, kdim=10, vdim=30)}
REPEATS = 20


def values(model):
    return {
        slot.weight.path: torch.cat([block.reshape(-1) for block, _ in slot.blocks()])
        for slot in slots(model)
    }


def starts(make, **variables):
    """For each path: the row, torch's own values, and the recipe's, over many starts."""
    theirs, ours = [], []
    torch.manual_seed(0)
    for seed in range(REPEATS):
        model = make()
        theirs.append({path: found.clone() for path, found in values(model).items()})
        report = init.initialize(model, "torch_default", seed=seed, **variables)
        ours.append(values(model))
    return [
        (row, *(torch.cat([one[row.path] for one in many]).double() for many in (theirs, ours)))
        for row in report.rows
    ]


def judge(row, found):
    if row.expected == 0:
        wanted = {"zeros": 0.0, "ones": 1.0}[row.scheme]
        return bool((found == wanted).all())
    if row.scheme == "normal":
        error = row.expected / math.sqrt(2 * len(found))
        return abs(found.square().mean().sqrt().item() - row.expected) < 8 * error
    bound, largest = row.expected * math.sqrt(3), found.abs().max().item()
    return bound * (1 - 30 / len(found)) < largest <= bound * (1 + 1e-6)


@pytest.mark.parametrize("name", LAYERS | SEPARATE)
def test_what_torch_starts_with(name):
    variables = {"packed": 1} if name in SEPARATE else {}
    drawn = starts((LAYERS | SEPARATE)[name], **variables)
    for row, theirs, ours in drawn:
        assert judge(row, theirs), f"torch's {row.path} is not {row.scheme} of {row.expected}"
        assert judge(row, ours), row.path
        assert row.rule > 0 or row.role in ("mean", "variance")


def test_the_judge_sees_a_wrong_start():
    assert not all(judge(row, theirs) for row, theirs, _ in starts(SEPARATE.popitem()[1]))
    for row, theirs, ours in starts(LAYERS["lstm"]):
        assert not judge(row, theirs * 1.01)
        assert not judge(row, ours * 0.9)


def test_every_rule_is_needed():
    used = set()
    for make in LAYERS.values():
        report = init.initialize(make(), "torch_default", seed=0, dry_run=True)
        used |= {row.rule for row in report.rows}
    assert used == set(range(len(recipe("torch_default").rules) + 1))


def test_the_padding():
    layer = nn.Embedding(9, 4, padding_idx=3)
    init.initialize(layer, "torch_default", seed=0)
    assert not layer.weight[3].any()
    assert layer.weight[4].all()
