"""Performers, whose random features are buffers."""

from __future__ import annotations

from typing import Final

from performer_pytorch import CrossAttention, Performer, PerformerLM, SelfAttention

from zoo.seeded import torch_model

_SIZES: Final = {"dim": 32, "depth": 2, "heads": 4, "dim_head": 8, "nb_features": 16}

MODELS: Final = (
    torch_model("Performer", lambda: Performer(**_SIZES)),
    torch_model("Performer, ReZero", lambda: Performer(use_rezero=True, **_SIZES)),
    torch_model(
        "Performer, ScaleNorm and GLU", lambda: Performer(use_scalenorm=True, ff_glu=True, **_SIZES)
    ),
    torch_model("Performer, reversible", lambda: Performer(reversible=True, causal=True, **_SIZES)),
    torch_model("PerformerLM", lambda: PerformerLM(num_tokens=60, max_seq_len=16, **_SIZES)),
    torch_model(
        "PerformerLM, tied",
        lambda: PerformerLM(
            num_tokens=60, max_seq_len=16, tie_embed=True, rotary_position_emb=False, **_SIZES
        ),
    ),
    torch_model(
        "PerformerLM, local heads",
        lambda: PerformerLM(
            num_tokens=60,
            max_seq_len=16,
            local_attn_heads=2,
            local_window_size=8,
            causal=True,
            **_SIZES,
        ),
    ),
    torch_model("SelfAttention", lambda: SelfAttention(32, heads=4, dim_head=8, causal=False)),
    torch_model("CrossAttention", lambda: CrossAttention(32, heads=4, dim_head=8)),
)
