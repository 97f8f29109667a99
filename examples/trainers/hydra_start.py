"""Hydra: a recipe, a seed and a model in one configuration."""

from hydra.utils import instantiate
from omegaconf import OmegaConf

CONFIGURATION = """
model:
  _target_: torch.nn.Sequential
  _args_:
    - {_target_: torch.nn.Linear, in_features: 64, out_features: 32}
    - {_target_: torch.nn.ReLU}
    - {_target_: torch.nn.Linear, in_features: 32, out_features: 10}

start:
  _target_: fanwise.torch.initialize
  _partial_: true
  _convert_: all
  seed: 7
  recipe:
    fanwise: 1
    vars: {std: 0.02}
    rule:
      - {match: 2/kernel, init: {scheme: normal, std: std}}
      - {role: kernel, init: he_normal}
      - {role: bias, init: zeros}

first_weight:
  _target_: fanwise.torch.he_normal_
  _partial_: true
  seed: 7
  path: 0/kernel
"""

settings = OmegaConf.create(CONFIGURATION)
model = instantiate(settings.model)
report = instantiate(settings.start)(model)
print(report)

weight = model[0].weight.detach().clone()
instantiate(settings.first_weight)(model[0].weight)
print("the same by itself:", (model[0].weight == weight).all().item())

# What a command line would override: start.recipe.vars.std=0.1
settings.start.recipe.vars.std = 0.1
print("overridden:", instantiate(settings.start)(model).rows[2].expected)
