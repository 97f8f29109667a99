"""Models of plain tensors that their layers cut start as parts of whole ones."""

import pytest
import torch
from torch import nn

import fanwise
import fanwise.torch as init

NORMAL = {"scheme": "normal", "std": 0.1}
RULES = [
    {"role": "embedding", "init": NORMAL},
    {"match": "up/weight", "axes": "out in", "init": "he_normal"},
    {"role": "kernel", "init": "orthogonal"},
    {"role": "bias", "init": NORMAL},
]
RECIPE = {"fanwise": 1, "rule": RULES}


def mark(tensor, axis, stride=1):
    tensor.tensor_model_parallel, tensor.partition_dim = True, axis
    tensor.partition_stride = stride


class Up(nn.Module):
    """A layer of no class of torch's, of two pieces, such as gate and up."""

    def __init__(self, size):
        super().__init__()
        self.weight = nn.Parameter(torch.full((32 // size, 16), 9.0))
        self.bias = nn.Parameter(torch.full((32 // size,), 9.0))
        mark(self.weight, 0, 2)
        mark(self.bias, 0, 2)

    def forward(self, x):
        return x @ self.weight.T + self.bias


class Model(nn.Module):
    """What one of so many ranks holds."""

    def __init__(self, size=1, tied=False):
        super().__init__()
        self.tokens = nn.Embedding(24 // size, 16)
        mark(self.tokens.weight, 0)
        self.up = Up(size)
        self.down = nn.Linear(32 // size, 16, bias=False)
        mark(self.down.weight, 1)
        self.head = nn.Linear(16, 24 // size, bias=False)
        if tied:
            self.head.weight = self.tokens.weight
        mark(self.head.weight, 0)


def cut(whole, parameter, rank, size):
    stride = parameter.partition_stride
    return torch.cat(
        whole.chunk(size * stride, parameter.partition_dim)[rank::size], parameter.partition_dim
    )


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("size", [1, 2, 4])
def test_every_rank_has_its_part_of_the_whole_model(size, tied):
    whole = Model(tied=tied)
    table = init.initialize(whole, RECIPE, seed=5)
    for rank in range(size):
        model = Model(size, tied)
        summary = init.initialize(model, RECIPE, seed=5, group=(rank, size))
        assert [(r.path, r.shape, r.fan_in, r.fan_out, r.expected) for r in summary.rows] == [
            (r.path, r.shape, r.fan_in, r.fan_out, r.expected) for r in table.rows
        ]
        assert summary.parameters == table.parameters
        for name, parameter in model.named_parameters():
            wanted = cut(whole.get_parameter(name), parameter, rank, size)
            assert torch.equal(parameter, wanted), name


@pytest.mark.parametrize("rank", [0, 1])
def test_set_initializer_draws_the_part(rank):
    layer = nn.Linear(16, 4)
    mark(layer.weight, 0)
    init.set_initializer(layer, seed=5, path="up", group=(rank, 2))
    alone = fanwise.sample("he_normal", (8, 16), seed=5, path="up/kernel", axes="torch")
    assert torch.equal(layer.weight, torch.from_numpy(alone[rank * 4 :][:4]))


@pytest.mark.parametrize(
    ("how", "words"), [({}, "a seed, which all"), ({"seed": 5, "engine": "native"}, "portable")]
)
def test_ranks_that_would_not_agree_are_refused(how, words):
    model = Model(2)
    with pytest.raises(fanwise.FanwiseError, match=words):
        init.initialize(model, RECIPE, group=(0, 2), **how)
    assert (model.up.weight == 9).all()


@pytest.mark.parametrize("word", ["partition_dim", "own", "packed"])
def test_what_cannot_be_told_is_refused(word):
    if word == "packed":
        layer = nn.MultiheadAttention(16, 4)
        mark(layer.in_proj_weight, 0)
        recipe = "torch_default"
    else:
        layer = nn.Linear(16, 4)
        layer.weight.tensor_model_parallel = True
        recipe = "torch_default"
    if word == "own":
        mark(layer.weight, 0)
        recipe = {"fanwise": 1, "rule": [{"match": "**", "init": "own"}]}
    held = {name: tensor.clone() for name, tensor in layer.state_dict().items()}
    with pytest.raises(fanwise.FanwiseError, match=word):
        init.initialize(layer, recipe, seed=5, group=(0, 2))
    assert all(torch.equal(tensor, held[name]) for name, tensor in layer.state_dict().items())
