"""Draws of another law than the recipe's: what trainers found in the code of others."""

from __future__ import annotations

import numpy as np
from reference.truncation import CORRECTION

from audits.architectures import LAYERS
from audits.checkpoints import Tensors
from audits.faults.planted_fault import PlantedFault

Generator = np.random.Generator


def _normal(rng: Generator, shape: tuple[int, ...], std: float) -> np.ndarray:
    return (std * rng.standard_normal(shape)).astype("float32")


def uncut(tensors: Tensors, rng: Generator) -> None:
    """Draw what ``trunc_normal_(std=0.02)`` does: bounds of 2, which is a hundred deviations."""
    for name, values in tensors.items():
        if name.endswith("weight") and values.ndim == 2:
            tensors[name] = _normal(rng, values.shape, 0.02)


def scale_up_projection(tensors: Tensors, rng: Generator) -> None:
    """Scale the matrix into the perceptron by depth, not the one out of it."""
    for layer in range(LAYERS):
        tensors[f"h.{layer}.mlp.c_fc.weight"] /= np.sqrt(2 * LAYERS)
        tensors[f"h.{layer}.mlp.c_proj.weight"] *= np.sqrt(2 * LAYERS)


def scale_nothing(tensors: Tensors, rng: Generator) -> None:
    """Forget to scale the projections onto the residual stream."""
    for layer in range(LAYERS):
        for part in ("attn", "mlp"):
            tensors[f"h.{layer}.{part}.c_proj.weight"] *= np.sqrt(2 * LAYERS)


def scale_by_index(tensors: Tensors, rng: Generator) -> None:
    """Scale each layer by its own index, where the recipe has the depth."""
    for layer in range(LAYERS):
        wanted, drawn = np.sqrt(2 * LAYERS), np.sqrt(2 * (layer + 1))
        tensors[f"h.{layer}.mlp.c_proj.weight"] *= wanted / drawn


def swap_fans(tensors: Tensors, rng: Generator) -> None:
    """Take fan_out for fan_in."""
    outputs, inputs = tensors["8.weight"].shape
    tensors["8.weight"] *= np.float32(np.sqrt(inputs / outputs))


def correct_truncation(tensors: Tensors, rng: Generator) -> None:
    """Make up for a cut at two deviations where the recipe does not."""
    tensors["transformer_layer_1/feedforward_output_dense/kernel"] /= np.float32(CORRECTION)


def take_gain_of_relu(tensors: Tensors, rng: Generator) -> None:
    tensors["small/second/kernel"] *= np.float32(np.sqrt(2))


def forget_receptive_field(tensors: Tensors, rng: Generator) -> None:
    """Leave the nine places of a kernel out of its fan."""
    tensors["small/first/kernel"] *= np.float32(3)


def uniform_for_normal(tensors: Tensors, rng: Generator) -> None:
    """Draw a uniform law of the right deviation."""
    values = tensors["model.layers.1.mlp.up_proj.weight"]
    bound = 0.02 * np.sqrt(3)
    tensors["model.layers.1.mlp.up_proj.weight"] = rng.uniform(-bound, bound, values.shape).astype(
        "float32"
    )


def heavy_tails(tensors: Tensors, rng: Generator) -> None:
    """Draw Student's t of five degrees, of the right deviation."""
    values = tensors["model.layers.2.mlp.down_proj.weight"]
    drawn = rng.standard_t(5, values.shape) * 0.02 / np.sqrt(5 / 3)
    tensors["model.layers.2.mlp.down_proj.weight"] = drawn.astype("float32")


def outliers_of_erfinv(tensors: Tensors, rng: Generator) -> None:
    """Put three elements far out, as the inverse error function did at its ends."""
    values = tensors["bert.encoder.layer.2.intermediate.dense.weight"]
    values.reshape(-1)[[5, 4444, 33333]] = [2.0, -2.0, 2.0]


def shift_mean(tensors: Tensors, rng: Generator) -> None:
    """Draw between 0 and the bound's double, as a uniform law of one argument does."""
    tensors["wte.weight"] += np.float32(0.002)


def lose_signs(tensors: Tensors, rng: Generator) -> None:
    values = tensors["vit.layers.1.mlp.fc1.weight"]
    np.abs(values, out=values)


