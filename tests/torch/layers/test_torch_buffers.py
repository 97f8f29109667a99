"""Buffers of a torch model that nobody has set are warned of, once, and others are not."""

import warnings

import numpy as np
import pytest
import torch
from torch import nn

import fanwise.torch as init
from fanwise import UnsetBufferWarning

RECIPE = {
    "fanwise": 1,
    "rule": [{"match": "**/kernel", "init": "he_normal"}, {"match": "**", "init": "zeros"}],
}


class Model(nn.Module):
    """A model with buffers of all kinds."""

    def __init__(self):
        super().__init__()
        self.layer, self.norm = nn.Linear(8, 4), nn.BatchNorm1d(4)
        add_buffers(self)


def add_buffers(model):
    """Add what the constructor does not say, so that it cannot be made again."""
    model.register_buffer("inv_freq", 1e4 ** (-torch.arange(4) / 4))
    model.register_buffer("position_ids", torch.arange(6).expand(1, -1))
    model.register_buffer("mask", torch.full((6, 6), -torch.inf).triu(1))
    model.register_buffer("causal", torch.ones(6, 6, dtype=torch.bool).tril())
    model.register_buffer("phases", torch.exp(1j * torch.arange(4)))
    model.register_buffer("quantized", torch.tensor([0, 255], dtype=torch.uint8))
    model.register_buffer("nothing", None)
    model.register_buffer("no_numbers", torch.zeros(0))
    model.register_buffer("narrow", torch.tensor([1e-7, 6e4], dtype=torch.float16))
    model.register_buffer("large", torch.arange(300_000).view(300, 1000))


def warned(model, **how):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        init.initialize(model, RECIPE, seed=0, **how)
    return [warning for warning in caught if warning.category is UnsetBufferWarning]


def materialized(byte):
    with torch.device("meta"):
        model = Model()
    model.to_empty(device="cpu")
    for tensor in (*model.parameters(), *model.buffers()):
        np.asarray(tensor.detach().view(-1).view(torch.uint8)).fill(byte)
    return model


def test_a_model_that_was_built_plainly_is_not_warned_of():
    assert warned(Model()) == []


@pytest.mark.parametrize("byte", [0xFF, 0x7F, 0xCA])
def test_memory_that_nobody_set_is_warned_of_in_one_warning(byte):
    (warning,) = warned(materialized(byte))
    message = str(warning.message)
    assert "inv_freq holds" in message
    assert "position_ids holds" in message
    assert "causal holds the byte" in message
    assert "to_empty()" in message
    # Running statistics have just been set; what can be anything is not judged.
    assert "norm" not in message
    assert "quantized" not in message
    assert warning.filename == __file__


def test_zeros_are_told_where_nobody_sets_them():
    (warning,) = warned(materialized(0))
    message = str(warning.message)
    assert "inv_freq holds 0.0 throughout; position_ids holds 0 throughout." in message


def test_one_wrong_element_of_a_large_buffer_may_escape_but_not_a_part_of_it():
    model = Model()
    model.large[100:200] = 2**45
    (warning,) = warned(model)
    assert "large holds 35184372088832" in str(warning.message)


def test_a_buffer_without_memory_beside_weights_that_have_some_is_warned_of():
    model = Model()
    model.inv_freq = model.inv_freq.to("meta")
    model.layer.register_buffer("table", torch.zeros(3, device="meta"))
    (warning,) = warned(model)
    assert "inv_freq is on the meta device; layer/table is on the meta device." in str(
        warning.message
    )


def test_nothing_is_warned_of_where_nothing_is_written():
    model = materialized(0xFF)
    assert warned(model, dry_run=True) == []
    with torch.device("meta"):
        model = Model()
    assert warned(model) == []


def test_a_buffer_of_two_layers_is_named_once():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    for layer in model:
        layer.register_buffer("table", torch.tensor([torch.nan]))
    model[1].table = model[0].table
    (warning,) = warned(model)
    assert "set: 0/table holds NaN. " in str(warning.message)


def test_many_are_counted():
    model = nn.Module()
    model.layer = nn.Linear(2, 2)
    for number in range(12):
        model.register_buffer(f"b{number}", torch.tensor([torch.nan]))
    (warning,) = warned(model)
    assert "b9 holds NaN; and 2 more. " in str(warning.message)


def test_statistics_that_are_left_alone_are_judged_too():
    model = materialized(0xFF)
    (warning,) = warned(model, exclude=["norm/mean", "norm/variance"])
    assert "norm/running_mean holds NaN; norm/running_var holds NaN" in str(warning.message)
