"""Callables of single parameters write what initialize does."""

import copy

import pytest
import torch
from torch import nn

import fanwise
import fanwise.torch as init

RECIPE = {
    "fanwise": 1,
    "rule": [
        {"role": "bias", "init": {"scheme": "normal", "std": 0.1}},
        {"role": "scale", "init": "ones"},
        {"role": "offset", "init": "zeros"},
        {"match": "**", "init": "lecun_normal"},
    ],
}


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(11, 8, padding_idx=3)
        self.attention = nn.MultiheadAttention(8, 2)
        self.lstm = nn.LSTM(8, 5)
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 11, bias=False)
        self.head.weight = self.tokens.weight


def on_meta():
    with torch.device("meta"):
        return Model()


def test_every_parameter_gets_what_initialize_gives_it():
    whole = Model()
    init.initialize(whole, RECIPE, seed=5)
    starts = init.param_init(on_meta(), RECIPE, seed=5)
    named = dict(whole.named_parameters(remove_duplicate=False))
    assert set(starts) == set(named)
    assert not starts.left_alone
    for name, weight in named.items():
        fresh = torch.full_like(weight, 9.0)
        assert starts[name](fresh) is fresh
        assert torch.equal(fresh, weight), name


def test_the_callables_of_a_module():
    starts = init.param_init(on_meta(), RECIPE, seed=5)
    assert set(starts.of("norm")) == {"weight", "bias"}
    assert set(starts.of("attention.out_proj")) == {"weight", "bias"}
    assert starts.of("") == {}
    assert copy.deepcopy(starts) is starts


def test_another_dtype_is_that_of_the_tensor():
    starts = init.param_init(on_meta(), RECIPE, seed=5)
    half = starts["attention.out_proj.weight"](torch.empty(8, 8, dtype=torch.bfloat16))
    full = starts["attention.out_proj.weight"](torch.empty(8, 8))
    assert torch.equal(half, full.bfloat16())
    assert starts["norm.bias"](torch.empty(8, device="meta")).is_meta


def test_what_a_recipe_leaves_has_no_callable():
    starts = init.param_init(on_meta(), RECIPE, seed=5, exclude="attention/**")
    assert all("attention" not in name for name in starts)
    assert "attention.in_proj_weight" in starts.left_alone


@pytest.mark.parametrize("shape", [(8, 7), (8,)])
def test_a_tensor_of_another_shape_is_untouched(shape):
    starts = init.param_init(on_meta(), RECIPE, seed=5)
    tensor = torch.full(shape, 9.0)
    with pytest.raises(fanwise.FanwiseError, match=r"attention.out_proj.weight cannot be set"):
        starts["attention.out_proj.weight"](tensor)
    assert (tensor == 9).all()


def test_what_no_single_tensor_holds_is_told():
    model = nn.utils.parametrizations.weight_norm(nn.Linear(4, 4))
    with pytest.raises(fanwise.FanwiseError, match="parametrized"):
        init.param_init(model, "torch_default", seed=5)


def test_a_bad_seed_is_told_when_it_is_planned():
    with pytest.raises(fanwise.FanwiseError, match="seed"):
        init.param_init(on_meta(), RECIPE, seed=-1)


def test_lightning_that_is_not_there_is_told(monkeypatch):
    import sys

    for package in ("lightning", "lightning.pytorch", "pytorch_lightning"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(fanwise.FanwiseError, match="pip install lightning"):
        init.initialize_callback("torch_default", seed=0)
