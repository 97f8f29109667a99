"""accelerate: a model of no memory, started on every process, then prepared."""

import torch
from accelerate import Accelerator, debug_launcher, init_empty_weights
from torch import nn
from torch.nn import functional

import fanwise.torch


def train():
    accelerator = Accelerator(cpu=True)
    with init_empty_weights():
        model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    model.to_empty(device=accelerator.device)
    fanwise.torch.initialize(model, "torch_default", seed=7)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    model, optimizer = accelerator.prepare(model, optimizer)

    kernel = accelerator.unwrap_model(model)[2].weight.detach()
    where = {"seed": 7, "path": "2/kernel", "axes": "torch"}
    alone = torch.from_numpy(fanwise.sample("torch_default", (10, 32), **where))
    same = accelerator.gather(torch.tensor([torch.equal(kernel, alone)]))
    accelerator.print("every process has the same start:", same.all().item())

    # Data differs from process to process, and so do other draws: by torch's own generator.
    torch.manual_seed(accelerator.process_index)
    for _ in range(4):
        inputs, wanted = torch.randn(32, 64), torch.randint(10, (32,))
        accelerator.backward(functional.cross_entropy(model(inputs), wanted))
        optimizer.step()
        optimizer.zero_grad()
    accelerator.print("processes:", accelerator.num_processes)


if __name__ == "__main__":
    debug_launcher(train, num_processes=2)
