"""A parameter of no known layer: initialize reads its axes as the functions of a tensor do."""

import math

import pytest
import torch
from common.torch_recipes import SEED
from torch import nn

import fanwise
import fanwise.torch as init
from fanwise.spec.errors import FanwiseError

INPUTS, OUTPUTS = 512, 64


class Bare(nn.Module):
    """A weight as torch's own functional layers take it."""

    def __init__(self, *shape):
        super().__init__()
        self.kernel = nn.Parameter(torch.zeros(shape))


def recipe(scheme, **condition):
    return {"fanwise": 1, "rule": [{**condition, "init": scheme}]}


@pytest.mark.parametrize("engine", ["portable", "native"])
@pytest.mark.parametrize("shape", [(64, 512), (6, 4, 3), (6, 4, 3, 2)])
@pytest.mark.parametrize("scheme", ["he_normal", "glorot_uniform", "lecun_normal"])
def test_initialize_gives_what_the_function_gives(shape, scheme, engine):
    model, tensor = Bare(*shape), torch.zeros(shape)
    rows = init.initialize(model, recipe(scheme, role="kernel"), seed=SEED, engine=engine).rows
    init.init_(tensor, scheme, seed=SEED, path="kernel", engine=engine)
    assert torch.equal(model.kernel, tensor)
    field = math.prod(shape[2:])
    assert (rows[0].fan_in, rows[0].fan_out) == (shape[1] * field, shape[0] * field)


def test_the_rows_of_a_matrix_are_its_outputs():
    (row,) = init.initialize(Bare(OUTPUTS, INPUTS), recipe("he_normal", role="kernel"), seed=0).rows
    assert row.expected == pytest.approx(math.sqrt(2 / INPUTS))
    linear = nn.Sequential(nn.Linear(INPUTS, OUTPUTS, bias=False))
    (same,) = init.initialize(linear, recipe("he_normal", role="kernel"), seed=0).rows
    assert row.expected == same.expected


@pytest.mark.parametrize("shape", [(), (5,), (5, 3), (1, 5, 3)])
def test_a_parameter_in_every_kind_of_container(shape):
    model = nn.ModuleDict(
        {
            "listed": nn.ParameterList([nn.Parameter(torch.zeros(shape))]),
            "mapped": nn.ParameterDict({"w": nn.Parameter(torch.zeros(shape))}),
        }
    )
    model.register_parameter("registered", nn.Parameter(torch.zeros(shape)))
    scheme = fanwise.scheme("normal", std=0.5)
    rows = init.initialize(
        model, recipe({"scheme": "normal", "std": 0.5}, layer="parameter"), seed=SEED
    ).rows
    named = {"registered": model.registered, "listed/0": model["listed"][0]}
    named["mapped/w"] = model["mapped"]["w"]
    assert {row.path for row in rows} == set(named)
    for path, parameter in named.items():
        tensor = init.init_(torch.zeros(shape), scheme, seed=SEED, path=path)
        assert torch.equal(parameter, tensor)


@pytest.mark.parametrize("axes", ["in out", "out in", "* in out", "kernel", "batch out"])
def test_a_rule_may_tell_the_axes(axes):
    model = Bare(OUTPUTS, 16)
    chosen = {**recipe("glorot_normal", match="kernel"), "names": {"torch": {"kernel": "table"}}}
    chosen["rule"][0].update(match="table", axes=axes)
    (row,) = init.initialize(model, chosen, seed=SEED).rows
    wanted = fanwise.sample("glorot_normal", (OUTPUTS, 16), seed=SEED, path="table", axes=axes)
    assert model.kernel.detach().numpy().tobytes() == wanted.tobytes()
    assert (row.fan_in, row.fan_out) == fanwise.fans((OUTPUTS, 16), axes)


def test_axes_that_do_not_fit_are_an_error():
    told = [{"match": "**", "init": "ones", "axes": "in out"}]
    with pytest.raises(FanwiseError, match=r"0/kernel cannot start by rule 1.*'torch'.*limit"):
        init.initialize(nn.Sequential(nn.Linear(3, 2)), {"fanwise": 1, "rule": told}, seed=0)
    with pytest.raises(FanwiseError, match="kernel cannot start by rule 1"):
        init.initialize(Bare(3, 2, 4), {"fanwise": 1, "rule": told}, seed=0)
    for axes, problem in (
        ("in uot", "Unknown word 'uot'"),
        ("(0 out) in", "positive number of parts"),
        ("batch=in in out", "batch="),
        (3, "Write a word for each axis"),
        (" ", "a line of words"),
    ):
        rule = {**told[0], "axes": axes}
        with pytest.raises(FanwiseError, match=f"axes.* of rule 1.*{problem}"):
            fanwise.recipe({"fanwise": 1, "rule": [rule]})


def test_axes_that_say_what_a_layer_says_are_no_error():
    told = [{"match": "**", "init": "ones", "axes": "* in out"}]
    init.initialize(nn.Sequential(nn.Embedding(3, 2)), {"fanwise": 1, "rule": told}, seed=0)


def test_without_axes_or_a_role_a_parameter_has_no_fans():
    model = nn.ParameterDict({"w": nn.Parameter(torch.zeros(4, 4))})
    with pytest.raises(FanwiseError, match="axes = "):
        init.initialize(model, recipe("he_normal", match="w"), seed=0)
    init.initialize(
        model,
        {"fanwise": 1, "rule": [{"match": "w", "axes": "torch", "init": "he_normal"}]},
        seed=0,
    )
    assert model["w"].all()
