"""What comes of a captured model: right ones are proved, and planted faults are told."""

import pytest
import torch
from torch import nn

from zoo.captured import capture
from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel


def mlp() -> nn.Module:
    return nn.Sequential(nn.Linear(64, 128), nn.LayerNorm(128), nn.Linear(128, 64))


def cubed() -> nn.Module:
    model = mlp()
    with torch.no_grad():
        model[0].weight.copy_(torch.randn(128, 64) ** 3)
    return model


def seeded_inside() -> nn.Module:
    torch.manual_seed(0)
    return mlp()


@pytest.mark.parametrize(
    ("make", "outcome", "said"),
    [(mlp, "proved", ""), (cubed, "open", "0/kernel")],
)
def test_a_model_is_captured(make, outcome, said):
    verdict = capture(torch_model("a model", make), "torch")
    assert (verdict.outcome, verdict.weights) == (outcome, 6)
    assert said in verdict.reason
    assert verdict.resolved == 6 - bool(said)


@pytest.mark.parametrize(("recipe", "outcome"), [("torch_default", "proved"), ("vit", "other")])
def test_a_recipe_that_cites_the_model_is_compared(recipe, outcome):
    rules = {"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]}
    cited = recipe if recipe == "torch_default" else {**rules, "extends": "torch_default"}
    built = torch_model("a model", mlp)
    verdict = capture(ZooModel(built.name, built.build, cited), "torch")
    assert verdict.outcome == outcome
    assert verdict.compared == 6
    assert verdict.agreeing == (6 if outcome == "proved" else 4)
