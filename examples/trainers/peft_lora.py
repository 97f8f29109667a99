"""PEFT: adapters that start from a seed and their paths, on a body that stays as it is."""

import peft
import torch
from torch import nn

import fanwise.torch


class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.up, self.down = nn.Linear(64, 128), nn.Linear(128, 64)

    def forward(self, inputs):
        return inputs + self.down(self.up(inputs).relu())


def adapted(seed):
    """Add adapters to the same body; PEFT's own start of them is left out."""
    torch.manual_seed(seed)
    body = Body()
    fanwise.torch.initialize(body, "torch_default", seed=0)
    config = peft.LoraConfig(r=8, target_modules=["up", "down"], init_lora_weights=False)
    return peft.get_peft_model(body, config)


model = adapted(1)
frozen = {n: p.detach().clone() for n, p in model.named_parameters() if not p.requires_grad}
report = fanwise.torch.initialize(model, "lora", seed=7)
print(report)
now = dict(model.named_parameters())
print("the body stays:", all(torch.equal(now[name], was) for name, was in frozen.items()))

inputs = torch.randn(4, 64)
with model.disable_adapter():
    before = model(inputs)
print("adapters begin with no effect:", torch.equal(model(inputs), before))

# On another machine, under another global seed, sharded or not.
again = adapted(2)
fanwise.torch.initialize(again, "lora", seed=7)
pairs = zip(model.parameters(), again.parameters(), strict=True)
print("the same anywhere:", all(map(torch.equal, *zip(*pairs, strict=True))))
