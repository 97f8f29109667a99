"""Arrays that hold blocks of weights, in code that is compiled: each is drawn as it lies."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fanwise.adapters.jax.drawing.pieces import PackedBlock, boxed, draw_pieces
from fanwise.adapters.jax.drawing.structured import askers
from fanwise.adapters.jax.layers.shardings import constrain
from fanwise.adapters.jax.layers.targets import Plans, Targets


def draw_packed(plans: Plans, targets: Targets, seed: int) -> dict[int, Any]:
    """Return arrays by their keys, with all blocks that weights have in them.

    Args:
        plans: the weights that do not lie in an array as they are.
        targets: all arrays of the model.
        seed: of the whole model.
    """
    pieces: dict[int, list[PackedBlock]] = {}
    requests: Counter[Any] = Counter()
    for stored, planned in plans:
        resolved, path = planned.resolved, planned.weight.path
        for key, block in stored.blocks:
            target = targets[key]
            box, of = boxed(target.shape, block.at), boxed(resolved.shape, block.part)
            pieces.setdefault(key, []).append(PackedBlock(resolved, path, box, of))
            count = askers(target.shape, target.dtype, target.sharding)
            requests[resolved, path, target.dtype] += count
    values = {}
    for key, held in pieces.items():
        target = targets[key]
        drawn = draw_pieces(
            held,
            shape=target.shape,
            dtype=target.dtype,
            seed=seed,
            old=target.value,
            place=target.sharding,
            requests=requests,
        )
        values[key] = constrain(drawn, target.sharding, target.value)
    return values
