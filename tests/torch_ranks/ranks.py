"""What every rank does: real processes, gloo, on the CPU. Run by test_torch_ranks.py.

``python ranks.py FOLDER`` starts four, which form worlds of 1, 2, 3 and 4 in turn; each writes
``FOLDER/<rank>.json``, a list of (world, check, what, found, wanted), which the test compares.
"""

import hashlib
import json
import sys
import tracemalloc
import warnings
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh
from torch.distributed.fsdp import CPUOffloadPolicy, fully_shard
from torch.distributed.pipelining import PipelineStage, ScheduleGPipe
from torch.distributed.tensor import DTensor, Partial, Replicate, Shard, distribute_tensor
from torch.distributed.tensor.parallel import (
    ColwiseParallel,
    RowwiseParallel,
    parallelize_module,
)

import fanwise
import fanwise.torch as init
from fanwise.adapters.torch.drawing import portable, sharded, shared_seeds
from fanwise.core.sampler import draw
from fanwise.spec.resolved import resolve

HOW = {"seed": 2**40 + 3, "path": "layer/kernel"}


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def of_tensor(tensor):
    """The digest of a whole tensor; a sharded one is gathered first."""
    whole = (tensor.full_tensor() if isinstance(tensor, DTensor) else tensor).detach()
    return digest((whole.view(torch.uint16) if whole.dtype is torch.bfloat16 else whole).numpy())


def of_core(scheme, shape, dtype, axes):
    out = np.empty(shape, np.uint16 if dtype is torch.bfloat16 else str(dtype).split(".")[1])
    name = "bfloat16" if dtype is torch.bfloat16 else None
    return digest(fanwise.sample(scheme, shape, axes=axes, dtype=name, out=out, **HOW))


def meshes(world):
    yield init_device_mesh("cpu", (world,))
    if world == 4:
        yield init_device_mesh("cpu", (2, 2), mesh_dim_names=("dp", "tp"))


def placements(mesh, axes):
    one = [Replicate(), *(Shard(axis) for axis in range(axes))]
    if mesh.ndim == 1:
        return [[placement] for placement in one]
    return [[first, second] for first in one for second in one]


S = fanwise.scheme
WEIGHTS = [
    ("he_normal", (7, 5), torch.float32, "torch"),
    ("glorot_uniform", (12, 6), torch.float32, "(3 out) in"),
    ("xavier_normal", (3, 4, 5), torch.bfloat16, "kernel"),
    (S("normal", mean=0.5, std=0.1), (11,), torch.float64, "torch"),
]
WHOLE = [
    ("orthogonal", (7, 5), torch.float32, "torch"),
    (S("sparse", sparsity=0.4), (6, 9), torch.float32, "torch"),
    ("identity", (5, 5), torch.float16, "torch"),
    (S("constant", value=0.3), (3, 2), torch.bfloat16, "torch"),
]


def filled(weight, mesh, where):
    scheme, shape, dtype, axes = weight
    tensor = distribute_tensor(torch.full(shape, 9.0, dtype=dtype), mesh, where)
    return init.init_(tensor, scheme, axes=axes, **HOW)


def weights(world):
    """Every placement holds its part of the one weight; on the device path too."""
    for mesh in meshes(world):
        for weight in WEIGHTS + WHOLE:
            wanted = of_core(*weight)
            for where in placements(mesh, len(weight[1])):
                found = of_tensor(filled(weight, mesh, where))
                yield f"{weight[0]} {weight[1]} {tuple(mesh.shape)} {where}", found, wanted
                if weight in WEIGHTS:
                    with patch.object(portable, "suits_host", lambda tensor: tensor.ndim == 0):
                        found = of_tensor(filled(weight, mesh, where))
                    yield f"on a device: {weight[0]} {tuple(mesh.shape)} {where}", found, wanted


