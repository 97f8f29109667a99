"""Layers of one's own, and parameters of no layer."""

import pytest
import torch
from common.torch_recipes import ALL, SEED, Packed, attention, describe, equal, stored
from torch import nn

import fanwise.torch as init
from fanwise.adapters.torch.drawing import portable
from fanwise.spec.errors import FanwiseError


class Own(nn.Module):
    """Parameters without a layer."""

    def __init__(self):
        super().__init__()
        self.cls_token = nn.Parameter(torch.full((1, 1, 4), 9.0))
        self.scale = nn.Parameter(torch.full((4,), 9.0))
        self.kernel = nn.Parameter(torch.full((4,), 9.0))
        self.table = nn.ModuleDict({"kernel": nn.Linear(2, 2)})


def test_parameters_of_no_layer():
    model = nn.ModuleDict({"own": Own()})
    report = init.initialize(model, ALL, seed=SEED)
    rows = {row.path: (row.role, row.kind) for row in report.rows}
    assert rows["own/cls_token"] == ("", "parameter/token")
    assert rows["own/scale"] == ("scale", "parameter")
    assert rows["own/kernel"] == ("", "parameter")
    equal(model["own"].cls_token.detach().numpy(), "own/cls_token", (1, 1, 4))


def test_a_parameter_without_a_role_needs_a_rule_of_its_own():
    rules = [{"role": role, "init": "zeros"} for role in ("kernel", "bias", "scale")]
    with pytest.raises(FanwiseError, match=r"2 of the weights.*cls_token, kernel"):
        init.initialize(Own(), {"fanwise": 1, "rule": rules}, seed=0)
    rules.append({"layer": "parameter", "init": "ones"})
    model = Own()
    init.initialize(model, {"fanwise": 1, "rule": rules}, seed=0)
    assert model.cls_token.mean() == 1
    assert not model.scale.any()


class SubclassOfPacked(Packed):
    pass


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize("cls", [Packed, SubclassOfPacked])
def test_a_registered_layer(cls):
    init.register_layer(Packed, describe)
    layer = cls()
    report = init.initialize(nn.ModuleDict({"a": layer}), ALL, seed=SEED)
    per_head = layer.weight.detach().numpy().reshape(6, 2, 3, 3)
    for number, name in enumerate(("query", "key", "value")):
        equal(per_head[:, :, number], f"a/{name}/kernel", (6, 6))
    equal(stored(layer.out.weight), "a/out/kernel", (6, 6))
    assert [row.path for row in report.rows][:4] == [
        "a/query/kernel",
        "a/key/kernel",
        "a/value/kernel",
        "a/out/kernel",
    ]


BAD = [
    ([init.LayerWeight("weight", "kernel", "in out", "dense", spans=((0, 5),))], "make up"),
    (
        [init.LayerWeight("weight", "kernel", "in out", "dense", spans=((0, 9), (6, 18)), axis=1)],
        "make up",
    ),
    ([init.LayerWeight("weight", "kernel", "in out", "dense", spans=((0, 6),), axis=1)], "make up"),
    ([init.LayerWeight("wieght", "kernel", "in out", "dense")], "wieght"),
    ([init.LayerWeight("ouch.weight", "kernel", "in out", "dense")], "ouch"),
    (["weight"], "a LayerWeight for each"),
    ([init.LayerWeight("weight", "kernel", "out", "dense")], "axes"),
]


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(("description", "message"), BAD)
def test_a_description_that_does_not_fit(description, message):
    init.register_layer(Packed, lambda _: description)
    layer = Packed()
    with pytest.raises(FanwiseError, match=message):
        init.initialize(layer, ALL, seed=0)
    assert not layer.weight.any()


def test_bad_registrations():
    with pytest.raises(FanwiseError, match=r"torch\.nn\.Module"):
        init.register_layer(int, describe)
    with pytest.raises(FanwiseError, match="function"):
        init.register_layer(Packed, None)
    with pytest.raises(FanwiseError, match="ends in a role"):
        init.LayerWeight("weight", "query/weight", "torch", "dense")


@pytest.mark.usefixtures("registry")
def test_on_a_device_the_bits_are_the_same(monkeypatch):
    """The path of other devices, in the memory of this one."""
    init.register_layer(Packed, describe)

    def model():
        layers = [nn.LSTM(3, 4), attention(), Packed(), nn.Embedding(5, 2, padding_idx=1)]
        return nn.ModuleList([*layers, nn.BatchNorm1d(3)])

    rules = [{"role": "recurrent_kernel", "init": "orthogonal"}, *ALL["rule"]]
    recipe = {"fanwise": 1, "rule": rules}
    one, other = model(), model()
    init.initialize(one, recipe, seed=SEED)
    monkeypatch.setattr(portable, "suits_host", lambda tensor: tensor.ndim == 0)
    drawn_whole = []
    real = portable._on_host

    def noted(tensor, part, seed):
        drawn_whole.append(part.resolved.scheme.family)
        real(tensor, part, seed)

    monkeypatch.setattr(portable, "_on_host", noted)
    init.initialize(other, recipe, seed=SEED)
    assert set(drawn_whole) == {"orthogonal"}
    for name, value in other.state_dict().items():
        assert torch.equal(value, one.state_dict()[name]), name
