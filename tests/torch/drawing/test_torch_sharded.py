"""Which part of a sharded tensor a rank holds, without any ranks: against torch's own cuts."""

import itertools
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.distributed.tensor import Replicate, Shard
from torch.distributed.tensor.placement_types import _StridedShard

from fanwise.adapters.torch.drawing import sharded


def fake(shape, mesh, placements, coordinate):
    """What the arithmetic asks of a DTensor."""
    device_mesh = SimpleNamespace(get_coordinate=lambda: coordinate, size=lambda axis: mesh[axis])
    return SimpleNamespace(shape=shape, placements=placements, device_mesh=device_mesh)


def by_torch(shape, mesh, placements, coordinate):
    """The positions along each axis, cut by the placements themselves."""
    held = [torch.arange(size) for size in shape]
    for number, placement in enumerate(placements):
        if isinstance(placement, Replicate):
            continue
        axis = placement.dim
        alone = type(placement)(0, **split(placement))
        cut, _ = alone._split_tensor(held[axis], mesh[number], with_padding=False)
        held[axis] = cut[coordinate[number]]
    return [positions.tolist() for positions in held]


def split(placement):
    factor = getattr(placement, "split_factor", None)
    return {} if factor is None else {"split_factor": factor}


def positions(held):
    return [[p for start, length in spans for p in range(start, start + length)] for spans in held]


PLACEMENTS = st.one_of(
    st.just(Replicate()),
    st.builds(Shard, st.integers(0, 1)),
    st.builds(
        lambda dim, factor: _StridedShard(dim, split_factor=factor), *[st.integers(1, 3)] * 2
    ).map(lambda placed: _StridedShard(placed.dim % 2, split_factor=placed.split_factor)),
)


@settings(max_examples=200, deadline=None)
@given(
    st.tuples(st.integers(0, 23), st.integers(1, 9)),
    st.lists(st.tuples(st.integers(1, 4), PLACEMENTS), min_size=1, max_size=3),
)
def test_every_rank_holds_what_torch_gives_it(shape, axes):
    mesh, placements = zip(*axes, strict=True)
    for coordinate in itertools.product(*map(range, mesh)):
        found = sharded._held(fake(shape, mesh, placements, coordinate))
        assert positions(found) == by_torch(shape, mesh, placements, coordinate)


def test_a_split_factor_ignored_would_be_seen():
    right_to_left = (_StridedShard(0, split_factor=2), Shard(0))
    left_to_right = (Shard(0), Shard(0))
    wanted = by_torch((8, 2), (2, 2), right_to_left, (0, 1))
    assert positions(sharded._held(fake((8, 2), (2, 2), right_to_left, (0, 1)))) == wanted
    assert positions(sharded._held(fake((8, 2), (2, 2), left_to_right, (0, 1)))) != wanted


def test_neighbours_are_one_span():
    """One block to draw, where right to left cuts what left to right would leave whole."""
    placements = (_StridedShard(0, split_factor=2), Shard(0))
    assert sharded._held(fake((8, 2), (2, 2), placements, (1, 0))) == [[(2, 2)], [(0, 2)]]
    assert sharded._held(fake((8, 2), (1, 1), placements, (0, 0))) == [[(0, 8)], [(0, 2)]]


GROWTH = """
import re, torch
from pathlib import Path
import fanwise.torch as init
from fanwise.adapters.torch.drawing import portable
from fanwise.adapters.torch.drawing import device as traced

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024

portable.suits_host = lambda tensor: False
tensor = torch.zeros(1 << 12, 1 << 11)
init.trunc_normal_(tensor[:1], mean=0.5, seed=0)
traced.PIECE = 1 << 20
before = peak()
init.trunc_normal_(tensor, mean=0.5, seed=0)
print((peak() - before) / traced.PIECE)
"""


# Linux tells the peak of a process without that of its parent.
if Path("/proc/self/status").exists():

    def test_working_memory_is_that_of_a_piece():
        """At most the 256 bytes for an element that the comment on PIECE states."""
        command = [sys.executable, "-c", GROWTH]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert 20 < float(done.stdout) < 256
