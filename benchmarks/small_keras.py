"""Small weights in Keras, on the backend that it is set to: one at a time, five hundred, layers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import keras
from small_cases import SmallCase

import fanwise.keras as ours

CONSTANTS: dict[str, tuple[float, ...]] = {"Zeros": (), "Ones": (), "Constant": (0.5,)}
DRAWN = ("RandomUniform", "GlorotUniform", "HeUniform", "RandomNormal", "GlorotNormal", "HeNormal")
COUNT = 500
SHAPE = (64, 64)


def cases() -> Iterator[SmallCase]:
    """All comparisons with Keras."""
    for name, given in CONSTANTS.items():
        yield _case(f"{name} of 64", name, (64,), *given)
    for name in DRAWN:
        yield _case(f"{name} of 64 × 64", name, SHAPE)
    yield _case("HeNormal of 64 × 64, seed=", "HeNormal", SHAPE, seed=0)
    # Each initializer asks a generator of its own.
    own, theirs = (
        module.HeNormal(seed=keras.random.SeedGenerator(0)) for module in (ours, keras.initializers)
    )
    name = "HeNormal of 64 × 64, SeedGenerator"
    yield SmallCase(name, partial(own, SHAPE, "float32"), partial(theirs, SHAPE, "float32"))
    for name in ("HeNormal", "GlorotUniform"):
        build = partial(_layer, name)
        layers = partial(build, ours), partial(build, keras.initializers)
        yield SmallCase(f"Dense of 64 × 64, {name}", layers[0], layers[1])
        many = _many(ours, name), _many(keras.initializers, name)
        yield SmallCase(f"{name}, {COUNT} of 64 × 64", many[0], many[1], COUNT)


def _case(
    description: str, name: str, shape: tuple[int, ...], *given: Any, **how: Any
) -> SmallCase:
    own, theirs = (getattr(module, name)(*given, **how) for module in (ours, keras.initializers))
    return SmallCase(description, partial(own, shape, "float32"), partial(theirs, shape, "float32"))


def _layer(name: str, module: Any) -> None:
    """Build a layer whose weights a module's initializers draw."""
    start, zeros = getattr(module, name)(), module.Zeros()
    layer = keras.layers.Dense(64, kernel_initializer=start, bias_initializer=zeros)
    layer.build((None, 64))


def _many(module: Any, name: str) -> Callable[[], None]:
    """Draw many weights, each by an initializer of its own, as Keras asks for it."""

    def run() -> None:
        for _ in range(COUNT):
            getattr(module, name)()(SHAPE, "float32")

    return run
