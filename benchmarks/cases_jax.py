"""JAX: eagerly, and inside of ``jax.jit``."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from typing import Any

import jax

import fanwise.jax as ours

from fills import fill_new, products
from timing import Case, cores

KINDS = {"he_uniform": "uniform", "normal": "normal", "he_normal": "cut", "zeros": "constant"}


def cases() -> Iterator[Case]:
    """All comparisons with JAX."""
    os.environ["FANWISE_FAST"] = "1"
    for name in ("he_uniform", "normal", "he_normal"):
        for side in (64, 4096):
            yield _case(name, (side, side))
        yield _case(name, (4096, 4096), compiled=True)
    yield _case("zeros", (64,))
    yield _case("orthogonal", (2048, 2048))


def _case(name: str, shape: tuple[int, ...], *, compiled: bool = False) -> Case:
    rooms = {"zeros": (jax.nn.initializers.zeros, ours.zeros)}
    pair = rooms.get(name) or [getattr(room, name)() for room in (jax.nn.initializers, ours)]
    theirs, own = (_ready(init, shape, compiled) for init in pair)
    elements, engine = math.prod(shape), "in jit" if compiled else "compiled"
    kind, size = KINDS.get(name, name), " × ".join(map(str, shape))
    what = ("jax", name, kind, size, elements, "float32", engine, cores())
    bound = products(shape[0], 1, cores()) if kind == "orthogonal" else None
    return Case(*what, own, theirs, fill_new(shape, "float32", cores()), bound)


def _ready(init: Callable[..., Any], shape: tuple[int, ...], compiled: bool) -> Callable[[], Any]:  # noqa: FBT001
    key = jax.random.key(0)

    def draw(key: Any) -> Any:
        return init(key, shape)

    call = jax.jit(draw) if compiled else draw
    return lambda: call(key).block_until_ready()
