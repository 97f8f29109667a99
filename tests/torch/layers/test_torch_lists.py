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
        self.weight = nn.ParameterList([nn.Parameter(torch.ones(6)) for _ in range(3)])


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


class Filled(nn.Module):
    """Each way of filling a list, or dict, by code that says what is drawn."""

    def __init__(self, count, width):
        super().__init__()
        self.width = width
        self.drawn = nn.ParameterList([nn.Parameter(torch.randn(width, 64)) for _ in range(count)])
        self.small = nn.ParameterList()
        for size in range(count):
            self.small.append(nn.Parameter(0.02 * torch.randn(size + 50, width)))
        later = []
        for _ in range(count):
            later.append(nn.Parameter(torch.empty(width, 64).uniform_(-0.5, 0.5)))  # noqa: PERF401
        self.later = nn.ParameterList(later)
        self.pair = nn.ParameterDict(
            {"up": nn.Parameter(torch.randn(width, 64)), "gain": nn.Parameter(torch.ones(width))}
        )
        self.pair["down"] = nn.Parameter(torch.zeros(64, width))
        self.reset = nn.ParameterList([nn.Parameter(torch.empty(64, width)) for _ in range(count)])
        self.reset_parameters()

    def reset_parameters(self):
        for weight in self.reset:
            nn.init.xavier_uniform_(weight)


def test_what_the_code_of_the_owner_draws_into_lists_is_drawn():
    model = Filled(3, 64)
    first = {name: value.detach().clone() for name, value in model.named_parameters()}
    rows = {row.path: row for row in init.initialize(model, "torch_default", seed=SEED).rows}
    stds = {"drawn": 1, "small": 0.02, "later": 3**-0.5 / 2, "reset": (2 / 128) ** 0.5}
    for name, std in stds.items():
        for number in range(3):
            assert rows[f"{name}/{number}"].expected == pytest.approx(std)
            assert not torch.equal(
                model.get_parameter(f"{name}.{number}"), first[f"{name}.{number}"]
            )
    assert rows["pair/up"].expected == 1
    assert torch.equal(model.pair["gain"], first["pair.gain"])
    assert torch.equal(model.pair["down"], first["pair.down"])


def test_a_list_that_the_code_fills_otherwise_than_it_says_is_not_drawn():
    model = Filled(2, 64)
    nn.init.trunc_normal_(model.drawn[1], std=0.1)
    with pytest.raises(FanwiseError, match=r"no rule.*drawn/1"):
        init.initialize(model, "torch_default", seed=SEED)
