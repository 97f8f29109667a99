"""torchtitan: its own Llama, started by a recipe wherever its trainer starts parameters.

The converter is named among a trainer's model converters; what it returns builds the same model,
of which every module has its own part of the recipe for its ``param_init``.
"""

import copy
from dataclasses import dataclass, fields

import torch
from torchtitan.models.llama3 import llama3_configs
from torchtitan.protocols.model import ModelConfigConverter

import fanwise.torch

RECIPE = """
fanwise = 1

[[rule]]
role = "embedding"
init = { scheme = "normal", std = 1.0 }

[[rule]]
match = "layers/<i>/attention/wo/kernel"
init = { scheme = "truncated_normal", std = "0.02 / sqrt(2 * (i + 1))" }

[[rule]]
match = "layers/<i>/feed_forward/w2/kernel"
init = { scheme = "truncated_normal", std = "0.02 / sqrt(2 * (i + 1))" }

[[rule]]
role = "kernel"
init = { scheme = "truncated_normal", std = 0.02 }

[[rule]]
role = "scale"
init = "ones"
"""


class StartByRecipe(ModelConfigConverter):
    """Gives the modules of a model their starts, before the trainer cuts it."""

    @dataclass(kw_only=True, slots=True)
    class Config(ModelConfigConverter.Config):
        recipe: str
        seed: int

    def __init__(self, config, **_):
        self.config = config

    def convert(self, model_config):
        recipe, seed, kind = self.config.recipe, self.config.seed, type(model_config)

        class Started(kind):
            def build(self, **how):
                model = kind.build(self, **how)
                starts = fanwise.torch.param_init(model, recipe, seed=seed)
                for name, module in model.named_modules():
                    if own := starts.of(name):
                        module._param_init = {**(module._param_init or {}), **own}  # noqa: SLF001
                return model

        return Started(**{f.name: getattr(model_config, f.name) for f in fields(model_config)})


converter = StartByRecipe(StartByRecipe.Config(recipe=RECIPE, seed=7))
configuration = converter.convert(llama3_configs["debugmodel"]("flex"))
with torch.device("meta"):
    model = configuration.build()
stage = copy.deepcopy(model)  # what torchtitan makes of it for a pipeline
stage.tok_embeddings = None
for name in list(stage.layers)[:4]:
    del stage.layers[name]
for part in (model, stage):
    part.to_empty(device="cpu")
    part.init_states()

where = {"seed": 7, "path": "layers/5/attention/wo/kernel", "axes": "torch"}
scheme = fanwise.scheme("truncated_normal", std=0.02 / (2 * 6) ** 0.5)
alone = torch.from_numpy(fanwise.sample(scheme, (256, 256), **where))
print("by the recipe:", torch.equal(model.layers["5"].attention.wo.weight, alone))
whole = dict(model.named_parameters())
same = (torch.equal(mine, whole[name]) for name, mine in stage.named_parameters())
print("a stage has the weights of the whole:", all(same))
