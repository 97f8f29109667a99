"""Reformers: attention by hashing, reversible layers, product-key memories."""

from __future__ import annotations

from typing import Final

from reformer_pytorch import LSHSelfAttention, Reformer, ReformerEncDec, ReformerLM

from zoo.seeded import torch_model

_SIZES: Final = {"dim": 32, "depth": 2, "heads": 4, "bucket_size": 8}

MODELS: Final = (
    torch_model("Reformer", lambda: Reformer(**_SIZES)),
    torch_model("Reformer, shared", lambda: Reformer(weight_tie=True, causal=True, **_SIZES)),
    torch_model("Reformer, ScaleNorm", lambda: Reformer(use_scale_norm=True, **_SIZES)),
    torch_model("Reformer, ReZero", lambda: Reformer(use_rezero=True, ff_glu=True, **_SIZES)),
    torch_model("Reformer, memory", lambda: Reformer(pkm_layers=(1,), num_mem_kv=4, **_SIZES)),
    torch_model("ReformerLM", lambda: ReformerLM(num_tokens=60, max_seq_len=64, **_SIZES)),
    torch_model(
        "ReformerLM, small embedding",
        lambda: ReformerLM(num_tokens=60, max_seq_len=64, emb_dim=16, **_SIZES),
    ),
    torch_model("LSHSelfAttention", lambda: LSHSelfAttention(dim=32, heads=4, bucket_size=8)),
    torch_model(
        "ReformerEncDec",
        lambda: ReformerEncDec(
            dim=32,
            enc_num_tokens=60,
            enc_depth=2,
            enc_max_seq_len=64,
            enc_bucket_size=8,
            dec_num_tokens=60,
            dec_depth=2,
            dec_max_seq_len=64,
            dec_bucket_size=8,
        ),
    ),
)
