"""Keras on the backend that KERAS_BACKEND names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import keras

import fanwise.keras as ours

from timing import Case, cores

NAMES = ("HeNormal", "HeUniform", "GlorotUniform", "RandomNormal")


def cases() -> Iterator[Case]:
    """All comparisons with Keras."""
    group = f"keras on {keras.config.backend()}"
    os.environ["FANWISE_FAST"] = "1"
    for name in NAMES:
        for side in (256, 1024, 4096):
            yield _case(group, name, side, "float32")
    yield _case(group, "HeNormal", 4096, "bfloat16")
    yield _case(group, "Orthogonal", 2048, "float32")


def _case(group: str, name: str, side: int, dtype: str) -> Case:
    calls = [
        _ready(getattr(room, name)(seed=0), side, dtype) for room in (keras.initializers, ours)
    ]
    size = f"{side} × {side}"
    return Case(group, name, size, side * side, dtype, "compiled", cores(), *calls)


def _ready(init: Callable[..., Any], side: int, dtype: str) -> Callable[[], Any]:
    def run() -> None:
        made = init((side, side), dtype=dtype)
        if hasattr(made, "block_until_ready"):
            made.block_until_ready()

    return run
