"""What every rank does, one after the other, by torch's fake process group.

``python played_ranks.py`` plays all of them, each in a process of its own: torch remembers what a
mesh was to the rank before. ``python played_ranks.py RANK SIZE ...`` plays one, on a mesh of these
sizes. Each prints a line for test_torch_recipes_sharded.py.
"""

import json
import math
import os
import subprocess
import sys

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import DTensor, Partial, Replicate, Shard
from torch.testing._internal.distributed.fake_pg import FakeStore

import fanwise.torch as init
from fanwise.adapters.torch.drawing import sharded
from fanwise.spec.errors import FanwiseError

RULES = [
    {"match": "**/{bias,mean}", "init": {"scheme": "normal", "mean": 1, "std": 0.1}},
    {"match": "out/**", "init": "orthogonal", "role": "kernel"},
    {"match": "**", "init": "glorot_uniform", "role": "kernel"},
    {"match": "**", "init": {"scheme": "truncated_normal", "std": 0.5}},
]
RECIPE = {"fanwise": 1, "rule": RULES}


def network():
    torch.manual_seed(0)
    return nn.ModuleDict(
        {
            "table": nn.Embedding(11, 6, padding_idx=7),
            "attention": nn.MultiheadAttention(6, 2),
            "lstm": nn.LSTM(6, 5),
            "norm": nn.BatchNorm1d(7),
            "out": nn.Linear(6, 5),
        }
    )


def replaced(model, mesh, placements):
    for module in model.modules():
        for table in (module._parameters, module._buffers):
            for name, tensor in table.items():
                if tensor is None or not tensor.is_floating_point():
                    continue
                where = [
                    p if isinstance(p, Replicate) or p.dim < tensor.ndim else Replicate()
                    for p in placements
                ]
                empty = DTensor.from_local(
                    torch.zeros(0),
                    mesh,
                    where,
                    run_check=False,
                    shape=tensor.shape,
                    stride=tensor.stride(),
                )
                held = sharded._held(empty)
                local = torch.full([sum(n for _, n in spans) for spans in held], 9.0)
                made = DTensor.from_local(
                    local, mesh, where, run_check=False, shape=tensor.shape, stride=tensor.stride()
                )
                table[name] = nn.Parameter(made) if table is module._parameters else made
    return model


def tensors(model):
    yield from model.named_parameters()
    yield from ((n, b) for n, b in model.named_buffers() if b.is_floating_point())


def play(rank, shape):
    """What one rank of a mesh finds amiss, and how many elements it has seen."""
    bad, seen, world = [], 0, math.prod(shape)
    whole = network()
    init.initialize(whole, RECIPE, seed=5)
    wanted = dict(tensors(whole))
    dist.init_process_group("fake", store=FakeStore(), rank=rank, world_size=world)
    mesh = init_device_mesh("cpu", shape)
    for placements in (
        [[Shard(0)], [Shard(1)]]
        if len(shape) == 1
        else [[Shard(0), Shard(1)], [Shard(0), Shard(0)], [Replicate(), Shard(0)]]
    ):
        model = replaced(network(), mesh, placements)
        init.initialize(model, RECIPE, seed=5)
        for name, tensor in tensors(model):
            for local, index in sharded.parts(tensor):
                seen += local.numel()
                if not torch.equal(local, wanted[name].detach()[index]):
                    bad.append([world, rank, str(placements), name])
    model = replaced(network(), mesh, [Shard(0)] * len(shape))
    model["norm"].weight = nn.Parameter(
        DTensor.from_local(torch.full((7,), 9.0), mesh, [Partial()] * len(shape), run_check=False)
    )
    try:
        init.initialize(model, RECIPE, seed=5)
        bad.append("a partial sum was taken")
    except FanwiseError as error:
        if "norm/scale" not in str(error):
            bad.append(str(error))
    if any((t.to_local() != 9).any() for _, t in tensors(model)):
        bad.append("something was written")
    return {"bad": bad, "seen": seen}


def play_all():
    for shape in ((1,), (3,), (2, 2)):
        for rank in range(math.prod(shape)):
            sys.stdout.flush()
            if not hasattr(os, "fork"):
                command = [sys.executable, *sys.orig_argv[1:], *map(str, (rank, *shape))]
                subprocess.run(command, check=True)
            elif (child := os.fork()) == 0:
                print(json.dumps(play(rank, shape)), flush=True)
                os._exit(0)
            elif os.waitpid(child, 0)[1] != 0:
                sys.exit(f"rank {rank} of {shape} failed")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        play_all()
    else:
        rank, *shape = map(int, sys.argv[1:])
        print(json.dumps(play(rank, tuple(shape))))
