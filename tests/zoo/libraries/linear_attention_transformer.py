"""Transformers with linear attention."""

from __future__ import annotations

from typing import Final

from linear_attention_transformer import (
    ImageLinearAttention,
    LinearAttentionTransformer,
    LinearAttentionTransformerLM,
    LinformerSettings,
)

from zoo.seeded import torch_model

_SIZES: Final = {"dim": 32, "depth": 2, "heads": 4, "max_seq_len": 64}

MODELS: Final = (
    torch_model("LinearAttentionTransformer", lambda: LinearAttentionTransformer(**_SIZES)),
    torch_model(
        "LinearAttentionTransformer, causal",
        lambda: LinearAttentionTransformer(causal=True, ff_glu=True, **_SIZES),
    ),
    torch_model(
        "LinearAttentionTransformer, Linformer",
        lambda: LinearAttentionTransformer(linformer_settings=LinformerSettings(k=16), **_SIZES),
    ),
    torch_model(
        "LinearAttentionTransformer, local heads",
        lambda: LinearAttentionTransformer(
            n_local_attn_heads=2, local_attn_window_size=16, **_SIZES
        ),
    ),
    torch_model(
        "LinearAttentionTransformer, memory",
        lambda: LinearAttentionTransformer(pkm_layers=(1,), pkm_num_keys=16, **_SIZES),
    ),
    torch_model(
        "LinearAttentionTransformerLM",
        lambda: LinearAttentionTransformerLM(num_tokens=60, **_SIZES),
    ),
    torch_model(
        "LinearAttentionTransformerLM, small embedding",
        lambda: LinearAttentionTransformerLM(num_tokens=60, emb_dim=16, **_SIZES),
    ),
    torch_model("ImageLinearAttention", lambda: ImageLinearAttention(chan=16, heads=4, key_dim=8)),
)
