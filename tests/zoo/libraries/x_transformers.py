"""Transformers of x-transformers, with its many kinds of positions, norms and attention."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from torch import nn
from x_transformers import (
    ContinuousTransformerWrapper,
    CrossAttender,
    Decoder,
    Encoder,
    TransformerWrapper,
    ViTransformerWrapper,
    XTransformer,
)

from zoo.seeded import torch_model

_OPTIONS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("plain", {}),
    ("rotary", {"rotary_pos_emb": True}),
    ("ALiBi", {"alibi_pos_bias": True}),
    ("relative positions", {"rel_pos_bias": True}),
    ("dynamic positions", {"dynamic_pos_bias": True}),
    ("RMSNorm", {"use_rmsnorm": True}),
    ("simple RMSNorm", {"use_simple_rmsnorm": True}),
    ("ScaleNorm", {"use_scalenorm": True}),
    ("GLU", {"ff_glu": True}),
    ("ReLU squared", {"ff_relu_squared": True}),
    ("GLU with a multiplied bias", {"ff_glu": True, "ff_glu_mult_bias": True}),
    ("one key and value head", {"attn_one_kv_head": True}),
    ("grouped queries", {"attn_kv_heads": 2}),
    ("talking heads", {"attn_pre_talking_heads": True}),
    ("norms of queries and keys", {"attn_qk_norm": True, "attn_qk_norm_dim_scale": True}),
    ("gated values", {"attn_gate_values": True}),
    ("gated residuals", {"gate_residual": True}),
    ("scaled residuals", {"scale_residual": True}),
    ("sandwich norm", {"sandwich_norm": True}),
    ("sparse heads", {"attn_head_scale": True}),
    ("attention on attention", {"attn_on_attn": True}),
    ("macaron", {"macaron": True}),
    ("memory of keys and values", {"attn_num_mem_kv": 4}),
    ("hyper-connections", {"num_residual_streams": 2}),
    ("zero-initialized branches", {"zero_init_branch_output": True}),
    ("layer scale", {"use_layerscale": True}),
    ("token shift", {"shift_tokens": 1}),
    ("value residuals", {"add_value_residual": True}),
    ("KEEL", {"post_emb_norm": False, "pre_norm": False}),
)
_SIZES: Final = {"dim": 32, "depth": 2, "heads": 4, "attn_dim_head": 8}


def _language_model(options: dict[str, Any]) -> nn.Module:
    layers = {name: value for name, value in options.items() if name != "post_emb_norm"}
    return TransformerWrapper(
        num_tokens=60, max_seq_len=16, attn_layers=Decoder(**_SIZES, **layers)
    )


def _tokens() -> nn.Module:
    return TransformerWrapper(
        num_tokens=60,
        max_seq_len=16,
        num_memory_tokens=4,
        emb_dim=16,
        tie_embedding=False,
        attn_layers=Encoder(**_SIZES),
    )


def _tied() -> nn.Module:
    layers = Decoder(**_SIZES)
    return TransformerWrapper(num_tokens=60, max_seq_len=16, tie_embedding=True, attn_layers=layers)


def _image() -> nn.Module:
    layers = Encoder(**_SIZES)
    return ViTransformerWrapper(
        image_size=32, patch_size=8, num_classes=10, num_register_tokens=2, attn_layers=layers
    )


def _continuous() -> nn.Module:
    layers = Encoder(**_SIZES)
    return ContinuousTransformerWrapper(dim_in=24, dim_out=24, max_seq_len=16, attn_layers=layers)


def _seq2seq() -> nn.Module:
    return XTransformer(
        dim=32,
        enc_num_tokens=60,
        enc_depth=2,
        enc_heads=4,
        enc_max_seq_len=16,
        dec_num_tokens=60,
        dec_depth=2,
        dec_heads=4,
        dec_max_seq_len=16,
        tie_token_emb=True,
    )


MODELS: Final = (
    *(
        torch_model(f"TransformerWrapper, {name}", partial(_language_model, options))
        for name, options in _OPTIONS
    ),
    torch_model("TransformerWrapper with memory", _tokens),
    torch_model("TransformerWrapper, tied", _tied),
    torch_model("ViTransformerWrapper", _image),
    torch_model("ContinuousTransformerWrapper", _continuous),
    torch_model("CrossAttender", lambda: CrossAttender(**_SIZES)),
    torch_model("XTransformer", _seq2seq),
)
