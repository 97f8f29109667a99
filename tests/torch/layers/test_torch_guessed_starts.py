"""What is taken for a layer of torch's starts as its own class declares, where that can be read."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

import fanwise.torch
from fanwise import FanwiseError


class Projection(nn.Module):
    """A linear layer of a library, whose kernel is guessed."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inputs, outputs))
        self.bias = nn.Parameter(torch.zeros(outputs))
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x @ self.weight + self.bias


class Hidden(Projection):
    """One whose start cannot be read."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs)
        exec("self.weight.data.copy_(torch.randn(inputs, outputs) ** 3)")


def test_a_guessed_kernel_and_bias_start_as_their_class_declares():
    model = nn.Sequential(Projection(60, 50), nn.Linear(50, 40))
    rows = {row.path: row for row in fanwise.torch.initialize(model, "torch_default", seed=0).rows}
    assert rows["0/weight"].kind == "dense"
    assert rows["0/weight"].expected == pytest.approx(0.02)
    assert not model[0].bias.any()
    # A layer of torch's is drawn by torch's rule, whatever is read.
    assert rows["1/kernel"].expected == pytest.approx(1 / math.sqrt(3 * 50))


def test_a_kernel_that_contradicts_both_its_code_and_the_guess_is_an_error():
    with pytest.raises(FanwiseError, match="could not be read"):
        fanwise.torch.initialize(Hidden(60, 50), "torch_default", seed=0)


def test_a_rule_may_be_about_guessed_weights_alone():
    recipe = {
        "fanwise": 1,
        "rule": [
            {"guessed": True, "init": "zeros"},
            {"match": "**", "init": {"scheme": "constant", "value": 1}},
        ],
    }
    model = nn.Sequential(Projection(6, 5), nn.Linear(5, 4))
    fanwise.torch.initialize(model, recipe, seed=0)
    assert not model[0].weight.any()
    assert (model[1].weight == 1).all()
