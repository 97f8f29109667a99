"""Whole models, as the tensors that they have."""

from __future__ import annotations

from typing import Any

import torch

Named = list[tuple[str, Any]]

WIDTH, LAYERS, VOCABULARY, CONTEXT = 768, 12, 50257, 1024


def gpt2() -> Named:
    """GPT-2 124M: 148 tensors."""
    shapes: dict[str, tuple[int, ...]] = {
        "wte": (VOCABULARY, WIDTH),
        "wpe": (CONTEXT, WIDTH),
    }
    for layer in range(LAYERS):
        block = {
            "ln_1/scale": (WIDTH,),
            "ln_1/bias": (WIDTH,),
            "attn/qkv/kernel": (3 * WIDTH, WIDTH),
            "attn/qkv/bias": (3 * WIDTH,),
            "attn/out/kernel": (WIDTH, WIDTH),
            "attn/out/bias": (WIDTH,),
            "ln_2/scale": (WIDTH,),
            "ln_2/bias": (WIDTH,),
            "mlp/in/kernel": (4 * WIDTH, WIDTH),
            "mlp/in/bias": (4 * WIDTH,),
            "mlp/out/kernel": (WIDTH, 4 * WIDTH),
            "mlp/out/bias": (WIDTH,),
        }
        shapes |= {f"h/{layer}/{name}": shape for name, shape in block.items()}
    shapes |= {"ln_f/scale": (WIDTH,), "ln_f/bias": (WIDTH,)}
    return [(name, torch.empty(shape)) for name, shape in shapes.items()]


def small_network() -> Named:
    """500 matrices of 64 × 64."""
    return [(f"{n}/kernel", torch.empty(64, 64)) for n in range(500)]
