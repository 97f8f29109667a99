"""JAX: eagerly, and inside of ``jax.jit``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import jax

import fanwise.jax as ours

from timing import Case, cores

NAMES = ("he_normal", "he_uniform", "truncated_normal", "normal")


def cases() -> Iterator[Case]:
    """All comparisons with JAX."""
    os.environ["FANWISE_FAST"] = "1"
    for name in NAMES:
        for side in (256, 1024, 4096):
            for compiled in (False, True):
                yield _case(name, side, compiled=compiled)
    yield _case("orthogonal", 2048, compiled=False)


def _case(name: str, side: int, *, compiled: bool) -> Case:
    calls = [_ready(getattr(room, name)(), side, compiled) for room in (jax.nn.initializers, ours)]
    engine, size = "in jit" if compiled else "compiled", f"{side} × {side}"
    return Case("jax", name, size, side * side, "float32", engine, cores(), *calls)


def _ready(init: Callable[..., Any], side: int, compiled: bool) -> Callable[[], Any]:  # noqa: FBT001
    key = jax.random.key(0)

    def draw(key: Any) -> Any:
        return init(key, (side, side))

    call = jax.jit(draw) if compiled else draw
    return lambda: call(key).block_until_ready()
