"""Fanwise on shards: FSDP2 on two ranks gives the weights of one process, bit for bit."""

import tempfile

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import fully_shard

import fanwise.torch as init


def network() -> nn.Module:
    return nn.Sequential(nn.Embedding(1000, 64), nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 64))


RECIPE = {
    "fanwise": 1,
    "rule": [
        {"role": "bias", "init": "zeros"},
        {"match": "**", "init": "he_normal"},
    ],
}


def work(rank: int, world: int, folder: str) -> None:
    store = f"file://{folder}/store"
    dist.init_process_group("gloo", init_method=store, rank=rank, world_size=world)

    # Nothing is in memory until each rank has its shard, and nothing is sent afterwards.
    with torch.device("meta"):
        model = network()
    fully_shard(model)
    model.to_empty(device="cpu")
    init.initialize(model, RECIPE, seed=0)

    alone = network()
    init.initialize(alone, RECIPE, seed=0)
    pairs = list(zip(model.parameters(), alone.parameters(), strict=True))
    equal = all(torch.equal(shard.full_tensor(), whole) for shard, whole in pairs)
    held = sum(shard.to_local().numel() for shard, _ in pairs)
    total = sum(whole.numel() for _, whole in pairs)
    table = init.summary(model)  # on every rank: they add up what they hold
    if rank == 0:
        print(f"a rank holds {held} of {total} parameters; equal to one process: {equal}")
        print(table)
    dist.destroy_process_group()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        # Forked from a server, a rank ends without taking Python apart, which gloo's threads do
        # not always survive: https://github.com/pytorch/pytorch/issues/190489
        torch.multiprocessing.start_processes(
            work, (2, folder), nprocs=2, start_method="forkserver"
        )
