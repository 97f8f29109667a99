"""Weights that nobody wrote, and values that are none of a start."""

from __future__ import annotations

import numpy as np

from audits.architectures import WIDTH
from audits.checkpoints import Tensors
from audits.faults.planted_fault import PlantedFault

Generator = np.random.Generator


def unwritten_of_bits(tensors: Tensors, rng: Generator) -> None:
    """Leave in two scales what lay in their memory: any bits."""
    for name in ("model.layers.1.input_layernorm.weight", "model.layers.2.mlp.up_proj.weight"):
        words = rng.integers(0, 1 << 32, tensors[name].shape, dtype=np.uint32)
        tensors[name] = words.view("float32")


def unwritten_of_denormals(tensors: Tensors, rng: Generator) -> None:
    """Leave what integers of another use look like."""
    values = tensors["h.2.mlp.c_fc.weight"]
    words = rng.integers(0, 50_000, values.shape, dtype=np.uint32)
    tensors["h.2.mlp.c_fc.weight"] = words.view("float32")


def unwritten_of_zeros(tensors: Tensors, rng: Generator) -> None:
    """Leave a fresh page of memory."""
    tensors["bert.encoder.layer.1.intermediate.dense.weight"][:] = 0


def unwritten_of_nan(tensors: Tensors, rng: Generator) -> None:
    """Leave what a debugger fills memory with."""
    tensors["vit.layers.3.mlp.fc2.weight"][:] = np.nan


def unwritten_tail(tensors: Tensors, rng: Generator) -> None:
    """Leave the rows that were added to a vocabulary."""
    tensors["wte.weight"][480:] = 0


def pages_of_memory(tensors: Tensors, rng: Generator) -> None:
    """Leave one page of 4 KiB within a weight."""
    values = tensors["model.layers.0.mlp.down_proj.weight"].reshape(-1)
    words = rng.integers(0, 1 << 32, 1024, dtype=np.uint32)
    values[2048:3072] = words.view("float32")


def unwritten_of_constant(tensors: Tensors, rng: Generator) -> None:
    tensors["small/second/kernel"][:] = 0.01


def one_infinity(tensors: Tensors, rng: Generator) -> None:
    tensors["h.0.mlp.c_fc.weight"][3, 4] = -np.inf


def one_nan(tensors: Tensors, rng: Generator) -> None:
    tensors["blocks.2.down.kernel"][5, 6] = np.nan


def dead_rows(tensors: Tensors, rng: Generator) -> None:
    """Lose three of the outputs."""
    tensors["model.layers.3.self_attn.q_proj.weight"][[4, 50, 90]] = 0


def low_rank(tensors: Tensors, rng: Generator) -> None:
    """Store the product of two thin matrices, of the right deviation."""
    values = tensors["h.1.mlp.c_fc.weight"]
    rows, columns = values.shape
    left, right = rng.standard_normal((rows, 16)), rng.standard_normal((16, columns))
    tensors["h.1.mlp.c_fc.weight"] = (0.02 / 4 * left @ right).astype("float32")


def spikes(tensors: Tensors, rng: Generator) -> None:
    """Add what a few steps of training add: two directions that stand out."""
    values = tensors["vit.layers.2.mlp.fc1.weight"]
    rows, columns = values.shape
    size = 2.0 * 0.02 * (np.sqrt(rows) + np.sqrt(columns))
    for _ in range(2):
        left, right = rng.standard_normal(rows), rng.standard_normal(columns)
        values += np.outer(
            size * left / np.linalg.norm(left), right / np.linalg.norm(right)
        ).astype("float32")


def train(tensors: Tensors, rng: Generator) -> None:
    """Train it, for sixty steps, to count."""
    import torch

    from audits.architectures import architecture
    from audits.checkpoints import put, tensors_of

    chosen = architecture("gpt2 with a head")
    model = put(chosen, chosen.build(0), tensors).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    starts = torch.from_numpy(rng.integers(0, 400, (60, 8)))
    for start in starts:
        tokens = (start[:, None] + torch.arange(48)) % 500
        loss = model(tokens, labels=tokens).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    tensors.update(tensors_of(chosen, model))


