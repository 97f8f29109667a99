"""The language models of tunix, in Flax nnx."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import jax.numpy as jnp
from flax import nnx
from tunix.models.gemma import model as gemma
from tunix.models.gemma3 import model as gemma3
from tunix.models.llama3 import model as llama3
from tunix.models.qwen2 import model as qwen2
from tunix.models.qwen3 import model as qwen3

from zoo.zoo_model import ZooModel

_SIZES: Final = {
    "num_layers": 2,
    "embed_dim": 32,
    "hidden_dim": 64,
    "num_heads": 4,
    "head_dim": 8,
    "num_kv_heads": 2,
}
_VOCABULARY: Final = {**_SIZES, "vocab_size": 99, "rope_theta": 10_000, "norm_eps": 1e-5}
_MODELS: Final[Mapping[str, tuple[Callable[..., Any], Callable[..., Any], Mapping[str, Any]]]] = {
    "Llama3": (llama3.Llama3, llama3.ModelConfig, _VOCABULARY),
    "Llama3, tied": (llama3.Llama3, llama3.ModelConfig, {**_VOCABULARY, "weight_tying": True}),
    "Qwen2": (qwen2.Qwen2, qwen2.ModelConfig, _VOCABULARY),
    "Qwen3": (qwen3.Qwen3, qwen3.ModelConfig, _VOCABULARY),
    "Qwen3, of experts": (
        qwen3.Qwen3,
        qwen3.ModelConfig,
        {**_VOCABULARY, "num_experts": 4, "num_experts_per_tok": 2},
    ),
    "Gemma": (
        gemma.Gemma,
        gemma.ModelConfig,
        {
            **_SIZES,
            "num_embed": 99,
            "final_logit_softcap": None,
            "use_post_attn_norm": True,
            "use_post_ffw_norm": True,
            "attention_types": (gemma.AttentionType.GLOBAL,) * 2,
        },
    ),
    "Gemma3": (
        gemma3.Gemma3,
        gemma3.ModelConfig,
        {**_SIZES, "num_embed": 99, "sliding_window_size": 8, "param_dtype": jnp.float32},
    ),
}


def _built(name: str, seed: int) -> Any:
    make, configure, options = _MODELS[name]
    return make(configure(**options), rngs=nnx.Rngs(seed))


MODELS: Final = tuple(
    ZooModel(name, lambda seed, name=name: _built(name, seed)) for name in _MODELS
)
