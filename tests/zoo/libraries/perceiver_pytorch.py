"""Perceivers."""

from __future__ import annotations

from typing import Any, Final

from perceiver_pytorch import Perceiver, PerceiverIO, PerceiverLM

from zoo.seeded import torch_model

_SIZES: Final[dict[str, Any]] = {
    "num_latents": 16,
    "latent_dim": 32,
    "cross_heads": 1,
    "latent_heads": 4,
    "cross_dim_head": 8,
    "latent_dim_head": 8,
}

MODELS: Final = (
    torch_model(
        "Perceiver",
        lambda: Perceiver(
            num_freq_bands=4, depth=2, max_freq=10.0, input_channels=3, num_classes=8, **_SIZES
        ),
    ),
    torch_model(
        "Perceiver, shared",
        lambda: Perceiver(
            num_freq_bands=4,
            depth=3,
            max_freq=10.0,
            input_channels=3,
            num_classes=8,
            weight_tie_layers=True,
            **_SIZES,
        ),
    ),
    torch_model(
        "PerceiverIO", lambda: PerceiverIO(depth=2, dim=24, queries_dim=24, logits_dim=8, **_SIZES)
    ),
    torch_model(
        "PerceiverIO, shared",
        lambda: PerceiverIO(
            depth=2, dim=24, queries_dim=24, weight_tie_layers=True, decoder_ff=True, **_SIZES
        ),
    ),
    torch_model(
        "PerceiverLM",
        lambda: PerceiverLM(num_tokens=60, max_seq_len=16, depth=2, dim=24, **_SIZES),
    ),
)
