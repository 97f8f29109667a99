"""Rules with ``batch``, and roles by name, in torch: the values that every framework has."""

import numpy as np
import pytest
import torch
from common.batches import AXES, RENAMED, RENAMING, SEED, fans, is_joint, kernel, recipe, told
from common.bits import same_bits
from torch import nn

import fanwise
import fanwise.torch as init
from fanwise.adapters.torch.drawing import device as traced
from fanwise.adapters.torch.drawing import portable
from fanwise.spec.axes import layout
from fanwise.spec.resolved import resolve


def gates(weight, count):
    """The gates of a weight that stores them one below the other, as (gates, in, out)."""
    return np.ascontiguousarray(
        weight.detach().numpy().reshape(count, -1, weight.shape[1]).transpose(0, 2, 1)
    )


@pytest.mark.parametrize("batch", AXES)
@pytest.mark.parametrize(("cls", "count"), [(nn.LSTM, 4), (nn.GRU, 3)])
def test_the_gates_of_a_recurrence(cls, count, batch):
    model = nn.ModuleDict({"r": cls(3, 5, bidirectional=True)})
    report = init.initialize(model, recipe(batch), seed=SEED)
    layer, rows = model["r"], {row.path: row for row in report.rows}
    for way, suffix in (("forward", "_l0"), ("backward", "_l0_reverse")):
        for name, role, inputs in (("ih", "kernel", 3), ("hh", "recurrent_kernel", 5)):
            path = f"r/{way}/{role}"
            found = gates(getattr(layer, f"weight_{name}{suffix}"), count)
            assert same_bits(found, kernel(batch, path, (count, inputs, 5))), path
            row = rows[path]
            assert (row.fan_in, row.fan_out) == fans(batch, count, inputs, 5)
            assert found.std() == pytest.approx(row.expected, rel=0.3)
    assert is_joint(gates(layer.weight_hh_l0, count)) == (batch == "out")
    # The scheme is known of the tensor afterwards, with what it was drawn by.
    own = {row.path: row for row in init.summary(layer).rows}
    assert own["forward/kernel"].expected == rows["r/forward/kernel"].expected


def test_keras_s_start_in_torch():
    layer = nn.LSTM(6, 20)
    report = init.initialize(layer, "keras_default", seed=SEED)
    assert is_joint(gates(layer.weight_hh_l0, 4))
    assert report.rows[0].expected == pytest.approx((2 / (6 + 4 * 20)) ** 0.5)
    assert layer.bias_ih_l0.tolist() == [0] * 20 + [1] * 20 + [0] * 40


@pytest.mark.parametrize("batch", ["in", "out"])
@pytest.mark.parametrize("scheme", ["glorot_normal", "orthogonal"])
def test_a_block_on_a_device_or_a_rank(batch, scheme):
    """What a rank holds of a packed weight, and what the stream on a device gives."""
    axes, shape = f"batch={batch} (4 out) in", (20, 3)
    whole = fanwise.sample(scheme, shape, seed=SEED, path="p", axes=axes)
    chosen = fanwise.scheme(scheme)
    index = (slice(7, 14), slice(1, 3))
    found = torch.empty(7, 2)
    part = portable.MemoryBlock(found, resolve(chosen, shape, axes), index, "p")
    portable.write_blocks([part], seed=SEED)
    assert same_bits(found.numpy(), np.ascontiguousarray(whole[index]))
    if scheme != "orthogonal":
        found.zero_()
        law = chosen.law(shape, axes)
        traced.fill(found, law, layout(shape, axes), index, seed=SEED, path="p")
        assert same_bits(found.numpy(), np.ascontiguousarray(whole[index]))


class Own(nn.Module):
    """A kernel, and two vectors, under names that say nothing."""

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(6, 4))
        self.v = nn.Parameter(torch.zeros(4))
        self.g = nn.Parameter(torch.zeros(4))


def test_a_new_name_gives_a_role():
    model = nn.ModuleDict({"head": Own()})
    names = {"head/w": "head/kernel", "head/g": "head/scale", "head/v": "head/embedding"}
    made = {"fanwise": 1, "rule": RENAMING, "names": {"torch": names}}
    report = init.initialize(model, made, seed=SEED)
    # The same numbers, and in torch the outputs are first.
    assert told(report.rows) == [("head/kernel", "kernel", 4, 6), *RENAMED[1:]]
    wanted = fanwise.sample("he_normal", (6, 4), seed=SEED, path="head/kernel", axes="torch")
    assert same_bits(model["head"].w.detach().numpy(), wanted)
    assert model["head"].g.tolist() == [1] * 4