def views(world):
    """The transpose of a sharded parameter is written into it."""
    mesh = next(meshes(world))
    parameter = nn.Parameter(distribute_tensor(torch.zeros(5, 7), mesh, [Shard(0)]))
    version = parameter._version
    init.init_(parameter, "he_normal", axes="in out", **HOW)
    wanted = of_core("he_normal", (5, 7), torch.float32, "in out")
    yield "a parameter", of_tensor(parameter), wanted
    yield "autograd sees the write", parameter._version > version, True


def seeds(world):
    """Without a seed, that of the first rank governs, whatever the others' generators say."""
    for mesh in meshes(world):
        where = [Shard(0)] * mesh.ndim
        torch.manual_seed(100 + dist.get_rank())
        tensor = init.he_normal_(distribute_tensor(torch.zeros(9, 5), mesh, where))
        torch.manual_seed(100)
        wanted = of_tensor(init.he_normal_(torch.empty(9, 5)))
        yield f"no seed {tuple(mesh.shape)}", of_tensor(tensor), wanted
        generator = torch.Generator().manual_seed(7 * dist.get_rank())
        tensor = init.normal_(tensor, generator=generator)
        alone = init.normal_(torch.empty(9, 5), generator=torch.Generator().manual_seed(0))
        yield f"a generator {tuple(mesh.shape)}", of_tensor(tensor), of_tensor(alone)


def other_seeds(world):
    """A seed of each rank's own is an error on all of them, and nothing is written."""
    mesh = init_device_mesh("cpu", (world,))
    cut, plain = Larger(), nn.Linear(3, 4)
    fully_shard(cut, mesh=mesh)
    for tensor in plain.parameters():
        tensor.tensor_model_parallel, tensor.partition_dim = True, 0
    models = {
        "fully_shard": (cut, RECIPE, {}),
        "copies": (nn.parallel.DistributedDataParallel(Larger()), RECIPE, {}),
        "local parts": (plain, "torch_default", {"group": dist.group.WORLD}),
    }
    for what, (model, recipe, how) in models.items():
        before = [sharded.memory(tensor).clone() for tensor in model.parameters()]
        # In the high word alone, which one int64 would not tell.
        seed = (dist.get_rank() == world - 1) << 63
        try:
            init.initialize(model, recipe, seed=seed, report=False, **how)
            found = "no error"
        except fanwise.FanwiseError as error:
            found = error.expected
        yield what, found, "the same seed on all ranks" if world > 1 else "no error"
        if world > 1:
            held = [sharded.memory(tensor) for tensor in model.parameters()]
            yield f"{what} untouched", all(map(torch.equal, before, held)), True


def refusals(world):
    """What cannot be filled is an error on every rank, and untouched."""
    mesh = next(meshes(world))
    local = torch.full((4, 3), 9.0)
    bad = {
        "partial": (DTensor.from_local(local, mesh, [Partial()]), {}),
        "native": (DTensor.from_local(local, mesh, [Shard(0)]), {"engine": "native"}),
        "dtype": (DTensor.from_local(local.int(), mesh, [Shard(0)]), {}),
    }
    whole = {"shape": torch.Size((8 * world, 3)), "stride": (3, 1)}
    bad["another part"] = (DTensor.from_local(local, mesh, [Shard(0)], **whole), {})
    for what, (tensor, how) in bad.items():
        try:
            init.he_normal_(tensor, seed=0, **how)
            found = "no error"
        except fanwise.FanwiseError as error:
            found = "an error that says what to do" if error.hint else "no advice"
        yield what, found, "an error that says what to do"
        yield f"{what} untouched", bool((tensor.to_local() == 9).all()), True
    # A plain tensor that is a part, as Megatron marks it, where nothing says whose; of one rank it
    # is the whole.
    layer = nn.Linear(3, 4, bias=False)
    nn.init.constant_(layer.weight, 9.0)
    layer.weight.tensor_model_parallel, layer.weight.partition_dim = True, 1
    try:
        init.initialize(layer, "torch_default", seed=0, report=False)
        found = "no error"
    except fanwise.FanwiseError as error:
        found = "group" if "Pass group=" in str(error) else "no advice"
    yield "a part of Megatron's", found, "group" if world > 1 else "no error"
    yield "its values", bool((layer.weight == 9).all()), world > 1


