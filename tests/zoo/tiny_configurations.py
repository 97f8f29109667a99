"""Small configurations of transformers' architectures, made from those that they come with."""

from __future__ import annotations

import contextlib
from typing import Any, Final

from transformers import CONFIG_MAPPING, PretrainedConfig

#: What a size is called, over the architectures, and how small it is made.
_SIZES: Final = {
    **dict.fromkeys(("hidden_size", "d_model", "n_embd", "dim", "embed_dim"), 32),
    **dict.fromkeys(("embedding_size", "vision_hidden_size"), 32),
    **dict.fromkeys(("num_hidden_layers", "n_layer", "n_layers", "num_layers", "depth"), 2),
    **dict.fromkeys(("encoder_layers", "decoder_layers"), 2),
    **dict.fromkeys(("num_attention_heads", "n_head", "n_heads", "num_heads"), 4),
    **dict.fromkeys(("encoder_attention_heads", "decoder_attention_heads"), 4),
    **dict.fromkeys(("intermediate_size", "ffn_dim", "d_ff", "intermediate_dim"), 40),
    **dict.fromkeys(("encoder_ffn_dim", "decoder_ffn_dim"), 40),
    **dict.fromkeys(("moe_intermediate_size", "shared_expert_intermediate_size"), 24),
    **dict.fromkeys(("num_local_experts", "num_experts", "n_routed_experts"), 4),
    **dict.fromkeys(("max_position_embeddings", "n_positions"), 40),
    **dict.fromkeys(("max_source_positions", "max_target_positions"), 40),
    **dict.fromkeys(("head_dim", "d_kv", "kv_channels", "attention_head_size"), 8),
    **dict.fromkeys(("rotary_dim", "state_size", "time_step_rank"), 4),
    "num_key_value_heads": 2,
    "num_experts_per_tok": 2,
    "vocab_size": 60,
    "type_vocab_size": 2,
    "image_size": 32,
    "patch_size": 8,
    "projection_dim": 16,
    "num_mel_bins": 16,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "decoder_start_token_id": 1,
}
#: Lists with a word for each layer.
_LISTS: Final = ("layer_types", "mlp_layer_types", "layers_block_type")
_DEPTH: Final = 3


def tiny_configuration(architecture: str) -> PretrainedConfig:
    """Return the configuration of an architecture, with small sizes, at all of its levels."""
    return _shrunk(CONFIG_MAPPING[architecture](), _DEPTH)


def _shrunk(configuration: PretrainedConfig, depth: int) -> PretrainedConfig:
    for name, size in _SIZES.items():
        if type(getattr(configuration, name, None)) is int:
            setattr(configuration, name, size)
    for name in _LISTS:
        if isinstance(kinds := getattr(configuration, name, None), list):
            _try_to_set(configuration, name, kinds[:2])
    for part in list(vars(configuration).values()):
        if isinstance(part, PretrainedConfig) and depth:
            _shrunk(part, depth - 1)
    return configuration


def _try_to_set(configuration: PretrainedConfig, name: str, value: Any) -> None:
    """Set it where it can be set: of some architectures it is worked out from others."""
    with contextlib.suppress(AttributeError, ValueError):
        setattr(configuration, name, value)
