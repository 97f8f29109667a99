"""Small weights in JAX: one at a time, the five hundred of a model, and what tracing one costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import jax
import jax.nn.initializers as own
import jax.numpy as jnp
from small_cases import SmallCase

import fanwise
import fanwise.jax as ours

DRAWN = ("uniform", "glorot_uniform", "he_uniform", "normal", "glorot_normal", "he_normal")
#: What says where the numbers come from; JAX's own functions have none of it.
SOURCES: dict[str, dict[str, Any]] = {"": {}, ", path=": {"path": "encoder/0/dense/kernel"}}
COUNT = 500
SHAPE = (64, 64)


def cases() -> Iterator[SmallCase]:
    """All comparisons with JAX; each waits for its weight."""
    key = jax.random.key(0)
    constant = ours.initializer(fanwise.scheme("constant", value=0.5))
    yield _case("constant of 64", constant, own.constant(0.5), key, (64,))
    yield _case("zeros of 64", ours.initializer("zeros"), own.zeros, key, (64,))
    for how, source in SOURCES.items():
        for name in DRAWN:
            init, theirs = getattr(ours, name)(**source), getattr(own, name)()
            yield _case(f"{name} of 64 × 64{how}", init, theirs, key, SHAPE)
    for name in ("he_normal", "he_uniform"):
        pair = getattr(ours, name)(), getattr(own, name)()
        yield SmallCase(f"{name}, {COUNT} of 64 × 64", _many(pair[0]), _many(pair[1]), COUNT)
        traced = partial(_trace, pair[0]), partial(_trace, pair[1])
        yield SmallCase(f"{name} of 64 × 64, traced", traced[0], traced[1])


def _case(name: str, init: Any, theirs: Any, key: Any, shape: tuple[int, ...]) -> SmallCase:
    return SmallCase(name, _drawn(init, key, shape), _drawn(theirs, key, shape))


def _drawn(init: Any, key: Any, shape: tuple[int, ...]) -> Callable[[], Any]:
    return lambda: init(key, shape, jnp.float32).block_until_ready()


def _many(init: Any) -> Callable[[], None]:
    """Draw a weight for each of many keys."""
    keys = list(jax.random.split(jax.random.key(0), COUNT))

    def run() -> None:
        jax.block_until_ready([init(key, SHAPE, jnp.float32) for key in keys])

    return run


def _trace(init: Any) -> None:
    """Trace a weight anew, as a function that is compiled does once."""
    jax.make_jaxpr(lambda key: init(key, SHAPE, jnp.float32))(jax.random.key(0))
