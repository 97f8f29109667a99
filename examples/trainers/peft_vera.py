"""PEFT's VeRA without its projections in the checkpoint: a seed and two paths are all of them."""

import tempfile
import warnings
from pathlib import Path

import peft
import torch
from torch import nn

import fanwise.torch

# PEFT warns, twice, that projections which are not saved may differ elsewhere: these do not.
warnings.filterwarnings("ignore", message="Specified to not")
CONFIG = {"r": 8, "target_modules": ["up", "down"], "save_projection": False}


class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.up, self.down = nn.Linear(64, 128), nn.Linear(128, 64)

    def forward(self, inputs):
        return inputs + self.down(self.up(inputs).relu())


def body():
    made = Body()
    fanwise.torch.initialize(made, "torch_default", seed=0)
    return made


def project(model):
    """Draw the matrices that all layers share; they never train."""
    for name in ("vera_A", "vera_B"):
        for shared in getattr(model.base_model, name).values():
            fanwise.torch.kaiming_uniform_(shared, seed=7, path=f"vera/{name}")


model = peft.get_peft_model(body(), peft.VeraConfig(**CONFIG, projection_prng_key=1))
project(model)
trained = torch.optim.SGD(model.parameters(), lr=0.1)
inputs = torch.randn(4, 64)
model(inputs).square().sum().backward()
trained.step()

folder = Path(tempfile.mkdtemp())
model.save_pretrained(folder)
wanted = model(inputs).detach()
del model, trained
saved = peft.utils.load_peft_weights(folder)
print("no projection is saved:", not any("vera_A" in name or "vera_B" in name for name in saved))

# On another machine, whose torch draws other numbers for PEFT's key.
config = peft.VeraConfig(**CONFIG, projection_prng_key=2)
again = peft.PeftModel.from_pretrained(body(), folder, config=config)
project(again)
print("the same anywhere:", torch.equal(again(inputs), wanted))
