"""Lightning under FSDP2: made on the meta device, sharded, and started by a recipe on each rank."""

import tempfile

import lightning
import torch
from lightning.pytorch.strategies import ModelParallelStrategy
from torch import nn
from torch.distributed.fsdp import fully_shard
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

import fanwise.torch


class Digits(lightning.LightningModule):
    def configure_model(self):
        if hasattr(self, "up"):
            return
        with torch.device("meta"):
            self.up, self.head = nn.Linear(64, 33), nn.Linear(33, 10)
        for layer in (self.up, self.head):
            fully_shard(layer, mesh=self.device_mesh["data_parallel"])
        fully_shard(self, mesh=self.device_mesh["data_parallel"])

    def training_step(self, batch, _):
        inputs, wanted = batch
        return functional.cross_entropy(self.head(self.up(inputs).relu()), wanted)

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=1e-3)


class FirstWeights(lightning.Callback):
    def on_train_start(self, trainer, pl_module):
        kernel = pl_module.up.weight
        where = {"seed": 7, "path": "up/kernel", "axes": "torch"}
        alone = torch.from_numpy(fanwise.sample("torch_default", (33, 64), **where))
        same = torch.equal(kernel.full_tensor(), alone)
        if trainer.is_global_zero:
            print("a rank holds", tuple(kernel.to_local().shape), "of", tuple(kernel.shape))
            print("as in one process:", same)


def main():
    data = TensorDataset(torch.randn(256, 64), torch.randint(10, (256,)))
    with tempfile.TemporaryDirectory() as folder:
        trainer = lightning.Trainer(
            max_steps=4,
            accelerator="cpu",
            devices=2,
            strategy=ModelParallelStrategy(data_parallel_size=2, tensor_parallel_size=1),
            callbacks=[fanwise.torch.initialize_callback("torch_default", seed=7), FirstWeights()],
            default_root_dir=folder,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
        )
        trainer.fit(Digits(), DataLoader(data, batch_size=32))


if __name__ == "__main__":
    main()
