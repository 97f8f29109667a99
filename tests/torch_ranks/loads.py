"""What every rank does with a start that was written: loads it into a sharded model.

``python loads.py CHECKPOINT WORLD FOLDER`` starts so many ranks; each writes
``FOLDER/<rank>.json``, the digests of the whole weights after loading, and after ``initialize``.
"""

import hashlib
import json
import sys
import warnings
from pathlib import Path

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard

import fanwise.torch

RULES = {
    "fanwise": 1,
    "rule": [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "normal"}],
}


def model():
    return nn.Sequential(nn.Linear(37, 1501), nn.ReLU(), nn.Linear(1501, 703), nn.Linear(703, 5))


def digests(sharded):
    return {
        name: hashlib.sha256(weight.full_tensor().detach().numpy().tobytes()).hexdigest()
        for name, weight in sharded.named_parameters()
    }


def rank(number, checkpoint, world, folder):
    warnings.simplefilter("ignore")
    dist.init_process_group("gloo", f"file://{folder}/store", rank=number, world_size=world)
    with torch.device("meta"):
        sharded = model()
    for layer in (*sharded, sharded):
        if layer is sharded or isinstance(layer, nn.Linear):
            fully_shard(layer, mesh=init_device_mesh("cpu", (world,)))
    sharded.to_empty(device="cpu")
    with torch.no_grad():
        for weight in sharded.parameters():
            weight.fill_(7)
    held = sharded.state_dict()
    dcp.load(held, checkpoint_id=checkpoint)
    loaded = digests(sharded)
    fanwise.torch.initialize(sharded, RULES, seed=9, report=False)
    both = {"loaded": loaded, "set": digests(sharded)}
    Path(folder, f"{number}.json").write_text(json.dumps(both))
    dist.destroy_process_group()


if __name__ == "__main__":
    at, size, place = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    torch.multiprocessing.spawn(rank, (at, size, place), nprocs=size)