def marked(world):
    """Plain tensors that are parts, as Megatron marks them, are those of a whole weight."""
    rank, group = dist.get_rank(), dist.group.WORLD
    for axis in (0, 1):
        shape = (4, 3 * world) if axis else (4 * world, 3)
        whole = torch.from_numpy(
            fanwise.sample("he_normal", shape, seed=0, path="kernel", axes="torch")
        )
        layer = nn.Linear(3, 4, bias=False)
        layer.weight.tensor_model_parallel, layer.weight.partition_dim = True, axis
        summary = init.initialize(layer, HE, seed=0, group=group)
        right = torch.equal(layer.weight, whole.chunk(world, axis)[rank])
        yield f"its part, {axis}", right, True
        (row,) = summary.rows
        yield f"shape, {axis}", row.shape, shape
        close = abs(row.observed - float(whole.double().std(correction=0))) < 1e-9
        yield f"observed by all, {axis}", close, True
        (again,) = init.summary(layer).rows
        yield f"read again, {axis}", again.observed > 0, True
    # What reads or writes whole weights says so; a layer may keep its group, as Megatron's do.
    layer.tp_group = group
    calls = {
        "param_init": lambda: init.param_init(layer, HE, seed=0),
        "write": lambda: init.write(layer, HE, seed=0, digest_only=True),
        "another group": lambda: init.initialize(layer, HE, seed=0, group=(world, world + 1)),
    }
    for what, call in calls.items():
        try:
            call()
            found = "no error"
        except fanwise.FanwiseError as error:
            found = "an error that says what to do" if error.hint else "no advice"
        yield what, found, "an error that says what to do" if world > 1 else found
    told = "a part of it" in str(fanwise.audit(layer, HE))
    yield "audit tells of a part", told, world > 1
    # Layers that keep both sizes say that they are whole: copies of data parallelism.
    layer = nn.Linear(3, 4, bias=False)
    layer.weight.tensor_model_parallel, layer.weight.partition_dim = True, 0
    layer.output_size = layer.output_size_per_partition = 4
    init.initialize(layer, HE, seed=0)
    whole = fanwise.sample("he_normal", (4, 3), seed=0, path="kernel", axes="torch")
    yield "a copy", digest(layer.weight.detach().numpy()), digest(whole)


def outside(world):
    """A rank outside of the mesh holds nothing, and has nothing to do."""
    mesh = DeviceMesh("cpu", [0])
    tensor = distribute_tensor(torch.zeros(5, 3), mesh, [Shard(0)])
    init.he_normal_(tensor)
    init.he_normal_(tensor, **HOW)
    if dist.get_rank() == 0:
        wanted = of_core("he_normal", (5, 3), torch.float32, "torch")
        yield "one rank of several", digest(tensor.to_local().numpy()), wanted


