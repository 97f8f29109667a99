"""Builds of models of no framework: weights that are drawn by schemes, or by any function."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.core import sampler
from fanwise.spec.registry import as_scheme
from fanwise.spec.weights import Weight


@dataclass(frozen=True)
class Drawn:
    """A weight of such a model.

    Attributes:
        path: of the weight.
        start: a scheme, or what takes a NumPy generator and the weight, and returns its values.
        shape, axes, role, kind: of the weight.
        more: other attributes of it.
    """

    path: str
    start: object
    shape: tuple[int, ...] = (64, 96)
    axes: str = "in out"
    role: str = "kernel"
    kind: str = "dense"
    more: dict = field(default_factory=dict)


def build(weights, seed: int) -> tuple[StoredWeight, ...]:
    """Draw a model under a seed."""
    return tuple(_stored(drawn, seed) for drawn in weights)


def builds_of(weights, count: int = 4) -> list[tuple[StoredWeight, ...]]:
    """Draw a model under several seeds."""
    return [build(weights, seed) for seed in range(count)]


def _stored(drawn: Drawn, seed: int) -> StoredWeight:
    weight = Weight(drawn.path, drawn.shape, drawn.axes, drawn.role, drawn.kind, **drawn.more)
    if isinstance(drawn.start, Callable):
        random = np.random.default_rng([seed, *drawn.path.encode()])
        values = np.asarray(drawn.start(random, weight), np.float32).reshape(drawn.shape)
    else:
        scheme = as_scheme(drawn.start)
        if scheme.entry.uses_fan and scheme["fan"] is None and weight.beside is not None:
            scheme = scheme.replace(fan=getattr(weight.beside, scheme.fan_mode))
        values = sampler.sample(
            scheme, drawn.shape, seed=seed, path=ascii(drawn.path), axes=drawn.axes
        )
    tensor = StoredTensor.of(drawn.path, values)
    description = LayerWeight("weight", drawn.path, kind="parameter", axes=drawn.axes)
    return StoredWeight(weight, description, {"weight": tensor})


def dense(path: str, start: object, inputs: int = 64, outputs: int = 96, **more) -> Drawn:
    """Return the kernel of a dense layer."""
    return Drawn(f"{path}/kernel", start, (inputs, outputs), more=more)
