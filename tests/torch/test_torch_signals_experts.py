"""Layers of a torch model that run several times, or not at all."""

import torch
from torch import nn

from fanwise.torch import layer_check


def batch(shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(1))


class Experts(nn.Module):
    """Experts, of which those are called that were chosen; and the same as one stack."""

    def __init__(self, chosen):
        super().__init__()
        self.chosen = chosen
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(4, 4), nn.ReLU()) for _ in range(4))
        self.stack = Stack(chosen)
        self.never = nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 4)])

    def forward(self, x):
        for number in self.chosen:
            x = self.experts[number](x)
        return self.stack(x)


class Stack(nn.Module):
    def __init__(self, chosen):
        super().__init__()
        self.chosen = chosen
        self.up, self.down = (nn.Parameter(torch.full((4, 4, 4), 0.1)) for _ in range(2))
        self.act = nn.Tanh()

    def forward(self, x):
        for number in self.chosen:
            x = self.act(x @ self.up[number]) @ self.down[number]
        return x


def test_experts_that_got_nothing_are_shown():
    check = layer_check(Experts([2, 0, 2]), batch((3, 4)))
    assert [(layer.path, layer.call, layer.calls) for layer in check.layers] == [
        *(("experts/2/0", 1, 2), ("experts/2/1", 1, 2)),
        *(("experts/0/0", 1, 1), ("experts/0/1", 1, 1)),
        *(("experts/2/0", 2, 2), ("experts/2/1", 2, 2)),
        *(("stack/act", 1, 3), ("stack/act", 2, 3), ("stack/act", 3, 3), ("stack", 1, 1)),
    ]
    assert (check.layers[-1].stacked, check.layers[-1].idle) == (4, (1, 3))
    assert [(layer.path, layer.class_name) for layer in check.uncalled] == [
        *(("experts/1", "Sequential"), ("experts/3", "Sequential"), ("never", "ModuleList")),
    ]
    table = str(check).splitlines()
    assert table[2].endswith("call 1 of 2")
    assert table[11].endswith("no gradient in 2 of 4: 1, 3")
    assert table[12].split() == ["experts/1", "Sequential", "never", "called"]
    assert [layer["calls"] for layer in check.to_dict()["uncalled"]] == [0, 0, 0]
    everyone = layer_check(Experts([0, 1, 2, 3]), batch((3, 4)))
    assert everyone.layers[-1].idle == ()
    assert [layer.path for layer in everyone.uncalled] == ["never"]


def test_weights_that_are_used_without_a_call_are_no_uncalled_layer():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.shared, self.direct = nn.Embedding(5, 4), nn.Linear(4, 4)
            self.tokens = nn.Embedding(5, 4)
            self.tokens.weight = self.shared.weight
            self.list = nn.ParameterList([torch.ones(4)])

        def forward(self, tokens):
            return nn.functional.linear(self.tokens(tokens), self.direct.weight) * self.list[0]

    model = Model()
    assert layer_check(model, torch.tensor([1])).uncalled == ()
    # Nothing tells of a frozen one but that the layer was not called.
    model.direct.requires_grad_(False)
    assert [layer.path for layer in layer_check(model, torch.tensor([1])).uncalled] == ["direct"]
