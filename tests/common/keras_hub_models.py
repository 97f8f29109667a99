"""Models of keras_hub, of the sizes of those of transformers beside them."""

from keras_hub import models

_LAYERS = {"vocabulary_size": 11, "num_layers": 2, "hidden_dim": 8, "intermediate_dim": 12}


def gpt2():
    options = {**_LAYERS, "intermediate_dim": 32}
    return models.GPT2Backbone(num_heads=2, max_sequence_length=5, dropout=0, **options)


def llama(family="Llama", **options):
    backbone = getattr(models, f"{family}Backbone")
    return backbone(num_query_heads=2, num_key_value_heads=1, dropout=0, **_LAYERS, **options)


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
