"""Right draws in the wrong place or form: what a port, a converter or a launcher makes of them."""

from __future__ import annotations

import numpy as np

import fanwise
from audits.checkpoints import Tensors
from audits.faults.planted_fault import SEED, PlantedFault

Generator = np.random.Generator
_UP = "model.layers.{}.mlp.up_proj.weight"


def _sample(shape: tuple[int, ...], path: str, **options: object) -> np.ndarray:
    return fanwise.sample(
        fanwise.scheme("normal", std=0.02), shape, seed=SEED, path=path, **options
    )


def count_layers_from_one(tensors: Tensors, rng: Generator) -> None:
    del rng
    for i in range(4):
        outputs, inputs = tensors[_UP.format(i)].shape
        drawn = _sample((inputs, outputs), f"blocks/{i + 1}/mlp/up/kernel")
        tensors[_UP.format(i)] = np.ascontiguousarray(drawn.T)


def exchange_gates(tensors: Tensors, rng: Generator) -> None:
    """Load an LSTM whose last two gates are in the other order."""
    del rng
    for name in ("9.weight_ih_l0", "9.weight_hh_l0"):
        gates = tensors[name].reshape(4, -1, tensors[name].shape[1])
        tensors[name] = gates[[0, 1, 3, 2]].reshape(tensors[name].shape)


def shards_from_zero(tensors: Tensors, rng: Generator) -> None:
    """Let each of four processes draw its rows as if they were the first."""
    del rng
    outputs, inputs = tensors[_UP.format(2)].shape
    first = _sample((outputs // 4, inputs), "blocks/2/mlp/up/kernel", axes="torch")
    tensors[_UP.format(2)] = np.concatenate([first] * 4)


def lose_a_shard(tensors: Tensors, rng: Generator) -> None:
    del rng
    tensors[_UP.format(1)][200:] = 0


def other_endianness(tensors: Tensors, rng: Generator) -> None:
    del rng
    tensors[_UP.format(1)] = tensors[_UP.format(1)].byteswap()


def a_step_of_training(tensors: Tensors, rng: Generator) -> None:
    values = tensors[_UP.format(1)]
    values += rng.normal(0, 1e-4, values.shape).astype(values.dtype)


def scale_after_loading(tensors: Tensors, rng: Generator) -> None:
    del rng
    tensors[_UP.format(3)] *= np.float32(1 / 8**0.5)


def transpose_a_square(tensors: Tensors, rng: Generator) -> None:
    """Load a square matrix of Flax as torch stores it."""
    del rng
    name = "attention.query.kernel"
    shape = tensors[name].shape
    tensors[name] = tensors[name].reshape(128, 128).T.reshape(shape)


FAULTS = (
    PlantedFault(
        "layers that count from one",
        "llama",
        count_layers_from_one,
        ("blocks/*/mlp/up/kernel",),
        ("layers shifted by one",),
        seed=True,
        via="file",
    ),
    PlantedFault(
        "gates in another order",
        "torch convolutions",
        exchange_gates,
        ("9/kernel", "9/recurrent_kernel"),
        ("gates swapped",),
        seed=True,
    ),
    PlantedFault(
        "shards that each begin with the first element",
        "llama",
        shards_from_zero,
        ("blocks/2/mlp/up/kernel",),
        ("offset of a shard ignored",),
        seed=True,
        via="file alone",
    ),
    PlantedFault(
        "a shard that is missing",
        "llama",
        lose_a_shard,
        ("blocks/1/mlp/up/kernel",),
        ("a part of zeros",),
        seed=True,
    ),
    PlantedFault(
        "bytes in the other order",
        "llama",
        other_endianness,
        ("blocks/1/mlp/up/kernel",),
        ("endianness",),
        seed=True,
        via="state",
    ),
    PlantedFault(
        "a step of training",
        "llama",
        a_step_of_training,
        ("blocks/1/mlp/up/kernel",),
        ("changed since the start",),
        seed=True,
    ),
    PlantedFault(
        "scaled after loading",
        "llama",
        scale_after_loading,
        ("blocks/3/mlp/up/kernel",),
        ("another scale",),
        seed=True,
        via="file",
    ),
    PlantedFault(
        "a square matrix transposed",
        "nnx perceptron",
        transpose_a_square,
        ("attention/query/kernel",),
        ("axes",),
        seed=True,
    ),
)
