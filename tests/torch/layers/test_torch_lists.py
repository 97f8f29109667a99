"""What lists and dicts of parameters hold is told by the module that holds them."""

import pytest
import torch
from common.torch_recipes import SEED
from torch import nn

import fanwise.torch as init
from fanwise.spec.errors import FanwiseError

FITS = "This recipe would fit:\n\n"


def drawn(*shape):
    values = torch.randn(shape)
    return nn.Parameter(0.5 * values / values.std())


class Experts(nn.Module):
    """A parameter for each expert, and some by their names."""

    def __init__(self, count=12):
        super().__init__()
        self.ups = nn.ParameterList([drawn(8, 6) for _ in range(count)])
        self.nested = nn.ParameterList([nn.ParameterList([drawn(5, 6)]) for _ in range(2)])
        self.named = nn.ParameterDict({"query": drawn(8, 6), "cls_token": drawn(1, 1, 6)})


class GainNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.ParameterList([nn.Parameter(torch.full((6,), 3.0)) for _ in range(3)])


@pytest.mark.parametrize("match", ["ups/*", "ups/<i>", "**/ups/*"])
def test_one_rule_is_enough_for_a_list(match):
    model = Experts()
    rules = [{"match": match, "axes": "out in", "init": "he_normal"}]
    allowed = {"unmatched": ["nested/**", "named/*"]}
    report = init.initialize(model, {"fanwise": 1, "rule": rules, "allow": allowed}, seed=SEED)
    assert [row.path for row in report.rows] == [f"ups/{i}" for i in range(12)]
    assert {row.rule for row in report.rows} == {1}


def test_a_rule_may_count_with_the_place_in_the_list():
    model = Experts(3)
    rules = [
        {"match": "ups/<i>", "init": {"scheme": "constant", "value": "i"}},
        {"match": "**", "init": "zeros"},
    ]
    init.initialize(model, {"fanwise": 1, "rule": rules}, seed=SEED)
    assert [values[0, 0].item() for values in model.ups] == [0, 1, 2]


def test_the_suggested_recipe_has_one_rule_for_a_list():
    model = nn.ModuleList([Experts(), Experts()])
    rules = [{"match": "**/named/*", "init": "zeros"}]
    with pytest.raises(FanwiseError) as told:
        init.initialize(model, {"fanwise": 1, "rule": rules}, seed=SEED)
    text = str(told.value)
    assert "24 × Experts.ups/* (8, 6)" in text
    assert "4 × Experts.nested/*/* (5, 6)" in text
    rules = text.split(FITS)[1].split("[[rule]]")[1:]
    assert sum("ups" in rule for rule in rules) == 1
    assert sum("nested" in rule for rule in rules) == 1
    init.initialize(model, text.split(FITS)[1], seed=SEED)


def test_the_class_is_that_of_what_holds_the_list():
    rows = {row.path: row for row in init.paths(nn.ModuleList([Experts(), GainNorm()])).rows}
    assert rows["0/ups/3"].class_name.endswith("Experts")
    assert rows["0/nested/1/0"].class_name.endswith("Experts")
    assert rows["0/named/cls_token"].kind == "parameter/token"
    assert (rows["1/weight/2"].kind, rows["1/weight/2"].role) == ("norm", "scale")


def test_gains_in_a_list_are_gains():
    model = GainNorm()
    init.initialize(model, {"fanwise": 1, "rule": [{"role": "scale", "init": "ones"}]}, seed=SEED)
    assert all(torch.equal(gain, torch.ones(6)) for gain in model.weight)


def test_a_list_that_is_a_model_itself_has_its_own_class():
    (row,) = init.paths(nn.ParameterList([drawn(2, 2)])).rows
    assert (row.path, row.class_name.rpartition(".")[2]) == ("0", "ParameterList")
