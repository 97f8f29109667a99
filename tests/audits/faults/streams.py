"""Right laws of wrong bits: what a port, a launcher or another engine makes of a seed."""

from __future__ import annotations

import numpy as np

import fanwise
from audits.architectures import LAYERS
from audits.checkpoints import Tensors, started
from audits.faults.planted_fault import SEED, PlantedFault

Generator = np.random.Generator
_LAW = fanwise.scheme("normal", std=0.02)


def cut_seed(tensors: Tensors, rng: Generator) -> None:
    """Start with the lower 32 bits of the seed."""
    tensors.update(started("gpt2", "fanwise", SEED % (1 << 32)))


def another_seed(tensors: Tensors, rng: Generator) -> None:
    tensors.update(started("gpt2", "fanwise", SEED + 1))


def _projections() -> list[tuple[str, str]]:
    parts = (("self_attn.q_proj", "attention/query"), ("mlp.up_proj", "mlp/up"))
    return [
        (f"model.layers.{i}.{name}.weight", f"blocks/{i}/{path}/kernel")
        for i in range(LAYERS)
        for name, path in parts
    ]


def _sample(shape: tuple[int, ...], path: str | None, dtype: str = "float32") -> np.ndarray:
    return fanwise.sample(_LAW, shape, seed=SEED, path=path, dtype=dtype)


def other_axes(tensors: Tensors, rng: Generator) -> None:
    """Fill torch's (out, in) in the order of its memory, as (in, out) is filled."""
    for name, path in _projections():
        outputs, inputs = tensors[name].shape
        tensors[name] = _sample((inputs, outputs), path).reshape(outputs, inputs)


def no_path(tensors: Tensors, rng: Generator) -> None:
    """Draw every matrix by the seed alone."""
    for name, _ in _projections():
        outputs, inputs = tensors[name].shape
        tensors[name] = np.ascontiguousarray(_sample((inputs, outputs), None).T)


def draw_in_float64(tensors: Tensors, rng: Generator) -> None:
    for name, path in _projections():
        outputs, inputs = tensors[name].shape
        drawn = _sample((inputs, outputs), path, "float64").astype("float32")
        tensors[name] = np.ascontiguousarray(drawn.T)


def own_names(tensors: Tensors, rng: Generator) -> None:
    """Draw by torch's own names where the recipe has canonical paths."""
    for name, _ in _projections():
        outputs, inputs = tensors[name].shape
        path = name.replace(".", "/").replace("weight", "kernel")
        tensors[name] = np.ascontiguousarray(_sample((inputs, outputs), path).T)


def one_element(tensors: Tensors, rng: Generator) -> None:
    """Change the last bit of one element."""
    values = tensors["model.layers.2.mlp.down_proj.weight"]
    values[7, 300] = np.nextafter(values[7, 300], np.float32(1))


def swap_two_layers(tensors: Tensors, rng: Generator) -> None:
    """Load two layers in the wrong order."""
    for name in [n for n in tensors if ".layers.1." in n]:
        other = name.replace(".layers.1.", ".layers.2.")
        tensors[name], tensors[other] = tensors[other], tensors[name]


def other_seed_of_one(tensors: Tensors, rng: Generator) -> None:
    """Start one matrix with what the seed after it gives."""
    name = "model.layers.3.mlp.up_proj.weight"
    tensors[name] = started("llama", "fanwise", SEED + 1)[name]


PROJECTIONS = ("blocks/*/{attention/query,mlp/up}/kernel",)
FAULTS = (
    PlantedFault(
        "a seed cut to 32 bits",
        "gpt2",
        cut_seed,
        ("**/kernel", "**/embedding"),
        ("32 bits",),
        seed=True,
    ),
    PlantedFault(
        "another seed",
        "gpt2",
        another_seed,
        ("**/kernel", "**/embedding"),
        ("bits", "seed"),
        seed=True,
        via="file",
    ),
    PlantedFault("axes in another order", "llama", other_axes, PROJECTIONS, ("order",), seed=True),
    PlantedFault(
        "a path ignored", "llama", no_path, PROJECTIONS, ("path",), seed=True, via="state"
    ),
    PlantedFault(
        "drawn in float64",
        "llama",
        draw_in_float64,
        PROJECTIONS,
        ("another dtype", "float64"),
        seed=True,
    ),
    PlantedFault(
        "drawn by torch's names", "llama", own_names, PROJECTIONS, ("bits", "path"), seed=True
    ),
    PlantedFault(
        "one element in its last bit",
        "llama",
        one_element,
        ("blocks/2/mlp/down/kernel",),
        ("bits", "element"),
        seed=True,
        via="file",
    ),
    PlantedFault(
        "two layers swapped",
        "llama",
        swap_two_layers,
        ("blocks/{1,2}/**",),
        ("bits", "another weight", "path"),
        seed=True,
    ),
    PlantedFault(
        "one matrix of another seed",
        "llama",
        other_seed_of_one,
        ("blocks/3/mlp/up/kernel",),
        ("bits", "seed"),
        seed=True,
    ),
)
