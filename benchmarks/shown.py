"""What the tables of speed show, in their order, and the words for it."""

from __future__ import annotations

from typing import Final

#: The engine, in the table's words.
HOW: Final = {
    "in jit": ", in `jax.jit`",
    "in one pass": ", in one pass",
    "initialize, no report": ", by `initialize`, `report=False`",
    "initialize": ", by `initialize`, which reports too",
    "NumPy": ", without `fast`",
}
LARGE: Final = "4096 × 4096"
#: What the page shows: framework, initializer, size, dtype, engine.
ROWS: Final = [
    ("torch", "uniform_", LARGE, "float32", "compiled"),
    ("torch", "kaiming_uniform_", LARGE, "float32", "compiled"),
    ("torch", "normal_", LARGE, "float32", "compiled"),
    ("torch", "kaiming_normal_", LARGE, "float32", "compiled"),
    ("torch", "trunc_normal_", LARGE, "float32", "compiled"),
    ("torch", "normal_", f"{LARGE}, transposed", "float32", "compiled"),
    ("torch", "normal_", LARGE, "bfloat16", "compiled"),
    ("torch", "normal_", LARGE, "float16", "compiled"),
    ("torch", "normal_", LARGE, "float64", "compiled"),
    ("torch", "normal_", "GPT-2, 148 tensors", "float32", "in one pass"),
    ("torch", "normal_", "GPT-2, 148 tensors", "float32", "initialize"),
    ("torch", "orthogonal_", "2048 × 2048", "float32", "compiled"),
    ("torch", "orthogonal_", "12 of 64 × 64", "float32", "compiled"),
    ("torch", "orthogonal_", "8 of 512 × 512", "float32", "compiled"),
    ("keras on tensorflow", "HeUniform", LARGE, "float32", "compiled"),
    ("keras on tensorflow", "HeNormal", LARGE, "float32", "compiled"),
    ("keras on tensorflow", "Orthogonal", "2048 × 2048", "float32", "compiled"),
    ("keras on jax", "HeNormal", LARGE, "float32", "compiled"),
    ("keras on jax", "Orthogonal", "2048 × 2048", "float32", "compiled"),
    ("keras on torch", "HeNormal", LARGE, "float32", "compiled"),
    ("keras on torch", "Orthogonal", "2048 × 2048", "float32", "compiled"),
    ("jax", "he_uniform", LARGE, "float32", "compiled"),
    ("jax", "he_normal", LARGE, "float32", "compiled"),
    ("jax", "he_normal", LARGE, "float32", "in jit"),
    ("jax", "orthogonal", "2048 × 2048", "float32", "compiled"),
    ("numpy", "uniform", LARGE, "float32", "compiled"),
    ("numpy", "normal", LARGE, "float32", "compiled"),
    ("numpy", "normal", LARGE, "float32", "NumPy"),
]
#: Small weights, in microseconds for all of them.
SMALL: Final = [
    *(
        ("torch", name, "64 × 64", "float32", "compiled")
        for name in ("kaiming_normal_", "kaiming_uniform_")
    ),
    *(("torch", name, "64", "float32", "compiled") for name in ("zeros_", "ones_", "constant_")),
    ("torch", "normal_", "500 of 64 × 64", "float32", "compiled"),
    ("torch", "normal_", "500 of 64 × 64", "float32", "in one pass"),
    ("torch", "normal_", "500 of 64 × 64", "float32", "initialize, no report"),
    ("torch", "normal_", "500 of 64 × 64", "float32", "initialize"),
    *(
        (f"keras on {backend}", name, size, "float32", "compiled")
        for backend in ("tensorflow", "jax", "torch")
        for name, size in (("HeNormal", "64 × 64"), ("HeUniform", "64 × 64"), ("Zeros", "64"))
    ),
    ("jax", "he_normal", "64 × 64", "float32", "compiled"),
    ("jax", "he_uniform", "64 × 64", "float32", "compiled"),
    ("jax", "zeros", "64", "float32", "compiled"),
]
#: What README.md shows of it.
FEW: Final = [
    ROWS[1], ROWS[2], ROWS[4], ROWS[11],
    ("keras on tensorflow", "HeNormal", LARGE, "float32", "compiled"),
    ("jax", "he_normal", LARGE, "float32", "compiled"),
    ("jax", "orthogonal", "2048 × 2048", "float32", "compiled"),
]  # fmt: skip
