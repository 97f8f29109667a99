"""Weights, slices, shards and heads that are equal to others, or correlated with them."""

from __future__ import annotations

import numpy as np

from audits.architectures import LAYERS
from audits.checkpoints import Tensors
from audits.faults.planted_fault import PlantedFault

Generator = np.random.Generator


def seed_layers_alike(tensors: Tensors, rng: Generator) -> None:
    """Give each layer what the first one has."""
    for name in tensors:
        if ".layers." in name:
            head, _, tail = name.partition(".layers.")
            first = f"{head}.layers.0.{tail.partition('.')[2]}"
            tensors[name] = tensors[first].copy()


def seed_tensors_alike(tensors: Tensors, rng: Generator) -> None:
    """Start the generator anew for every tensor, whatever its shape."""
    seed = int(rng.integers(1 << 30))
    for name, values in tensors.items():
        if values.ndim == 2:
            numbers = np.random.default_rng(seed).standard_normal(values.size)
            tensors[name] = (0.02 * numbers).reshape(values.shape).astype("float32")


def copy_of_modules(tensors: Tensors, rng: Generator) -> None:
    """Change nothing: ``TransformerEncoder`` copies its layer, numbers and all."""


def equal_weights(tensors: Tensors, rng: Generator) -> None:
    """Let one instance of an initializer draw two matrices."""
    first = "transformer_layer_0/feedforward_intermediate_dense/kernel"
    tensors[first.replace("_0/", "_1/")] = tensors[first].copy()


def transposed_weight(tensors: Tensors, rng: Generator) -> None:
    tensors["h.2.attn.c_proj.weight"] = tensors["h.1.attn.c_proj.weight"].T.copy()


def opposite_weight(tensors: Tensors, rng: Generator) -> None:
    """Draw antithetically: one matrix is another with its signs turned."""
    name = "model.layers.{}.mlp.gate_proj.weight"
    tensors[name.format(3)] = -tensors[name.format(1)]


def scaled_weight(tensors: Tensors, rng: Generator) -> None:
    """Scale by depth what was drawn alike."""
    tensors["h.3.mlp.c_proj.weight"] = tensors["h.0.mlp.c_proj.weight"] * np.float32(0.5)


def query_is_key(tensors: Tensors, rng: Generator) -> None:
    """Fill query and key of one matrix with the same numbers."""
    values = tensors["h.1.attn.c_attn.weight"]
    values[:, 128:256] = values[:, :128]


def equal_shards(tensors: Tensors, rng: Generator) -> None:
    """Draw each quarter of the rows on a rank of its own, by the same seed."""
    values = tensors["model.layers.1.mlp.down_proj.weight"]
    for start in (32, 64, 96):
        values[start : start + 32] = values[:32]


def equal_column_shards(tensors: Tensors, rng: Generator) -> None:
    values = tensors["bert.encoder.layer.1.output.dense.weight"]
    values[:, 256:] = values[:, :256]


def equal_heads(tensors: Tensors, rng: Generator) -> None:
    """Give two of four heads the same queries."""
    values = tensors["transformer_layer_1/self_attention/query/kernel"]
    values[:, 3] = values[:, 1]


def equal_rows(tensors: Tensors, rng: Generator) -> None:
    """Repeat a row of an embedding."""
    tensors["model.embed_tokens.weight"][77] = tensors["model.embed_tokens.weight"][400]


def correlated_weights(tensors: Tensors, rng: Generator) -> None:
    """Mix a fifth of one matrix into another."""
    name = "vit.layers.{}.mlp.fc1.weight"
    fresh, other = tensors[name.format(2)], tensors[name.format(0)]
    tensors[name.format(2)] = (0.98 * fresh + 0.2 * other).astype("float32")


def correlated_heads(tensors: Tensors, rng: Generator) -> None:
    values = tensors["bert.encoder.layer.3.attention.self.key.weight"]
    values[32:64] = 0.8 * values[:32] + 0.6 * values[32:64]


def correlated_neighbours(tensors: Tensors, rng: Generator) -> None:
    """Give each element a part of the one before it."""
    values = tensors["model.layers.0.mlp.up_proj.weight"].reshape(-1)
    values[1:] = 0.3 * values[:-1] + np.sqrt(1 - 0.09) * values[1:]


