"""What is sent back through a torch model from an output of any form, and what it is given."""

from collections import UserDict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import nn

from fanwise import FanwiseError
from fanwise.torch import layer_check


class Returning(nn.Module):
    """A layer, and what a function makes of its output."""

    def __init__(self, function):
        super().__init__()
        self.layer, self.function = nn.Linear(2, 3), function
        with torch.no_grad():
            self.layer.weight.copy_(torch.arange(6.0).view(3, 2))
            self.layer.bias.zero_()

    def forward(self, x):
        return self.function(self.layer(x))


class Pair(NamedTuple):
    first: object
    second: object


@dataclass
class Output:
    scores: object
    more: object = None


class Plain:
    def __init__(self, **attributes):
        vars(self).update(attributes)
        self.itself = self


class DynamicCache(Plain):
    """Named as what transformers hand from one call to the next."""


def cache_beside(x):
    return {"past_key_values": (9 * x,), "kept": DynamicCache(k=x), "x": x}


def chain(x):
    output = [x]
    for _ in range(3000):
        output = [None, output]
    return output


def jagged(x):
    return torch.nested.as_nested_tensor([x[0], x[0, :2]], layout=torch.jagged)


OUTPUTS = {
    "a tensor": (lambda x: x, ""),
    "a tuple": (lambda x: (None, x.long(), x), "[2]"),
    "a named tuple": (lambda x: Pair("x", x), ".second"),
    "a list in a dict": (lambda x: {"steps": [x]}, "['steps'][0]"),
    "a dataclass": (lambda x: Output(None, {1: x}), ".more[1]"),
    "an object that holds itself": (lambda x: Plain(name="x", scores=x), ".scores"),
    "a cache beside": (cache_beside, "['x']"),
    "arrays of other kinds": (
        lambda x: [np.ones(3), x.to_sparse(), jagged(x), torch, x],
        "[4]",
    ),
    "a long chain": (chain, "[1]" * 3000 + "[0]"),
    "one tensor twice": (lambda x: Pair(x, [x]), ".first"),
}


@pytest.mark.parametrize("kind", OUTPUTS)
def test_noise_is_sent_back_from_any_output_alike(kind):
    function, place = OUTPUTS[kind]
    x = torch.tensor([[1.0, 2.0]])
    (layer,) = layer_check(Returning(function), x).layers
    (plain,) = layer_check(Returning(OUTPUTS["a tensor"][0]), x).layers
    assert layer == plain
    (within,) = layer_check(nn.Sequential(Lone(function)), x).layers
    assert within.output == place


class Lone(nn.Module):
    """A layer with a parameter of its own, whose output is anything."""

    def __init__(self, function):
        super().__init__()
        self.function, self.gain = function, nn.Parameter(torch.ones(2))

    def forward(self, x):
        return self.function(x * self.gain)


def test_noise_is_another_for_each_tensor_of_an_output():
    (both,) = layer_check(Returning(lambda x: (x, x + 0)), torch.ones(1, 2)).layers
    (lone,) = layer_check(Returning(lambda x: x), torch.ones(1, 2)).layers
    assert 1.01 * lone.gradient < both.gradient != pytest.approx(2 * lone.gradient)


@pytest.mark.parametrize("name", ["attribute", "key"])
def test_the_loss_of_a_model_is_what_is_sent_back(name):
    def give(x):
        loss = x.square().sum()
        return {"logits": x, "loss": loss} if name == "key" else Plain(loss=loss, logits=x)

    def find(output):
        return output["logits"] if name == "key" else output.logits

    x = torch.tensor([[1.0, 2.0]])
    (layer,) = layer_check(Returning(give), x).layers
    assert layer.gradient == pytest.approx(2 * float(np.std([2.0, 8.0, 14.0])))
    (other,) = layer_check(Returning(give), x, loss=lambda out: find(out).sum()).layers
    assert other.gradient == 0


def test_inputs_go_by_name_as_well():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(2, 2)

        def forward(self, x, *, scale, shift=0.0):
            return self.layer(x) * scale + shift

    model, x = Model(), torch.ones(1, 2)
    by_place = layer_check(model, x, keywords={"scale": 2.0})
    assert layer_check(model, keywords=UserDict(x=x, scale=2.0)) == by_place
    (other,) = layer_check(model, x, keywords={"scale": 1.0}).layers
    assert by_place.layers[0].gradient == pytest.approx(2 * other.gradient)


def test_an_output_without_floats_needs_a_loss():
    model, x = Returning(lambda x: (x > 0, None)), torch.ones(1, 2)
    with pytest.raises(FanwiseError, match=r"holds arrays of floats.*a tuple without any.*loss="):
        layer_check(model, x)
    assert len(layer_check(model, x, loss=lambda out: torch.ones(())).layers) == 1
