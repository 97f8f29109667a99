"""Draws of too few bits, and values rounded in another way than they should be."""

from __future__ import annotations

import ml_dtypes
import numpy as np

from audits.checkpoints import Tensors
from audits.faults.planted_fault import PlantedFault

Generator = np.random.Generator
_UP = "model.layers.1.mlp.up_proj.weight"


def _coarse_uniform(rng: Generator, shape: tuple[int, ...], bits: int) -> np.ndarray:
    """Draw uniforms in [0, 1) as a short mantissa has them."""
    return rng.integers(0, 1 << bits, shape) / (1 << bits)


def uniform_of_7_bits(tensors: Tensors, rng: Generator) -> None:
    values = tensors["3.weight"]
    bound = 1 / np.sqrt(np.prod(values.shape[1:]))
    drawn = (2 * _coarse_uniform(rng, values.shape, 7) - 1) * bound
    tensors["3.weight"] = drawn.astype("float32")


def uniform_of_8_bits(tensors: Tensors, rng: Generator) -> None:
    values = tensors["small/head/kernel"]
    bound = np.sqrt(6 / sum(values.shape))
    drawn = (2 * _coarse_uniform(rng, values.shape, 8) - 1) * bound
    tensors["small/head/kernel"] = drawn.astype("float32")


def normal_of_7_bits(tensors: Tensors, rng: Generator) -> None:
    """Draw as JAX does in bfloat16: the inverse error function of 128 numbers."""
    import jax

    values = tensors[_UP]
    key = jax.random.key(int(rng.integers(1 << 30)))
    drawn = jax.random.normal(key, values.shape, "bfloat16") * 0.02
    tensors[_UP] = np.asarray(drawn).astype("float32")


def scaled_normal_of_7_bits(tensors: Tensors, rng: Generator) -> None:
    """Draw in bfloat16, and scale in float32: no element is one of bfloat16."""
    normal_of_7_bits(tensors, rng)
    tensors[_UP] *= np.float32(1.1)


def draw_of_bfloat16(tensors: Tensors, rng: Generator) -> None:
    """Keep in float32 what was rounded to bfloat16 on its way."""
    for name, values in tensors.items():
        if values.ndim == 2:
            tensors[name] = values.astype(ml_dtypes.bfloat16).astype("float32")


def draw_of_float16(tensors: Tensors, rng: Generator) -> None:
    tensors[_UP] = tensors[_UP].astype("float16").astype("float32")


def truncate_to_bfloat16(tensors: Tensors, rng: Generator) -> None:
    """Store in bfloat16 the upper half of each float32, unrounded."""
    for name, values in tensors.items():
        upper = (values.view("uint32") >> 16).astype("uint16")
        tensors[name] = upper.view(ml_dtypes.bfloat16)


def steps_of_int8(tensors: Tensors, rng: Generator) -> None:
    """Put a matrix onto the grid of 255 steps that a quantized one lies on."""
    values = tensors[_UP]
    step = np.abs(values).max() / 127
    tensors[_UP] = (np.round(values / step) * step).astype("float32")


def clamp(tensors: Tensors, rng: Generator) -> None:
    """Clamp a normal at two deviations: 4.6 % of it lies on the bounds."""
    np.clip(tensors[_UP], -0.04, 0.04, out=tensors[_UP])


def cut(tensors: Tensors, rng: Generator) -> None:
    """Draw again what lies beyond two and a half deviations."""
    values = tensors[_UP]
    while (far := np.abs(values) > 0.05).any():
        values[far] = 0.02 * rng.standard_normal(far.sum())


def cut_one_side(tensors: Tensors, rng: Generator) -> None:
    """Draw again what lies beyond one and a half deviations, above alone."""
    values = tensors[_UP]
    while (far := values > 0.03).any():
        values[far] = 0.02 * rng.standard_normal(far.sum())


UP = ("blocks/1/mlp/up/kernel",)
ALONE = ("**/layers/1/mlp/up_proj/{weight,kernel}", *UP)
COARSE = ("bits", "coarse", "distinct", "grid", "bfloat16", "values")

FAULTS = (
    PlantedFault(
        "a uniform law of 7 bits",
        "torch convolutions",
        uniform_of_7_bits,
        ("3/kernel",),
        ("7-bit",),
        recipe=False,
    ),
    PlantedFault(
        "a uniform law of 8 bits",
        "keras convolutions",
        uniform_of_8_bits,
        ("**/head/kernel",),
        ("8-bit",),
        recipe=False,
        start="library",
    ),
    PlantedFault(
        "a normal law of 7 bits, as in bfloat16",
        "llama",
        normal_of_7_bits,
        ALONE,
        COARSE,
        recipe=False,
    ),
    PlantedFault(
        "the same, scaled in float32",
        "llama",
        scaled_normal_of_7_bits,
        ALONE,
        ("7-bit", "coarse", "bits"),
        recipe=False,
    ),
    PlantedFault(
        "the same, judged by the recipe",
        "llama",
        normal_of_7_bits,
        ALONE,
        (*COARSE, "distribution", "tails"),
        via="state",
    ),
    PlantedFault(
        "drawn in bfloat16, kept in float32",
        "llama",
        draw_of_bfloat16,
        ("**/kernel", "**/embedding"),
        ("bfloat16", *COARSE),
        recipe=False,
        start="library",
        via="file alone",
    ),
    PlantedFault(
        "drawn in bfloat16, judged by the seed",
        "llama",
        draw_of_bfloat16,
        ("**/kernel", "**/embedding"),
        ("another dtype", "bfloat16"),
        seed=True,
    ),
    PlantedFault(
        "drawn in float16",
        "llama",
        draw_of_float16,
        UP,
        ("another dtype", "float16"),
        seed=True,
    ),
    PlantedFault(
        "bfloat16 by truncation",
        "llama",
        truncate_to_bfloat16,
        ("**/kernel", "**/embedding"),
        ("truncat",),
        seed=True,
        via="file",
    ),
    PlantedFault(
        "steps of a quantized matrix",
        "llama",
        steps_of_int8,
        ALONE,
        ("quant", "even steps"),
        recipe=False,
        via="state",
    ),
    PlantedFault(
        "a clamped normal law",
        "llama",
        clamp,
        ALONE,
        ("clamp", "bound"),
        recipe=False,
        start="library",
    ),
    PlantedFault(
        "a clamped normal law, by the recipe",
        "llama",
        clamp,
        UP,
        ("clamp", "tails", "support", "distribution"),
    ),
    PlantedFault(
        "a cut normal law",
        "llama",
        cut,
        UP,
        ("cut", "truncat", "tails", "support"),
        start="library",
    ),
    PlantedFault(
        "a normal law cut on one side",
        "llama",
        cut_one_side,
        ALONE,
        ("cut", "truncat", "one side"),
        recipe=False,
    ),
)
