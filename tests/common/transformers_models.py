"""Models of transformers, of two small layers each."""

import transformers

transformers.logging.set_verbosity_error()

#: No token of the usual vocabularies is one of these small ones.
_TOKENS = {"vocab_size": 11, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}


def gpt2(cls="GPT2LMHeadModel"):
    config = transformers.GPT2Config(n_layer=2, n_embd=8, n_head=2, n_positions=5, **_TOKENS)
    return getattr(transformers, cls)(config)


def llama_config(make=transformers.LlamaConfig, **options):
    sizes = {
        "hidden_size": 8,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 4,
        "intermediate_size": 12,
    }
    return make(**{**sizes, **_TOKENS, **options})


def llama(cls="LlamaForCausalLM", **options):
    """Llama, or a model whose layers have the same names."""
    model = getattr(transformers, cls)
    return model(llama_config(model.config_class, **options))


def llava():
    """A Llama behind a tower of another architecture, inside of one model."""
    vision = transformers.CLIPVisionConfig(
        hidden_size=8,
        intermediate_size=12,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=8,
        patch_size=4,
    )
    config = transformers.LlavaConfig(
        vision_config=vision, text_config=llama_config(), image_token_index=3
    )
    return transformers.LlavaForConditionalGeneration(config)


def t5(cls="T5ForConditionalGeneration", **options):
    sizes = {"vocab_size": 11, "d_model": 8, "d_kv": 4, "d_ff": 12, "num_layers": 2, "num_heads": 2}
    config = transformers.T5Config(**sizes, **options)
    return getattr(transformers, cls)(config)


#: Positions as in keras_hub's models.
_ROTARY = {"rope_type": "default", "rope_theta": 10000.0}


def mixtral(cls="MixtralForCausalLM", **options):
    return llama(cls, num_local_experts=3, rope_parameters=_ROTARY, **options)


def qwen3_moe(cls="Qwen3MoeForCausalLM"):
    experts = {"num_experts": 3, "moe_intermediate_size": 8, "num_experts_per_tok": 2}
    return llama(cls, rope_parameters=_ROTARY, norm_topk_prob=True, **experts)


def gpt_oss(cls="GptOssForCausalLM"):
    same = {"num_experts_per_tok": 2, "layer_types": ["full_attention"] * 2, "rms_norm_eps": 1e-6}
    return mixtral(cls, **same)


def deepseek_v3(cls="DeepseekV3ForCausalLM"):
    """One dense layer, and one of experts."""
    heads = {"qk_rope_head_dim": 2, "qk_nope_head_dim": 2, "v_head_dim": 4, "head_dim": 2}
    ranks = {"q_lora_rank": 4, "kv_lora_rank": 4}
    experts = {"n_routed_experts": 4, "moe_intermediate_size": 8, "num_experts_per_tok": 2}
    groups = {"n_group": 2, "topk_group": 1, "first_k_dense_replace": 1}
    both = {"num_key_value_heads": 2}
    return llama(cls, **heads, **ranks, **experts, **groups, **both)


def gemma(cls="GemmaForCausalLM", **options):
    return llama(cls, **options)


def roberta(cls="RobertaForMaskedLM"):
    model = getattr(transformers, cls)
    config = model.config_class(
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=12,
        max_position_embeddings=8,
        **_TOKENS,
    )
    return model(config)


def mamba(cls="MambaForCausalLM"):
    config = transformers.MambaConfig(
        hidden_size=8, num_hidden_layers=2, state_size=4, rescale_prenorm_residual=True, **_TOKENS
    )
    return getattr(transformers, cls)(config)


def mamba2(cls="Mamba2ForCausalLM"):
    config = transformers.Mamba2Config(
        hidden_size=8,
        num_hidden_layers=2,
        state_size=4,
        num_heads=4,
        head_dim=4,
        n_groups=2,
        **_TOKENS,
    )
    return getattr(transformers, cls)(config)


def whisper(cls="WhisperForConditionalGeneration"):
    sides = {
        f"{side}_{name}": size
        for side in ("encoder", "decoder")
        for name, size in {"layers": 2, "attention_heads": 2, "ffn_dim": 12}.items()
    }
    config = transformers.WhisperConfig(
        d_model=8,
        num_mel_bins=8,
        max_source_positions=10,
        max_target_positions=10,
        decoder_start_token_id=1,
        **sides,
        **_TOKENS,
    )
    return getattr(transformers, cls)(config)


def bert(cls="BertForSequenceClassification"):
    config = transformers.BertConfig(
        vocab_size=11,
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=12,
        max_position_embeddings=6,
        hidden_act="gelu_new",  # as in keras_hub
    )
    return getattr(transformers, cls)(config)


def vit(cls="ViTForImageClassification"):
    config = transformers.ViTConfig(
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=12,
        image_size=8,
        patch_size=4,
        layer_norm_eps=1e-6,
    )
    return getattr(transformers, cls)(config)


def resnet(cls="ResNetForImageClassification", layer_type="basic", **options):
    given = {"embedding_size": 64, "hidden_sizes": [64, 128], "depths": [2, 2]} | options
    return getattr(transformers, cls)(transformers.ResNetConfig(layer_type=layer_type, **given))
