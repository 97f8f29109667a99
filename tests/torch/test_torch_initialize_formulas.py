"""A model of which some weights are formulas: set up, told of, audited."""

import numpy as np
import pytest
import torch
from common.state_spaces import RECIPE, STATE, WIDTH, check_audit, expected, known_a_log
from torch import nn

import fanwise
import fanwise.torch as init


class Mixer(nn.Module):
    def __init__(self):
        super().__init__()
        self.dt = nn.Linear(8, WIDTH)
        self.A_log = nn.Parameter(torch.zeros(WIDTH, STATE))
        self.D = nn.Parameter(torch.zeros(WIDTH))
        self.down = nn.Linear(WIDTH, 12, bias=False)


def model():
    return nn.ModuleDict({"mixer": Mixer()})


def test_formulas_are_set_by_a_recipe_as_the_reference_draws_them():
    built = model()
    summary = init.initialize(built, RECIPE, seed=3)
    mixer = built["mixer"]
    for name, tensor in {
        "A_log": mixer.A_log, "D": mixer.D, "dt/bias": mixer.dt.bias,
        "dt/kernel": mixer.dt.weight.T, "down/kernel": mixer.down.weight.T,
    }.items():  # fmt: skip
        np.testing.assert_array_equal(tensor.detach().numpy(), expected(name, "mixer", 3))
    np.testing.assert_allclose(mixer.A_log.detach().numpy(), known_a_log(), rtol=1e-6)
    assert "mamba_a_log" in str(summary)
    assert "mamba_dt_bias" in str(init.summary(built))


def test_it_is_audited_with_a_seed_and_without():
    built = model()
    init.initialize(built, RECIPE, seed=3)

    def changed():
        with torch.no_grad():
            built["mixer"].A_log[2, 3] += 0.1

    check_audit(lambda: fanwise.audit(built, RECIPE, seed=3), changed)


def test_a_table_of_another_shape_than_its_weight_is_an_error_before_anything_is_set():
    built = model()
    before = {name: value.clone() for name, value in built.state_dict().items()}
    recipe = RECIPE.replace('"mamba_a_log"', '{ scheme = "given", values = [[1.0, 2.0]] }')
    with pytest.raises(fanwise.FanwiseError, match="A_log"):
        init.initialize(built, recipe, seed=3)
    after = built.state_dict()
    assert all(torch.equal(after[name], value) for name, value in before.items())