def repeat_numbers(tensors: Tensors, rng: Generator) -> None:
    """Start over after 8,192 numbers."""
    values = tensors["model.layers.2.mlp.up_proj.weight"].reshape(-1)
    values[:] = np.resize(values[: 1 << 13], values.size)


LAYERS_OF_BLOCKS = tuple(f"**/{i}/**" for i in range(LAYERS))
EQUAL = ("equal", "same", "copy", "copies", "alike", "repeat", "correlat")

FAULTS = (
    PlantedFault(
        "every layer seeded alike",
        "llama",
        seed_layers_alike,
        ("blocks/**",),
        EQUAL,
        start="library",
    ),
    PlantedFault(
        "every layer seeded alike, by itself",
        "bert",
        lambda tensors, rng: _alike(tensors, "bert.encoder.layer."),
        LAYERS_OF_BLOCKS,
        EQUAL,
        recipe=False,
        via="file alone",
    ),
    PlantedFault(
        "one seed for every tensor",
        "llama",
        seed_tensors_alike,
        ("**",),
        EQUAL,
        recipe=False,
        via="state",
    ),
    PlantedFault(
        "layers that are copies, as torch makes them",
        "torch transformer",
        copy_of_modules,
        LAYERS_OF_BLOCKS,
        EQUAL,
        recipe=False,
        start="library",
    ),
    PlantedFault(
        "two equal weights",
        "gpt2 of keras_hub",
        equal_weights,
        ("**/*{_0,_1,0,1}/**",),
        EQUAL,
        recipe=False,
        start="library",
    ),
    PlantedFault(
        "a weight that is another transposed",
        "gpt2",
        transposed_weight,
        ("**/{1,2}/**",),
        (*EQUAL, "transpos"),
        recipe=False,
    ),
    PlantedFault(
        "a weight of opposite signs",
        "llama",
        opposite_weight,
        ("**/{1,3}/**",),
        (*EQUAL, "sign", "opposite"),
        recipe=False,
        start="library",
    ),
    PlantedFault(
        "a weight that is another scaled",
        "gpt2",
        scaled_weight,
        ("**/{0,3}/**",),
        (*EQUAL, "scaled"),
        recipe=False,
        via="state",
    ),
    PlantedFault(
        "a query that is its key",
        "gpt2",
        query_is_key,
        ("**/1/**",),
        EQUAL,
        recipe=False,
        start="library",
    ),
    PlantedFault(
        "shards of rows drawn alike",
        "llama",
        equal_shards,
        ("**/1/**",),
        EQUAL,
        recipe=False,
        via="file alone",
    ),
    PlantedFault(
        "shards of columns drawn alike",
        "bert",
        equal_column_shards,
        ("blocks/1/mlp/down/kernel",),
        EQUAL,
    ),
    PlantedFault(
        "two equal heads",
        "gpt2 of keras_hub",
        equal_heads,
        ("**/*1/**",),
        EQUAL,
        recipe=False,
    ),
    PlantedFault(
        "two equal rows of an embedding",
        "llama",
        equal_rows,
        ("**/{tokens,embed_tokens}/**",),
        EQUAL,
        recipe=False,
    ),
    PlantedFault(
        "correlated weights",
        "vit",
        correlated_weights,
        ("**/{0,2}/**",),
        EQUAL,
        recipe=False,
    ),
    PlantedFault(
        "correlated heads",
        "bert",
        correlated_heads,
        ("**/3/**",),
        EQUAL,
        recipe=False,
        start="library",
    ),
    PlantedFault(
        "correlated neighbours",
        "llama",
        correlated_neighbours,
        ("**/0/**",),
        EQUAL,
        recipe=False,
    ),
    PlantedFault(
        "a generator that starts over",
        "llama",
        repeat_numbers,
        ("**/2/**",),
        EQUAL,
        recipe=False,
        start="library",
    ),
)


def _alike(tensors: Tensors, prefix: str) -> None:
    for name in tensors:
        if name.startswith(prefix):
            _, _, tail = name.removeprefix(prefix).partition(".")
            tensors[name] = tensors[f"{prefix}0.{tail}"].copy()
