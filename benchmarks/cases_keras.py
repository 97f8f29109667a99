"""Keras on the backend that KERAS_BACKEND names."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from typing import Any

import keras

import fanwise.keras as ours

from fills import fill_new, products
from timing import Case, cores

KINDS = {
    "HeUniform": "uniform",
    "RandomNormal": "normal",
    "HeNormal": "cut",
    "Orthogonal": "orthogonal",
    "Zeros": "constant",
}
#: What takes a seed.
DRAWN = {name for name in KINDS if name != "Zeros"}


def cases() -> Iterator[Case]:
    """All comparisons with Keras."""
    os.environ["FANWISE_FAST"] = "1"
    for name in ("HeUniform", "RandomNormal", "HeNormal"):
        yield _case(name, (64, 64))
        yield _case(name, (4096, 4096))
    yield _case("HeNormal", (4096, 4096), "bfloat16")
    yield _case("Zeros", (64,))
    yield _case("Orthogonal", (2048, 2048))


def _case(name: str, shape: tuple[int, ...], dtype: str = "float32") -> Case:
    seed = {"seed": 0} if name in DRAWN else {}
    rooms = (keras.initializers, ours)
    theirs, own = (_ready(getattr(room, name)(**seed), shape, dtype) for room in rooms)
    group, size = f"keras on {keras.config.backend()}", " × ".join(map(str, shape))
    what = (group, name, KINDS[name], size, math.prod(shape), dtype, "compiled", cores())
    bound = products(shape[0], 1, cores()) if name == "Orthogonal" else None
    return Case(*what, own, theirs, fill_new(shape, dtype, cores()), bound)


def _ready(init: Callable[..., Any], shape: tuple[int, ...], dtype: str) -> Callable[[], Any]:
    def run() -> None:
        made = init(shape, dtype=dtype)
        if hasattr(made, "block_until_ready"):
            made.block_until_ready()

    return run