HE = {"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]}


class Block(nn.Module):
    """A small transformer's block, with an embedding that has a padding row."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(11, 8, padding_idx=9)
        self.norm = nn.LayerNorm(8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.up = nn.Linear(8, 20)
        self.down = nn.Linear(20, 8)

    def forward(self, tokens):
        x = self.norm(self.embed(tokens))
        x = x + self.attention(x, x, x, need_weights=False)[0]
        return x + self.down(torch.relu(self.up(x)))


def set_up(model, **how):
    for name, layer in model.named_children():
        if isinstance(layer, (nn.Linear, nn.Embedding, nn.LayerNorm, nn.MultiheadAttention)):
            init.set_initializer(layer, path=name, **how)
    init.trunc_normal_(model.up.bias, std=0.02, seed=5, path="up/bias")
    return model


def shard(model, how, world):
    if how == "fsdp and tp":
        mesh = init_device_mesh("cpu", (2, 2), mesh_dim_names=("dp", "tp"))
        plan = {"up": ColwiseParallel(), "down": RowwiseParallel()}
        parallelize_module(model, mesh["tp"], plan)
        fully_shard(model, mesh=mesh["dp"])
        return
    shape = (world,) if how == "fsdp" else (2, 2) if world == 4 else (1, world)
    names = ("replicate", "shard")[-len(shape) :]
    mesh = init_device_mesh("cpu", shape, mesh_dim_names=names)
    for layer in model.children():
        fully_shard(layer, mesh=mesh)
    fully_shard(model, mesh=mesh)


def models(world):
    """Meta device, fully_shard, to_empty, initialize: the weights of one process."""
    one = set_up(Block(), seed=3)
    for how in ("fsdp", "hsdp", "fsdp and tp")[: 3 if world == 4 else 2]:
        with torch.device("meta"):
            model = Block()
        shard(model, how, world)
        set_up(model, seed=9)  # on the meta device there is nothing to write, nor to agree on
        model.to_empty(device="cpu")
        set_up(model, seed=3)
        pairs = zip(model.named_parameters(), one.parameters(), strict=True)
        for (name, found), wanted in pairs:
            what = f"{how}: {name} {found.placements}"
            yield what, of_tensor(found), of_tensor(wanted)
        rows = zip(init.summary(model).rows, init.summary(one).rows, strict=True)
        for found, wanted in rows:
            same = abs(found.observed - wanted.observed) < 1e-12
            yield f"{how}: summary {found.path}", (*table(found), same), (*table(wanted), True)
        if how == "fsdp":
            tokens = torch.arange(6).reshape(2, 3)
            close = torch.allclose(model(tokens), one(tokens), atol=1e-6)
            yield "the function of the model", close, True


RECIPE = {
    "fanwise": 1,
    "rule": [
        {"role": "bias", "init": {"scheme": "normal", "std": 0.1}},
        {"match": "**", "init": {"scheme": "truncated_normal", "std": 0.5}},
    ],
}


class Larger(Block):
    """With a recurrence and running statistics."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 5)
        self.batch = nn.BatchNorm1d(5)


def recipes(world):
    """A whole model from a recipe, with weights that a rank holds a part of, or two."""
    one = Larger()
    wanted = init.initialize(one, RECIPE, seed=3)
    for how in ("fsdp", "hsdp"):
        with torch.device("meta"):
            model = Larger()
        shard(model, how, world)
        init.initialize(model, RECIPE, seed=9)
        model.to_empty(device="cpu")
        found = init.initialize(model, RECIPE, seed=3)
        pairs = zip(model.named_parameters(), one.parameters(), strict=True)
        for (name, parameter), own in pairs:
            yield f"{how}: {name} {parameter.placements}", of_tensor(parameter), of_tensor(own)
        for row, own in zip(found.rows, wanted.rows, strict=True):
            same = abs(row.observed - own.observed) < 1e-6
            yield f"{how}: report {row.path}", (*table(row), same), (*table(own), True)
        yield from without_a_seed(model, how)


def without_a_seed(model, how):
    """The seed of the first rank governs all weights of a model."""
    torch.manual_seed(100 + dist.get_rank())
    init.initialize(model, RECIPE)
    torch.manual_seed(100)
    alone = Larger()
    torch.manual_seed(100)
    init.initialize(alone, RECIPE)
    pairs = zip(model.named_parameters(), alone.parameters(), strict=True)
    for (name, parameter), own in pairs:
        yield f"{how}: no seed {name}", of_tensor(parameter), of_tensor(own)


def table(row):
    return (row.path, list(row.shape), row.scheme, row.fan_in, row.fan_out, row.expected)


def memory(world):
    """A rank needs its shard and a bounded buffer, not the whole tensor."""
    mesh = next(meshes(world))
    rows = 2**20  # 64 MiB in all
    tensor = distribute_tensor(torch.zeros(rows, 16), mesh, [Shard(0)])
    peaks = {}
    for what, mutant in (("shard", False), ("whole", True)):
        draw = whole_then_slice if mutant else portable.write_blocks
        tracemalloc.start()
        with patch.object(portable, "write_blocks", draw):
            init.he_normal_(tensor, **HOW)
        peaks[what] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    yield f"a bounded buffer {peaks}", peaks["shard"] < 2**25, True
    yield f"mutant: the whole is drawn {peaks}", peaks["whole"] >= 2**26, True


def whole_then_slice(blocks, *, seed):
    for block in blocks:
        whole = draw(block.resolved, seed=seed, path=block.path)
        block.tensor.copy_(torch.from_numpy(whole if block.index is None else whole[block.index]))


def mutants(world):
    """Each of these is wrong, and is seen to be."""
    mesh = next(meshes(world))
    weight = ("he_normal", (8, 8), torch.float32, "torch")
    wanted = of_core(*weight)
    parts = sharded.parts

    def without_offset(tensor):
        for part, _ in parts(tensor):
            yield part, tuple(slice(0, size) for size in part.shape)

    with patch.object(sharded, "parts", without_offset):
        found = of_tensor(filled(weight, mesh, [Shard(0)]))
    yield "mutant: offset ignored", found != wanted, world > 1
    tensor = distribute_tensor(torch.zeros(8, 8), mesh, [Shard(1)])
    local = tensor.to_local()
    of_shard = resolve(S("he_normal"), tuple(local.shape), "torch")
    block = portable.MemoryBlock(local, of_shard, None, HOW["path"])
    portable.write_blocks([block], seed=HOW["seed"])
    yield "mutant: the shard's own fans", of_tensor(tensor) != wanted, world > 1
    torch.manual_seed(dist.get_rank())
    tensor = distribute_tensor(torch.zeros(8, 8), mesh, [Shard(0)])
    with patch.object(shared_seeds, "agree_on_seed", lambda seed, _: seed):
        init.he_normal_(tensor)
    torch.manual_seed(0)
    one = init.he_normal_(torch.empty(8, 8))
    yield "mutant: seeds not agreed", of_tensor(tensor) != of_tensor(one), world > 1


class Tied(nn.Module):
    """A table that is the head too."""

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(11, 8)
        self.head = nn.Linear(8, 11, bias=False)
        self.head.weight = self.table.weight


def ties(world):
    """A tie that fully_shard cuts is told, and one that it keeps is one weight."""
    mesh = init_device_mesh("cpu", (world,))
    one = Tied()
    rules = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.1}}]}
    init.initialize(one, rules, seed=3)
    cut = Tied()
    for layer in (cut.table, cut.head, cut):
        fully_shard(layer, mesh=mesh)
    before = cut.table.weight.to_local().clone()
    try:
        init.initialize(cut, rules, seed=3)
        told = ""
    except fanwise.FanwiseError as error:
        told = str(error)
    yield (
        "told",
        "head.weight and table.weight" in told or "table.weight and head.weight" in told,
        True,
    )
    yield "untouched", torch.equal(cut.table.weight.to_local(), before), True
    kept = Tied()
    fully_shard([kept.table, kept.head], mesh=mesh)
    fully_shard(kept, mesh=mesh)
    init.initialize(kept, rules, seed=3)
    yield "kept", kept.head.weight is kept.table.weight, True
    yield "one weight", of_tensor(kept.head.weight), of_tensor(one.head.weight)


