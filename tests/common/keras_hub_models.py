"""Models of keras_hub, of the sizes of those of transformers beside them."""

import keras
from keras_hub import models

_LAYERS = {"vocabulary_size": 11, "num_layers": 2, "hidden_dim": 8, "intermediate_dim": 12}


def gpt2():
    options = {**_LAYERS, "intermediate_dim": 32}
    return models.GPT2Backbone(num_heads=2, max_sequence_length=5, dropout=0, **options)


def llama(family="Llama", **options):
    backbone = getattr(models, f"{family}Backbone")
    return backbone(num_query_heads=2, num_key_value_heads=1, dropout=0, **_LAYERS, **options)


def llama_of_experts(family, **options):
    return llama(family, num_experts=3, **options)


def gemma():
    """Its two matrices into a perceptron are half as wide as they are said to be."""
    sizes = {**_LAYERS, "intermediate_dim": 24}
    return models.GemmaBackbone(num_query_heads=2, num_key_value_heads=1, head_dim=4, **sizes)


def t5():
    return models.T5Backbone(
        num_heads=2,
        key_value_dim=4,
        use_gated_activation=True,
        activation=gelu_approximate,
        dropout=0,
        **_LAYERS,
    )


def roberta():
    return models.RobertaBackbone(num_heads=2, max_sequence_length=8, dropout=0, **_LAYERS)


def whisper():
    return models.WhisperBackbone(
        num_heads=2,
        num_mels=8,
        max_encoder_sequence_length=20,
        max_decoder_sequence_length=10,
        dropout=0,
        **_LAYERS,
    )


def gelu_approximate(inputs):
    return keras.activations.gelu(inputs, approximate=True)


def bert():
    return models.BertBackbone(num_heads=2, max_sequence_length=6, dropout=0, **_LAYERS)


def vit():
    return models.ViTBackbone(
        image_shape=(8, 8, 3),
        patch_size=4,
        num_layers=2,
        num_heads=2,
        hidden_dim=8,
        mlp_dim=12,
        dropout_rate=0,
        attention_dropout=0,
    )


def resnet(block_type="basic_block", filters=(64, 128), image=32):
    return models.ResNetBackbone(
        input_conv_filters=[64],
        input_conv_kernel_sizes=[7],
        stackwise_num_filters=list(filters),
        stackwise_num_blocks=[2] * len(filters),
        stackwise_num_strides=[1] + [2] * (len(filters) - 1),
        block_type=block_type,
        use_pre_activation=False,
        image_shape=(image, image, 3),
    )


def with_head(backbone, kind, **options):
    """The backbone in a model of its own, e.g. a ``CausalLM``."""
    family = type(backbone).__name__.removesuffix("Backbone")
    return getattr(models, f"{family}{kind}")(backbone=backbone, preprocessor=None, **options)