def scale_rows(tensors: Tensors, rng: Generator) -> None:
    """Give the later half of the outputs twice the deviation, the whole the right one."""
    values = tensors["model.layers.0.mlp.gate_proj.weight"]
    scale = np.where(np.arange(len(values)) < len(values) // 2, 1.0, 2.0) / np.sqrt(2.5)
    values *= scale[:, None].astype("float32")


def scale_columns(tensors: Tensors, rng: Generator) -> None:
    """Give every second input another deviation, the whole the right one."""
    values = tensors["model.layers.3.mlp.gate_proj.weight"]
    scale = np.where(np.arange(values.shape[1]) % 2, 1.2, np.sqrt(2 - 1.44))
    values *= scale.astype("float32")


def draw_biases(tensors: Tensors, rng: Generator) -> None:
    """Draw the biases that should be zero."""
    for layer in range(LAYERS):
        name = f"h.{layer}.mlp.c_fc.bias"
        tensors[name] = _normal(rng, tensors[name].shape, 0.02)


def draw_scales(tensors: Tensors, rng: Generator) -> None:
    """Draw the scales of norms as if they were matrices."""
    name = "bert.encoder.layer.0.output.LayerNorm.weight"
    tensors[name] = _normal(rng, tensors[name].shape, 0.02)


def take_fan_of_input(tensors: Tensors, rng: Generator) -> None:
    """Start the recurrent matrix of an LSTM at its input's scale."""
    tensors["9.weight_hh_l0"] *= np.float32(np.sqrt(64 / 200))


KERNELS = ("**/kernel", "**/embedding")
SCALE = ("deviation",)
SHAPE = ("distribution", "tails", "support", "law")

FAULTS = (
    PlantedFault(
        "truncated at a hundred deviations",
        "bert",
        uncut,
        KERNELS,
        ("truncat", "cut", "support", "tails"),
    ),
    PlantedFault(
        "the depth scale on the wrong matrix",
        "gpt2",
        scale_up_projection,
        ("blocks/*/mlp/{up,down}/kernel",),
        ("depth", *SCALE),
    ),
    PlantedFault(
        "no depth scale",
        "gpt2",
        scale_nothing,
        ("blocks/*/{attention/out,mlp/down}/kernel",),
        ("depth", *SCALE),
        start="library",
        via="file",
    ),
    PlantedFault(
        "the depth scale by the layer's index",
        "gpt2",
        scale_by_index,
        ("blocks/*/mlp/down/kernel",),
        ("depth", *SCALE),
        via="state",
    ),
    PlantedFault(
        "fan_out for fan_in", "torch convolutions", swap_fans, ("8/kernel",), ("fan_out", *SCALE)
    ),
    PlantedFault(
        "a truncation corrected that should not be",
        "bert of keras_hub",
        correct_truncation,
        ("blocks/1/mlp/down/kernel",),
        ("correct", *SCALE),
        start="library",
    ),
    PlantedFault(
        "the gain of another nonlinearity",
        "keras convolutions",
        take_gain_of_relu,
        ("**/second/kernel",),
        ("gain", *SCALE),
        start="library",
    ),
    PlantedFault(
        "a fan without the receptive field",
        "keras convolutions",
        forget_receptive_field,
        ("**/first/kernel",),
        ("receptive", *SCALE, "support"),
    ),
    PlantedFault(
        "a uniform law for a normal one",
        "llama",
        uniform_for_normal,
        ("blocks/1/mlp/up/kernel",),
        ("uniform", *SHAPE),
    ),
    PlantedFault(
        "heavy tails",
        "llama",
        heavy_tails,
        ("blocks/2/mlp/down/kernel",),
        ("heavy", "outlier", *SHAPE),
        start="library",
    ),
    PlantedFault(
        "outliers of an inverse error function",
        "bert",
        outliers_of_erfinv,
        ("blocks/2/mlp/up/kernel",),
        ("outlier", "support", "tails"),
        start="library",
    ),
    PlantedFault("a mean beside zero", "gpt2", shift_mean, ("tokens/embedding",), ("mean",)),
    PlantedFault(
        "signs that are lost",
        "vit",
        lose_signs,
        ("blocks/1/mlp/up/kernel",),
        ("sign", "mean", *SHAPE),
    ),
    PlantedFault(
        "rows of two scales",
        "llama",
        scale_rows,
        ("blocks/0/mlp/gate/kernel",),
        ("rows and columns",),
    ),
    PlantedFault(
        "columns of two scales",
        "llama",
        scale_columns,
        ("blocks/3/mlp/gate/kernel",),
        ("rows and columns",),
    ),
    PlantedFault(
        "biases drawn that should be zero",
        "gpt2",
        draw_biases,
        ("blocks/*/mlp/up/bias",),
        ("constant", "zero", "values"),
    ),
    PlantedFault(
        "scales drawn that should be one",
        "bert",
        draw_scales,
        ("blocks/0/mlp_norm/scale",),
        ("constant", "one", "values"),
        via="file",
    ),
    PlantedFault(
        "a recurrent matrix of the input's fan",
        "torch convolutions",
        take_fan_of_input,
        ("**/recurrent_kernel",),
        ("support", *SCALE),
    ),
)
