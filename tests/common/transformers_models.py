"""Models of transformers, of two small layers each."""

import transformers

transformers.logging.set_verbosity_error()

#: No token of the usual vocabularies is one of these small ones.
_TOKENS = {"vocab_size": 11, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}


def gpt2(cls="GPT2LMHeadModel"):
    config = transformers.GPT2Config(n_layer=2, n_embd=8, n_head=2, n_positions=5, **_TOKENS)
    return getattr(transformers, cls)(config)


def llama_config(cls="Llama", **options):
    return getattr(transformers, f"{cls}Config")(
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=4,
        intermediate_size=12,
        **{**_TOKENS, **options},
    )


def llama(cls="LlamaForCausalLM", **options):
    """Llama, or a model whose layers have the same names."""
    family = cls.removesuffix("Model").split("For")[0]
    return getattr(transformers, cls)(llama_config(family, **options))


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


def t5(**options):
    sizes = {"vocab_size": 11, "d_model": 8, "d_kv": 4, "d_ff": 12, "num_layers": 2, "num_heads": 2}
    config = transformers.T5Config(**sizes, **options)
    return transformers.T5ForConditionalGeneration(config)


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