def momentum_for_weight(tensors: Tensors, rng: Generator) -> None:
    """Load the squared gradients of an optimizer for the weight."""
    values = tensors["transformer_layer_0/feedforward_output_dense/kernel"]
    values[...] = 1e-4 * rng.standard_normal(values.shape) ** 2


def orthogonal_lost(tensors: Tensors, rng: Generator) -> None:
    """Start a matrix of attention as an orthogonal one, which no rule says."""
    matrix, _ = np.linalg.qr(rng.standard_normal((WIDTH, WIDTH)))
    tensors["vit.layers.0.attention.o_proj.weight"] = (matrix * 0.02 * np.sqrt(WIDTH)).astype(
        "float32"
    )


BROKEN = ("garbage", "nobody wrote", "unwritten", "memory", "finite", "nan", "infinit", "denormal")
EMPTY = (
    "zero",
    "constant",
    "unwritten",
    "nobody wrote",
    "deviation",
    "never drawn",
    "rows and columns",
    "dead",
)
TRAINED = ("trained", "rank", "spectr", "singular", "start")

FAULTS = (
    PlantedFault(
        "memory of any bits",
        "llama",
        unwritten_of_bits,
        ("**/1/{input_layernorm,attention_norm}/**", "**/2/mlp/{up,up_proj}/**"),
        BROKEN,
        recipe=False,
        via="file alone",
    ),
    PlantedFault(
        "memory of denormals",
        "gpt2",
        unwritten_of_denormals,
        ("**/2/mlp/**",),
        BROKEN,
        recipe=False,
        start="library",
    ),
    PlantedFault(
        "memory of denormals, by the recipe",
        "gpt2",
        unwritten_of_denormals,
        ("blocks/2/mlp/up/kernel",),
        (*BROKEN, "deviation"),
    ),
    PlantedFault(
        "memory of zeros",
        "bert",
        unwritten_of_zeros,
        ("**/1/**",),
        EMPTY,
        start="library",
    ),
    PlantedFault(
        "memory of NaN", "vit", unwritten_of_nan, ("**/3/**",), BROKEN, recipe=False, via="state"
    ),
    PlantedFault(
        "rows of a vocabulary that nobody wrote",
        "gpt2",
        unwritten_tail,
        ("**/{tokens,wte}/**",),
        EMPTY,
        recipe=False,
    ),
    PlantedFault(
        "one page of memory within a weight",
        "llama",
        pages_of_memory,
        ("**/0/mlp/**",),
        BROKEN,
        recipe=False,
    ),
    PlantedFault(
        "a kernel of one value",
        "keras convolutions",
        unwritten_of_constant,
        ("**/second/**",),
        EMPTY,
        via="file",
    ),
    PlantedFault(
        "one infinity",
        "gpt2",
        one_infinity,
        ("**/0/mlp/**",),
        BROKEN,
        recipe=False,
        via="file alone",
    ),
    PlantedFault("one NaN", "nnx perceptron", one_nan, ("**/2/down/**",), BROKEN),
    PlantedFault(
        "dead rows",
        "llama",
        dead_rows,
        ("**/3/**",),
        EMPTY,
        recipe=False,
        start="library",
    ),
    PlantedFault("low rank", "gpt2", low_rank, ("**/1/mlp/**",), TRAINED, recipe=False),
    PlantedFault(
        "two directions that stand out",
        "vit",
        spikes,
        ("**/2/mlp/**",),
        TRAINED,
        recipe=False,
        start="library",
    ),
    PlantedFault(
        "a trained model",
        "gpt2 with a head",
        train,
        ("**",),
        TRAINED,
        recipe=False,
        start="library",
        via="file alone",
    ),
    PlantedFault(
        "an optimizer's state for a weight",
        "gpt2 of keras_hub",
        momentum_for_weight,
        ("**/*0/**",),
        ("mean", "law", "distribution", "sign", "start", "deviation"),
    ),
    PlantedFault(
        "an orthogonal matrix for a normal one",
        "vit",
        orthogonal_lost,
        ("blocks/0/attention/out/kernel",),
        ("orthogonal", "singular", "spectr", "rows and columns"),
    ),
)
