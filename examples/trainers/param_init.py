"""Callables by the names of parameters, as torchtitan's ``param_init`` has them.

Every module of such a trainer holds a dict of its own parameters' starts and runs it once it has
memory, after it was sharded: whatever way, the weights are those of one process.
"""

import torch
from torch import nn

import fanwise.torch

RECIPE = """
fanwise = 1

[[rule]]
match = "layers/<i>/down/kernel"
init = { scheme = "truncated_normal", std = "0.02 / sqrt(2 * (i + 1))" }

[[rule]]
role = "kernel"
init = { scheme = "truncated_normal", std = 0.02 }
"""


class Module(nn.Module):
    """A module in torchtitan's style: it starts its own parameters, and asks those below it."""

    param_init: dict | None = None

    def init_states(self):
        for module in self.modules():
            starts = getattr(module, "param_init", None) or {}
            for name, parameter in module.named_parameters(recurse=False):
                starts[name](parameter)


class Block(Module):
    def __init__(self):
        super().__init__()
        self.up, self.down = nn.Linear(16, 64, bias=False), nn.Linear(64, 16, bias=False)


class Model(Module):
    def __init__(self, layers=4):
        super().__init__()
        self.layers = nn.ModuleDict({str(n): Block() for n in range(layers)})


with torch.device("meta"):
    model = Model()
starts = fanwise.torch.param_init(model, RECIPE, seed=7)
for name, module in model.named_modules():
    module.param_init = starts.of(name)

# A stage of a pipeline has some of the layers, and the callables have the names of the whole.
for name in "0", "1":
    del model.layers[name]
model.to_empty(device="cpu")
model.init_states()

alone = fanwise.sample(
    fanwise.scheme("truncated_normal", std=0.02 / (2 * 4) ** 0.5),
    (16, 64),
    seed=7,
    path="layers/3/down/kernel",
    axes="torch",
)
print(
    "a stage's weight is the whole's:",
    (model.layers["3"].down.weight.numpy(force=True) == alone).all(),
)
print("names:", len(starts), "such as", next(iter(starts)))
