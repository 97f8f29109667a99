"""The small Llama in torch: started and trained in one process, and cut in every way.

    python torch_ways.py WAY WORLD FOLDER [--dtype float64] [--order 1] [--own] [--until 25] [--resume FOLDER]

Each process of a way writes what it found into FOLDER.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from llama_torch import Llama
from sizes import (
    BATCH,
    BETAS,
    DECAY,
    LAYERS,
    RATE,
    RECIPE,
    SEED,
    STEPS,
    batch,
)
from torch import Tensor, nn
from torch.distributed.checkpoint.state_dict import get_state_dict, set_state_dict
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.pipelining import PipelineStage, Schedule1F1B
from torch.distributed.tensor import DTensor, Replicate
from torch.distributed.tensor.parallel import (
    ColwiseParallel,
    RowwiseParallel,
    parallelize_module,
)
from torch.nn import functional

import fanwise.torch

#: How the ways cut the model: replicas that share the batch, columns, and stages.
WAYS: Final = {
    "one process": (1, 1, 1),
    "FSDP2 x 4": (4, 1, 1),
    "FSDP2 x 3": (3, 1, 1),
    "FSDP2 x 2": (2, 1, 1),
    "TP 2 x DP 2": (2, 2, 1),
    "PP 2 x FSDP2 x 2": (2, 1, 2),
}
_BY_COLUMNS: Final = ColwiseParallel
_BY_ROWS: Final = RowwiseParallel


def cross_entropy(logits: Tensor, wanted: Tensor) -> Tensor:
    return functional.cross_entropy(logits.flatten(0, 1), wanted.flatten())


class Way:
    """The model, or this process's part of it.

    Args:
        name: one of :data:`WAYS`.
        dtype: of weights and sums.
    """

    def __init__(self, name: str, dtype: torch.dtype) -> None:
        data, columns, stages = WAYS[name]
        self.world = data * columns * stages
        self.stages = stages
        with torch.device("meta"):
            self.whole = Llama().to(dtype)
        self.model: nn.Module = self.whole
        self.data, self.data_rank, self.stage = 1, 0, 0
        if self.world == 1:
            self.model = self.whole.to_empty(device="cpu")
            return
        axes = {"pp": stages, "dp": data, "tp": columns}
        kept = {axis: size for axis, size in axes.items() if size > 1}
        mesh = init_device_mesh("cpu", tuple(kept.values()), mesh_dim_names=tuple(kept))
        self.mesh = mesh
        self.data, self.data_rank = data, mesh.get_local_rank("dp")
        where: dict[str, Any] = {}
        if stages > 1:
            self.stage = mesh.get_local_rank("pp")
            where = {"part_of": self.whole, "at": self._take_stage(dtype)}
        self.where = where
        if columns > 1:
            self._cut_columns(mesh["tp"])
        for block in self.model.blocks:
            fully_shard(block, mesh=mesh["dp"])
        fully_shard(self.model, mesh=mesh["dp"])
        self.model.to_empty(device="cpu")

    def _take_stage(self, dtype: torch.dtype) -> dict[str, str]:
        """Take the blocks of a stage, numbered anew; return where they stand in the whole."""
        each = LAYERS // self.stages
        with torch.device("meta"):
            first, last = self.stage == 0, self.stage == self.stages - 1
            self.model = Llama(each, first=first, last=last).to(dtype)
        return {f"blocks.{n}": f"blocks.{n + each * self.stage}" for n in range(each)}

    def _cut_columns(self, mesh: Any) -> None:
        plan: dict[str, Any] = {
            "tokens": RowwiseParallel(input_layouts=Replicate()),
            "head": ColwiseParallel(output_layouts=Replicate()),
        }
        for n in range(LAYERS):
            for name in (
                "attention.query",
                "attention.key",
                "attention.value",
                "mlp.gate",
                "mlp.up",
            ):
                plan[f"blocks.{n}.{name}"] = ColwiseParallel()
            plan[f"blocks.{n}.attention.out"] = plan[f"blocks.{n}.mlp.down"] = RowwiseParallel()
        parallelize_module(self.model, mesh, plan)

    def start(self, *, own: bool) -> None:
        """Start the weights by the recipe; or as people do, by torch's functions and one seed."""
        if not own:
            fanwise.torch.initialize(self.model, RECIPE, seed=SEED, **self.where)
            return
        torch.manual_seed(SEED)
        for name, weight in self.model.named_parameters():
            if "norm" in name:
                nn.init.ones_(weight)
            else:
                nn.init.normal_(weight, std=0.02)

    def steps(self, optimizer: torch.optim.Optimizer, order: int, steps: range) -> Iterator[float]:
        """Train, and give the loss of every step, before it."""
        run = self._run_stage if self.stages > 1 else self._run_whole
        if self.stages > 1:
            group = self.mesh.get_group("pp")
            stage = PipelineStage(
                self.model, self.stage, self.stages, torch.device("cpu"), group=group
            )
            self.schedule = Schedule1F1B(stage, n_microbatches=2, loss_fn=cross_entropy)
        for step in steps:
            inputs, wanted = (torch.from_numpy(part) for part in batch(step))
            if order:
                moved = torch.from_numpy(np.random.default_rng([order, step]).permutation(BATCH))
                inputs, wanted = inputs[moved], wanted[moved]
            optimizer.zero_grad()
            # Of a batch that 3 processes cannot share evenly, each has all.
            shared = self.data if BATCH % self.data == 0 else 1
            mine = (
                slice(None)
                if shared == 1
                else slice(self.data_rank * BATCH // shared, (self.data_rank + 1) * BATCH // shared)
            )
            loss = run(inputs[mine], wanted[mine])
            if self.data > 1:
                dist.all_reduce(loss, group=self.mesh.get_group("dp"))
                loss = loss / self.data
            optimizer.step()
            yield float(loss)

    def _run_whole(self, inputs: Tensor, wanted: Tensor) -> Tensor:
        loss = cross_entropy(self.model(inputs), wanted)
        loss.backward()
        return loss.detach()

    def _run_stage(self, inputs: Tensor, wanted: Tensor) -> Tensor:
        losses: list[Tensor] = []
        if self.stage == 0:
            self.schedule.step(inputs)
        else:
            self.schedule.step(target=wanted, losses=losses)
        total = torch.stack(losses).mean().detach() if losses else torch.zeros((), dtype=self.dtype)
        dist.broadcast(
            total,
            dist.get_global_rank(self.mesh.get_group("pp"), self.stages - 1),
            group=self.mesh.get_group("pp"),
        )
        return total

    @property
    def dtype(self) -> torch.dtype:
        return next(self.model.parameters()).dtype

    def weights(self) -> Iterator[tuple[str, np.ndarray]]:
        """Give the whole weights under the names of the whole; every process must ask."""
        moved = self.where.get("at", {})
        for name, weight in self.model.named_parameters():
            block = ".".join(name.split(".")[:2])
            whole = weight.full_tensor() if isinstance(weight, DTensor) else weight
            yield name.replace(block, moved.get(block, block), 1), whole.detach().numpy()


def digests(way: Way) -> dict[str, str]:
    import hashlib

    return {
        name: hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()
        for name, values in way.weights()
    }


def work(rank: int, asked: argparse.Namespace) -> None:
    warnings.filterwarnings("ignore", category=UserWarning)
    torch.set_num_threads(1)
    folder = Path(asked.folder)
    world = int(np.prod(WAYS[asked.way]))
    if world > 1:
        dist.init_process_group(
            "gloo", init_method=f"file://{folder}/store", rank=rank, world_size=world
        )
    way = Way(asked.way, getattr(torch, asked.dtype))
    way.start(own=asked.own)
    found: dict[str, Any] = {"started": digests(way)}
    how = {"lr": RATE, "betas": BETAS, "weight_decay": DECAY, "foreach": False}
    optimizer = torch.optim.AdamW(way.model.parameters(), **how)
    steps = range(STEPS)
    if asked.resume:
        states = _states(way.model, optimizer)
        dcp.load(states, checkpoint_id=asked.resume)
        set_state_dict(
            way.model,
            optimizer,
            model_state_dict=states["model"],
            optim_state_dict=states["optimizer"],
        )
        steps = range(asked.since, STEPS)
    if asked.until:
        steps = range(asked.until)
    found["losses"] = [*way.steps(optimizer, asked.order, steps)]
    if asked.until:
        dcp.save(_states(way.model, optimizer), checkpoint_id=str(folder / "checkpoint"))
    found["ended"] = digests(way)
    (folder / f"{rank}.json").write_text(json.dumps(found))
    if world > 1:
        dist.destroy_process_group()


def _states(model: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    of_model, of_optimizer = get_state_dict(model, optimizer)
    return {"model": of_model, "optimizer": of_optimizer}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("folder")
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--order", type=int, default=0)
    parser.add_argument("--own", action="store_true")
    parser.add_argument("--until", type=int, default=0)
    parser.add_argument("--since", type=int, default=0)
    parser.add_argument("--resume", default="")
    asked = parser.parse_args()
    world = int(np.prod(WAYS[asked.way]))
    if world == 1:
        work(0, asked)
    else:
        torch.multiprocessing.start_processes(
            work, (asked,), nprocs=world, start_method="forkserver"
        )
