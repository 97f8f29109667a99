"""Lightning: the model starts by a recipe when it is placed, and not when a run goes on."""

import tempfile
from pathlib import Path

import lightning
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

import fanwise.torch


class Digits(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.up, self.head = nn.Linear(64, 32), nn.Linear(32, 10)

    def training_step(self, batch, _):
        inputs, wanted = batch
        return functional.cross_entropy(self.head(self.up(inputs).relu()), wanted)

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=1e-3)


class FirstWeights(lightning.Callback):
    """Keeps a copy of what training begins with."""

    def on_train_start(self, trainer, pl_module):
        self.weight = pl_module.head.weight.detach().clone()


def trainer(*callbacks, steps, folder):
    return lightning.Trainer(
        max_steps=steps,
        accelerator="cpu",
        callbacks=list(callbacks),
        default_root_dir=folder,
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )


torch.manual_seed(0)
inputs, wanted = torch.randn(256, 64), torch.randint(10, (256,))
data = DataLoader(TensorDataset(inputs, wanted), batch_size=32)

with tempfile.TemporaryDirectory() as folder:
    first = FirstWeights()
    start = fanwise.torch.initialize_callback("torch_default", seed=7)
    fitting = trainer(start, first, steps=8, folder=folder)
    fitting.fit(Digits(), data)
    alone = fanwise.sample("torch_default", (10, 32), seed=7, path="head/kernel", axes="torch")
    print("starts by the recipe:", torch.equal(first.weight, torch.from_numpy(alone)))
    print("weights that were set:", len(start.summary.rows))

    checkpoint = Path(folder) / "eight.ckpt"
    fitting.save_checkpoint(checkpoint)
    again = fanwise.torch.initialize_callback("torch_default", seed=7)
    trainer(again, first, steps=16, folder=folder).fit(Digits(), data, ckpt_path=checkpoint)
    print("goes on from a checkpoint:", again.summary is None)
    print("with other weights:", not torch.equal(first.weight, torch.from_numpy(alone)))
