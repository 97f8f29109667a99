"""Spectral normalization knows the singular value of the weight that was drawn, not of another."""

import math

import pytest
import torch
from common.torch_recipes import ALL, SEED
from torch import nn
from torch.nn import utils
from torch.nn.utils import parametrizations

import fanwise.torch as init
from fanwise.spec.errors import FanwiseError

WAYS = {"parametrization": parametrizations.spectral_norm, "older": utils.spectral_norm}
LAYERS = {
    "linear": lambda: nn.Linear(24, 16),
    "conv": lambda: nn.Conv2d(4, 6, 3),
    "transposed": lambda: nn.ConvTranspose2d(4, 6, 3),
    "embedding": lambda: nn.Embedding(12, 8, padding_idx=0),
}


def vectors(layer):
    return {name: value.clone() for name, value in layer.named_buffers()}


def matrix(layer):
    axis = 1 if isinstance(layer, nn.ConvTranspose2d) else 0
    return layer.weight.detach().movedim(axis, 0).flatten(1)


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
@pytest.mark.parametrize("name", WAYS)
def test_the_effective_weight_is_what_was_drawn_divided_by_its_largest_singular_value(name, make):
    bare, layer = make(), WAYS[name](make())
    with torch.no_grad():
        for buffer in layer.buffers():
            buffer.fill_(math.nan)  # as after to_empty
    init.initialize(bare, ALL, seed=SEED)
    report = init.initialize(layer.eval(), ALL, seed=SEED)
    sigma = torch.linalg.svdvals(matrix(bare))[0]
    torch.testing.assert_close(matrix(layer) * sigma, matrix(bare), rtol=0.05, atol=0)
    assert report.left_alone == ()


@pytest.mark.parametrize("name", WAYS)
def test_its_vectors_are_those_of_the_seed_and_the_path(name):
    def start(seed, path="a"):
        model = nn.ModuleDict({path: WAYS[name](nn.Linear(24, 16))})
        init.initialize(model, ALL, seed=seed)
        return list(vectors(model).values())

    assert all(map(torch.equal, start(1), start(1)))
    assert not any(map(torch.equal, start(1), start(2)))
    assert not any(map(torch.equal, start(1), start(1, "b")))


@pytest.mark.parametrize("name", WAYS)
def test_a_matrix_that_would_be_divided_by_zero_is_refused(name):
    model = nn.Sequential(nn.Linear(4, 4), WAYS[name](nn.Linear(4, 4)))
    before = {key: value.clone() for key, value in model.state_dict().items()}
    rules = {"fanwise": 1, "rule": [{"match": "**", "init": "zeros"}]}
    with pytest.raises(FanwiseError, match=r"1/kernel cannot be set.*spectral norm is not zero"):
        init.initialize(model, rules, seed=SEED)
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())
    init.initialize(model, rules, seed=SEED, exclude="1/kernel")


def test_a_weight_that_is_normalized_twice_has_the_vectors_of_what_reaches_the_second():
    layer = parametrizations.spectral_norm(parametrizations.weight_norm(nn.Linear(24, 16)))
    bare = nn.Linear(24, 16)
    init.initialize(layer.eval(), ALL, seed=SEED)
    init.initialize(bare, ALL, seed=SEED)
    sigma = torch.linalg.svdvals(bare.weight)[0]
    torch.testing.assert_close(layer.weight * sigma, bare.weight, rtol=0.05, atol=0)


def test_a_tied_table_stays_what_its_own_layer_draws():
    """What is normalized is stored as it was drawn, so it may be another layer's weight too."""
    table, head, bare = nn.Embedding(12, 8), nn.Linear(8, 12, bias=False), nn.Embedding(12, 8)
    head.weight = table.weight
    model = nn.ModuleList([table, utils.spectral_norm(head)])
    report = init.initialize(model, "torch_default", seed=SEED)
    init.initialize(nn.ModuleList([bare]), "torch_default", seed=SEED)
    assert [row.path for row in report.rows] == ["0/embedding"]
    assert head.weight_orig is table.weight
    assert torch.equal(table.weight, bare.weight)
    sigma = torch.linalg.svdvals(bare.weight)[0]
    torch.testing.assert_close(head.eval()(torch.eye(8)).T * sigma, bare.weight, rtol=0.05, atol=0)