def gathered(world):
    """Whole weights that fully_shard throws away after use are not written into."""
    model, one = Larger(), Larger()
    init.initialize(one, RECIPE, seed=3)
    fully_shard(model, mesh=init_device_mesh("cpu", (world,)))
    model.unshard()
    calls = {
        "initialize": lambda: init.initialize(model, RECIPE, seed=3),
        "set_initializer": lambda: init.set_initializer(model, "he_normal", seed=3, path="a"),
    }
    for what, call in calls.items():
        try:
            call()
            told = ""
        except fanwise.FanwiseError as error:
            told = error.hint
        yield what, told.partition(":")[0], "Call reshard() on the model first"
    model.reshard()
    init.initialize(model, RECIPE, seed=3)
    for (name, found), own in zip(model.named_parameters(), one.parameters(), strict=True):
        yield name, of_tensor(found), of_tensor(own)


def offloaded(world):
    """What lies on the host while it is not used is drawn there."""
    one = Larger()
    init.initialize(one, RECIPE, seed=3)
    with torch.device("meta"):
        model = Larger()
    mesh = init_device_mesh("cpu", (world,))
    fully_shard(model, mesh=mesh, offload_policy=CPUOffloadPolicy(pin_memory=False))
    model.to_empty(device="cpu")
    init.initialize(model, RECIPE, seed=3)
    for (name, found), own in zip(model.named_parameters(), one.parameters(), strict=True):
        yield name, of_tensor(found), of_tensor(own)


