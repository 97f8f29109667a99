"""Seeds of ranks that draw parts or copies of the same weights, which must be one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import torch
from torch import Tensor

from fanwise.adapters.torch.drawing.sharded import is_sharded
from fanwise.spec.errors import FanwiseError, Phrase


def agree_on_seed(seed: int, tensors: list[Any]) -> int:
    """Return the seed of the first rank of the tensors' mesh, for all its ranks.

    Raises:
        FanwiseError: where the tensors lie on several meshes.
    """
    meshes = {tensor.device_mesh for tensor in tensors}
    if len(meshes) != 1:
        hint = "Pass seed=, or set them one by one."
        received = Phrase(f"{len(meshes)} meshes")
        raise FanwiseError("weights on one mesh, whose ranks agree on a seed", received, hint)
    (mesh,) = meshes
    if mesh.get_coordinate() is None:
        return seed
    for axis in range(mesh.ndim):
        seed = agree_in_group(seed, mesh.get_group(axis), mesh.device_type)
    return seed


def agree_in_group(seed: int, group: Any, device: Any) -> int:
    """Return the seed of the first rank of a group; without a group, the seed.

    Args:
        seed: of this rank.
        group: of processes, all of which must ask; None for this one alone.
        device: on which the group speaks.
    """
    if group is None:
        return seed
    # As two halves: an int64 does not hold all seeds.
    words = torch.tensor([seed & 0xFFFFFFFF, seed >> 32], device=device)
    first = torch.distributed.get_global_rank(group, 0)
    torch.distributed.broadcast(words, src=first, group=group)
    low, high = words.tolist()
    return int(low | high << 32)


def check_one_seed(seed: int, groups: Iterable[tuple[Any, Any]]) -> None:
    """Raise on every rank where some rank was given another seed; each must ask.

    Args:
        seed: of this rank.
        groups: of processes that have parts or copies of one weight, each with the device on which
            it speaks; in the same order on all ranks.

    Raises:
        FanwiseError: for seeds that differ.
    """
    # The largest words, and the smallest: all ranks see that one differs, and none waits for it.
    words = [seed & 0xFFFFFFFF, seed >> 32]
    told = [*words, *(-word for word in words)]
    for group, device in groups:
        largest = torch.tensor(told, device=device)
        torch.distributed.all_reduce(largest, torch.distributed.ReduceOp.MAX, group=group)
        told = largest.tolist()
    if told[:2] != [-word for word in told[2:]]:
        hint = (
            "Each rank draws its own part of the weights by itself: do not add the rank to seed=."
        )
        received = Phrase(f"seed={seed} on this one, and another elsewhere")
        raise FanwiseError("the same seed on all ranks", received, hint)


def groups_of_meshes(tensors: Iterable[Tensor]) -> Iterator[tuple[Any, Any]]:
    """Give the groups of processes that hold sharded tensors, each with its device.

    Args:
        tensors: sharded ones and others, in the same order on all ranks.
    """
    every: Iterable[Any] = filter(is_sharded, tensors)
    for mesh in dict.fromkeys(tensor.device_mesh for tensor in every):
        if mesh.get_coordinate() is not None:
            for axis in range(mesh.ndim):
                yield mesh.get_group(axis), mesh.device_type
