"""Models of transformers in Flax, which its releases before 5 have."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, Final

import jax
import jax.numpy as jnp

from zoo.judges.jax_builds import Linen
from zoo.zoo_model import ZooModel

_CLIP: Final = jnp.clip
_SMALL: Final = {
    "vocab_size": 99,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 40,
}
_SEQ2SEQ: Final = {
    "vocab_size": 99,
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 40,
    "pad_token_id": 1,
    "eos_token_id": 2,
    "bos_token_id": 0,
    "decoder_start_token_id": 2,
}
_T5: Final = {
    "vocab_size": 99,
    "d_model": 32,
    "d_kv": 8,
    "d_ff": 64,
    "num_layers": 2,
    "num_heads": 4,
    "decoder_start_token_id": 0,
}
_IMAGES: Final = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "image_size": 32,
    "patch_size": 8,
}
_CONVOLUTIONS: Final = {"embedding_size": 16, "hidden_sizes": [16, 32], "depths": [1, 2]}
_TEXT_TOWER: Final = {**_SMALL, "eos_token_id": 98, "bos_token_id": 0}
_GPT: Final = {"vocab_size": 99, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 40}
_CONFIGURATIONS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "FlaxAlbertModel": ("AlbertConfig", {**_SMALL, "embedding_size": 16}),
    "FlaxBartModel": ("BartConfig", _SEQ2SEQ),
    "FlaxBeitForImageClassification": ("BeitConfig", {**_IMAGES, "vocab_size": 99}),
    "FlaxBertModel": ("BertConfig", _SMALL),
    "FlaxBertForMaskedLM": ("BertConfig", _SMALL),
    "FlaxBigBirdModel": (
        "BigBirdConfig",
        {**_SMALL, "attention_type": "original_full", "block_size": 2},
    ),
    "FlaxBloomForCausalLM": (
        "BloomConfig",
        {"vocab_size": 99, "hidden_size": 32, "n_layer": 2, "n_head": 4},
    ),
    "FlaxCLIPModel": (
        "CLIPConfig",
        {"text_config": _TEXT_TOWER, "vision_config": _IMAGES, "projection_dim": 24},
    ),
    "FlaxCLIPTextModel": ("CLIPTextConfig", _TEXT_TOWER),
    "FlaxCLIPVisionModel": ("CLIPVisionConfig", _IMAGES),
    "FlaxDinov2Model": ("Dinov2Config", _IMAGES),
    "FlaxDistilBertModel": (
        "DistilBertConfig",
        {
            "vocab_size": 99,
            "dim": 32,
            "n_layers": 2,
            "n_heads": 4,
            "hidden_dim": 64,
            "max_position_embeddings": 40,
        },
    ),
    "FlaxElectraForPreTraining": ("ElectraConfig", {**_SMALL, "embedding_size": 16}),
    "FlaxGemmaForCausalLM": ("GemmaConfig", {**_SMALL, "num_key_value_heads": 2, "head_dim": 8}),
    "FlaxGPT2Model": ("GPT2Config", _GPT),
    "FlaxGPT2LMHeadModel": ("GPT2Config", _GPT),
    "FlaxGPTJForCausalLM": ("GPTJConfig", {**_GPT, "rotary_dim": 4}),
    "FlaxGPTNeoForCausalLM": (
        "GPTNeoConfig",
        {
            "vocab_size": 99,
            "hidden_size": 32,
            "num_layers": 2,
            "num_heads": 4,
            "attention_types": [[["global", "local"], 1]],
            "max_position_embeddings": 40,
        },
    ),
    "FlaxLlamaForCausalLM": ("LlamaConfig", {**_SMALL, "num_key_value_heads": 2}),
    "FlaxLongT5Model": ("LongT5Config", {**_T5, "local_radius": 3}),
    "FlaxMarianMTModel": ("MarianConfig", _SEQ2SEQ),
    "FlaxMistralForCausalLM": ("MistralConfig", {**_SMALL, "num_key_value_heads": 2}),
    "FlaxOPTForCausalLM": (
        "OPTConfig",
        {
            "vocab_size": 99,
            "hidden_size": 32,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "ffn_dim": 64,
            "max_position_embeddings": 40,
            "word_embed_proj_dim": 16,
        },
    ),
    "FlaxRegNetModel": ("RegNetConfig", {**_CONVOLUTIONS, "groups_width": 8}),
    "FlaxResNetForImageClassification": ("ResNetConfig", _CONVOLUTIONS),
    "FlaxRobertaModel": ("RobertaConfig", _SMALL),
    "FlaxRobertaPreLayerNormModel": ("RobertaPreLayerNormConfig", _SMALL),
    "FlaxRoFormerModel": ("RoFormerConfig", {**_SMALL, "embedding_size": 32}),
    "FlaxT5Model": ("T5Config", _T5),
    "FlaxT5ForConditionalGeneration": ("T5Config", {**_T5, "feed_forward_proj": "gated-gelu"}),
    "FlaxT5EncoderModel": ("T5Config", _T5),
    "FlaxViTForImageClassification": ("ViTConfig", _IMAGES),
    "FlaxWav2Vec2Model": (
        "Wav2Vec2Config",
        {
            **_SMALL,
            "conv_dim": (16, 16),
            "conv_stride": (4, 2),
            "conv_kernel": (8, 3),
            "num_conv_pos_embeddings": 16,
            "num_conv_pos_embedding_groups": 2,
            "do_stable_layer_norm": True,
            "feat_extract_norm": "layer",
        },
    ),
    "FlaxWhisperForConditionalGeneration": (
        "WhisperConfig",
        {**_SEQ2SEQ, "num_mel_bins": 8, "max_source_positions": 30, "max_target_positions": 20},
    ),
    "FlaxXGLMForCausalLM": (
        "XGLMConfig",
        {
            "vocab_size": 99,
            "d_model": 32,
            "num_layers": 2,
            "attention_heads": 4,
            "ffn_dim": 64,
            "max_position_embeddings": 40,
        },
    ),
}


def _clip(array: Any, *ends: Any, a_min: Any = None, a_max: Any = None, **named: Any) -> Any:
    """Take the ends by the names that JAX has left behind, and T5 of this release has not."""
    given = {"min": a_min, "max": a_max} if a_min is not None or a_max is not None else {}
    return _CLIP(array, *ends, **given, **named)


def _built(name: str, seed: int) -> Linen:
    jnp.clip = _clip
    transformers = importlib.import_module("transformers")
    configuration, options = _CONFIGURATIONS[name]
    config = getattr(transformers, configuration)(**options)
    model = getattr(transformers, name)(config, _do_init=False)
    calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    # What a model gives its module is in its own function that starts it.
    class Spy:
        def init(self, _: Any, *inputs: Any, **keywords: Any) -> Any:
            calls.append((inputs, keywords))
            return {"params": {}}

    module = model.module
    model.__dict__["_module"] = Spy()
    model.init_weights(jax.random.key(0), model.input_shape)
    (inputs, keywords), *_ = calls
    abstract = jax.tree_util.tree_map(
        lambda leaf: jnp.asarray(leaf) if hasattr(leaf, "shape") else leaf, inputs
    )
    return Linen(module, tuple(abstract), seed, keywords)


MODELS: Final = tuple(
    ZooModel(name, lambda seed, name=name: _built(name, seed)) for name in _CONFIGURATIONS
)
