"""``init = "own"``: what torch's layers declare, on the portable stream."""

import math

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

import fanwise.torch as init
from fanwise.adapters.torch.conformance.starts import STARTS
from fanwise.adapters.torch.layers.models import model_weights
from fanwise.spec.errors import FanwiseError

OWN = {"fanwise": 1, "rule": [{"match": "**", "init": "own"}]}


def rows_of(model, recipe=OWN, **how):
    return {row.path: row for row in init.initialize(model, recipe, seed=3, **how).rows}


@pytest.mark.parametrize("kind", STARTS)
def test_a_layer_of_torch_declares_what_torch_default_says(kind):
    own, told = STARTS[kind](), STARTS[kind]()
    init.initialize(own, OWN, seed=3)
    init.initialize(told, "torch_default", seed=3)
    for left, right in zip(own.parameters(), told.parameters(), strict=True):
        assert torch.equal(left, right)


def test_a_subclass_declares_what_its_class_does():
    class Named(nn.Linear):
        pass

    assert rows_of(Named(4, 4))["kernel"].scheme == "torch_default"
    with_norm = parametrizations.orthogonal(nn.Linear(4, 4))
    (weight, *_) = model_weights(with_norm)
    assert weight.weight.class_name == "torch.nn.modules.linear.Linear"
    assert weight.weight.own is not None


class Zeros(nn.Linear):
    """A layer that starts in its own way, as the zero-initialized ones of diffusion models."""

    def reset_parameters(self):
        nn.init.zeros_(self.weight)
        nn.init.zeros_(self.bias)


def test_a_start_of_its_own_has_no_translation_and_is_named():
    with pytest.raises(FanwiseError, match=r"Zeros\.reset_parameters") as raised:
        init.initialize(nn.Sequential(nn.Linear(4, 4), Zeros(4, 4)), OWN, seed=3)
    (problem,) = raised.value.problems
    assert (problem.kind, problem.paths) == ("own", ("1/kernel", "1/bias"))
    before = {"fanwise": 1, "rule": [{"class": "Zeros", "init": "zeros"}, *OWN["rule"]]}
    rows = rows_of(nn.Sequential(nn.Linear(4, 4), Zeros(4, 4)), before)
    assert [row.scheme for row in rows.values()] == ["torch_default"] * 2 + ["zeros"] * 2


def test_a_layer_that_is_described_anew_is_not_taken_for_torchs():
    class Fused(nn.Linear):
        """Query, key and value in one; torch counts the inputs of all, and not as attention."""

    def describe(_):
        parts = ((0, 4), (4, 8), (8, 12))
        for name, rows in zip(("query", "key", "value"), parts, strict=True):
            yield init.LayerWeight("weight", f"{name}/kernel", "torch", "attention", spans=(rows,))

    init.register_layer(Fused, describe)
    starts = [stored.weight.own for stored in model_weights(Fused(4, 12, bias=False))]
    assert [start.scheme for start in starts] == [None] * 3


def test_a_bare_parameter_that_others_have_drawn_declares_nothing():
    class Scaled(nn.Module):
        def __init__(self, values):
            super().__init__()
            self.inner = nn.Linear(3, 3)
            self.factor = nn.Parameter(values)

    with pytest.raises(FanwiseError, match="factor"):
        init.initialize(Scaled(torch.rand(2, 3, 5)), OWN, seed=3)
    rest = {"fanwise": 1, "rule": [*OWN["rule"], {"match": "factor", "init": "ones"}]}
    assert rows_of(Scaled(torch.rand(2, 3, 5)), rest)["factor"].scheme == "ones"


def test_a_prelu_declares_its_slope():
    assert (init.initialize(nn.PReLU(3, init=0.1), OWN, seed=3).rows[0].scheme) == "constant"
    layer = nn.PReLU(3, init=0.1)
    with torch.no_grad():
        layer.weight.zero_()
    init.initialize(layer, OWN, seed=3)
    assert torch.equal(layer.weight, torch.full((3,), 0.1))


def transformer():
    return nn.Transformer(32, 4, 1, 1, 64, batch_first=True)


def test_a_transformer_draws_its_matrices_once_more():
    model = transformer()
    rows = rows_of(model)
    for path, expected in {
        "encoder/layers/0/linear1/kernel": math.sqrt(2 / (32 + 64)),
        "encoder/layers/0/self_attn/out/kernel": math.sqrt(2 / (32 + 32)),
        # Query, key and value are one matrix to it, of three times as many outputs.
        "decoder/layers/0/multihead_attn/key/kernel": math.sqrt(2 / (32 + 96)),
        "encoder/layers/0/linear1/bias": 1 / math.sqrt(3 * 32),
    }.items():
        assert rows[path].expected == pytest.approx(expected)
    theirs = dict(transformer().named_parameters())
    for name, parameter in model.named_parameters():
        ours, fresh = float(parameter.detach().std()), float(theirs[name].detach().std())
        # Of uniform samples, the two differ by a relative √(2 · 0.2 / n); five times that.
        assert ours == pytest.approx(fresh, rel=5 * math.sqrt(0.4 / parameter.numel()))


def test_a_subclass_of_transformer_that_draws_otherwise_does_not():
    class Other(nn.Transformer):
        def _reset_parameters(self):
            pass

    model = Other(32, 4, 1, 1, 64, batch_first=True)
    assert rows_of(model)["encoder/layers/0/linear1/kernel"].scheme == "torch_default"


def test_it_extends_with_rules_of_ones_own():
    recipe = {
        "fanwise": 1,
        "extends": "torch_default",
        "rule": [{"class": "*Linear", "role": "bias", "init": "zeros"}],
    }
    rows = rows_of(nn.Sequential(nn.Linear(3, 3), nn.Conv1d(3, 3, 2)), recipe)
    assert [row.scheme for row in rows.values()] == [
        *("torch_default", "zeros"),
        *("torch_default", "torch_default"),
    ]