def copies(world):
    """Without a seed, the copies of DistributedDataParallel have the first rank's."""
    torch.manual_seed(0)
    model = nn.parallel.DistributedDataParallel(Larger())
    torch.manual_seed(100 + dist.get_rank())
    init.initialize(model, RECIPE)
    torch.manual_seed(100)
    alone = Larger()
    torch.manual_seed(100)
    init.initialize(alone, RECIPE)
    for (name, found), own in zip(model.named_parameters(), alone.parameters(), strict=True):
        yield name, of_tensor(found), of_tensor(own)
    try:
        init.initialize(model, RECIPE, engine="native")
        told = False
    except fanwise.FanwiseError:
        told = True
    yield "native without a seed is told", told, True


class Chain(nn.Module):
    """Blocks one after the other, each of which may be on another rank."""

    def __init__(self, blocks):
        super().__init__()
        self.blocks = nn.ModuleList(nn.Linear(8, 8) for _ in range(blocks))

    def forward(self, x):
        for block in self.blocks:
            x = torch.tanh(block(x))
        return x


def stages(world):
    """A schedule of torch.distributed.pipelining computes what the whole model does."""
    rules = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.5}}]}
    one, rank = Chain(2 * world), dist.get_rank()
    init.initialize(one, rules, seed=3)
    with torch.device("meta"):
        whole, part = Chain(2 * world), Chain(2)
    mesh = init_device_mesh("cpu", (world, 1), mesh_dim_names=("pp", "dp"))
    fully_shard(part, mesh=mesh["dp"])
    part.to_empty(device="cpu")
    at = {f"blocks.{n}": f"blocks.{2 * rank + n}" for n in range(2)}
    init.initialize(part, rules, seed=3, part_of=whole, at=at)
    for n, block in enumerate(part.blocks):
        wanted = of_tensor(one.blocks[2 * rank + n].weight)
        yield f"block {n} of two", of_tensor(block.weight), wanted
    stage = PipelineStage(part, rank, world, torch.device("cpu"))
    schedule = ScheduleGPipe(stage, n_microbatches=world)
    x = torch.arange(8.0 * 4 * world).reshape(4 * world, 8).cos()
    out = schedule.step(x) if rank == 0 else schedule.step()
    close = rank < world - 1 or torch.allclose(out, one(x), atol=1e-6)
    yield "the function of the whole", bool(close), True


CHECKS = (
    *(weights, views, seeds, other_seeds, refusals, marked, outside, models, recipes),
    *(memory, mutants, ties, gathered, offloaded, copies, stages),
)


def work(rank, worlds, folder):
    warnings.filterwarnings("ignore", message="FSDP2-wrapped module", category=UserWarning)
    torch.set_num_threads(1)
    rows = []
    for world in range(rank + 1, worlds + 1):
        store = f"file://{folder}/store{world}"
        dist.init_process_group("gloo", init_method=store, rank=rank, world_size=world)
        rows += [(world, check.__name__, *row) for check in CHECKS for row in check(world)]
        dist.destroy_process_group()
    Path(folder, f"{rank}.json").write_text(json.dumps(rows))


if __name__ == "__main__":
    # Forked from a server, a rank ends without taking Python apart, which gloo's threads do
    # not always survive: https://github.com/pytorch/pytorch/issues/190489
    torch.multiprocessing.start_processes(
        work, (4, sys.argv[1]), nprocs=4, start_method="forkserver"
    )
