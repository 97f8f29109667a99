"""Networks of MONAI, in two and three dimensions."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from monai.networks import nets
from torch import nn

from zoo.seeded import torch_model

_PLANE: Final[dict[str, Any]] = {"spatial_dims": 2, "in_channels": 1, "out_channels": 2}
_STEPS: Final[dict[str, Any]] = {"channels": (8, 16, 32), "strides": (2, 2)}
_CODED: Final[dict[str, Any]] = {"channels": (8, 16, 32), "strides": (2, 2, 2)}
_LATENT: Final[dict[str, Any]] = {
    **_PLANE,
    "out_channels": 1,
    "channels": (8, 16),
    "attention_levels": (False, True),
    "norm_num_groups": 8,
}
_VIT: Final[dict[str, Any]] = {
    "in_channels": 1,
    "img_size": (32, 32),
    "patch_size": (8, 8),
    "hidden_size": 32,
    "mlp_dim": 40,
    "num_layers": 2,
    "num_heads": 4,
    "spatial_dims": 2,
}

_NETS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("UNet", {**_PLANE, **_STEPS, "num_res_units": 2}),
    ("UNet", {**_PLANE, **_STEPS, "spatial_dims": 3, "norm": "batch"}),
    ("AttentionUnet", {**_PLANE, **_STEPS}),
    ("AutoEncoder", {**_PLANE, **_CODED}),
    (
        "VarAutoEncoder",
        {"spatial_dims": 2, "in_shape": (1, 16, 16), "out_channels": 1, "latent_size": 4, **_CODED},
    ),
    ("BasicUNet", {**_PLANE, "features": (8, 8, 16, 16, 32, 8)}),
    ("BasicUNetPlusPlus", {**_PLANE, "features": (8, 8, 16, 16, 32, 8)}),
    (
        "DynUNet",
        {
            **_PLANE,
            "kernel_size": (3, 3, 3),
            "strides": (1, 2, 2),
            "upsample_kernel_size": (2, 2),
            "filters": (8, 16, 32),
        },
    ),
    ("SegResNet", {**_PLANE, "init_filters": 8}),
    ("SegResNetDS", {**_PLANE, "init_filters": 8, "blocks_down": (1, 1, 1)}),
    ("SegResNetVAE", {**_PLANE, "init_filters": 8, "input_image_size": (32, 32)}),
    ("VNet", {"spatial_dims": 2}),
    ("HighResNet", {**_PLANE}),
    ("DenseNet", {**_PLANE, "init_features": 16, "growth_rate": 8, "block_config": (2, 2)}),
    (
        "ResNet",
        {
            "block": "basic",
            "layers": [1, 1, 1, 1],
            "block_inplanes": [8, 8, 16, 16],
            "spatial_dims": 2,
            "n_input_channels": 1,
            "num_classes": 4,
        },
    ),
    (
        "ResNet",
        {
            "block": "bottleneck",
            "layers": [1, 1, 1, 1],
            "block_inplanes": [8, 8, 16, 16],
            "spatial_dims": 3,
            "n_input_channels": 1,
            "num_classes": 4,
        },
    ),
    (
        "SENet",
        {
            "spatial_dims": 2,
            "in_channels": 1,
            "num_classes": 4,
            "layers": (1, 1, 1, 1),
            "groups": 1,
            "reduction": 16,
            "block": "se_resnet_bottleneck",
            "inplanes": 16,
            "downsample_kernel_size": 1,
            "input_3x3": False,
            "dropout_prob": None,
        },
    ),
    ("ViT", {**_VIT, "classification": True, "num_classes": 4, "proj_type": "conv"}),
    ("ViT", {**_VIT, "proj_type": "perceptron", "pos_embed_type": "sincos", "qkv_bias": True}),
    ("ViTAutoEnc", {**_VIT, "patch_size": (4, 4)}),
    (
        "MaskedAutoEncoderViT",
        {
            **_VIT,
            "decoder_hidden_size": 32,
            "decoder_mlp_dim": 40,
            "decoder_num_layers": 1,
            "decoder_num_heads": 4,
        },
    ),
    (
        "UNETR",
        {
            **_PLANE,
            "img_size": (32, 32),
            "feature_size": 8,
            "hidden_size": 32,
            "mlp_dim": 40,
            "num_heads": 4,
        },
    ),
    (
        "SwinUNETR",
        {**_PLANE, "feature_size": 12, "depths": (1, 1, 1, 1), "num_heads": (1, 2, 2, 4)},
    ),
    (
        "SwinUNETR",
        {
            **_PLANE,
            "feature_size": 12,
            "depths": (1, 1, 1, 1),
            "num_heads": (1, 2, 2, 4),
            "use_v2": True,
        },
    ),
    ("AutoencoderKL", {**_LATENT, "latent_channels": 4, "num_res_blocks": 1}),
    (
        "VQVAE",
        {
            "spatial_dims": 2,
            "in_channels": 1,
            "out_channels": 1,
            "channels": (8, 16),
            "num_res_channels": (8, 16),
            "num_res_layers": 1,
            "downsample_parameters": ((2, 4, 1, 1),) * 2,
            "upsample_parameters": ((2, 4, 1, 1, 0),) * 2,
            "num_embeddings": 16,
            "embedding_dim": 8,
        },
    ),
    (
        "DiffusionModelUNet",
        {
            **_LATENT,
            "num_res_blocks": 1,
            "num_head_channels": 8,
            "with_conditioning": True,
            "cross_attention_dim": 16,
        },
    ),
    (
        "ControlNet",
        {
            "spatial_dims": 2,
            "in_channels": 1,
            "channels": (8, 16),
            "attention_levels": (False, True),
            "norm_num_groups": 8,
            "num_res_blocks": 1,
            "num_head_channels": 8,
            "conditioning_embedding_num_channels": (8, 16),
        },
    ),
    ("SPADEAutoencoderKL", {**_LATENT, "label_nc": 3, "latent_channels": 4, "num_res_blocks": 1}),
    (
        "DecoderOnlyTransformer",
        {
            "num_tokens": 20,
            "max_seq_len": 16,
            "attn_layers_dim": 32,
            "attn_layers_depth": 2,
            "attn_layers_heads": 4,
            "with_cross_attention": True,
        },
    ),
    ("PatchDiscriminator", {"spatial_dims": 2, "channels": 8, "in_channels": 1, "num_layers_d": 2}),
    (
        "MultiScalePatchDiscriminator",
        {"num_d": 2, "num_layers_d": 2, "spatial_dims": 2, "channels": 8, "in_channels": 1},
    ),
    (
        "Generator",
        {"latent_shape": (8,), "start_shape": (8, 4, 4), "channels": (16, 8), "strides": (2, 2)},
    ),
    ("Discriminator", {"in_shape": (1, 16, 16), "channels": (8, 16), "strides": (2, 2)}),
    ("Critic", {"in_shape": (1, 16, 16), "channels": (8, 16), "strides": (2, 2)}),
    (
        "Regressor",
        {"in_shape": (1, 16, 16), "out_shape": (2,), "channels": (8, 16), "strides": (2, 2)},
    ),
    (
        "Classifier",
        {
            "in_shape": (1, 16, 16),
            "classes": 4,
            "channels": (8, 16),
            "strides": (2, 2),
            "last_act": "softmax",
        },
    ),
    ("FullyConnectedNet", {"in_channels": 24, "out_channels": 4, "hidden_channels": (32, 16)}),
    ("LocalNet", {**_PLANE, "num_channel_initial": 8, "extract_levels": (0, 1)}),
    (
        "GlobalNet",
        {
            "image_size": (16, 16),
            "spatial_dims": 2,
            "in_channels": 1,
            "num_channel_initial": 4,
            "depth": 2,
        },
    ),
    (
        "VoxelMorphUNet",
        {
            "spatial_dims": 2,
            "in_channels": 2,
            "unet_out_channels": 8,
            "channels": (8, 8, 8, 8),
            "final_conv_channels": (8,),
        },
    ),
    (
        "MedNeXt",
        {
            **_PLANE,
            "init_filters": 8,
            "blocks_down": (1, 1),
            "blocks_bottleneck": 1,
            "blocks_up": (1, 1),
            "encoder_expansion_ratio": 2,
            "decoder_expansion_ratio": 2,
        },
    ),
)


def _net(name: str, options: dict[str, Any]) -> nn.Module:
    model: nn.Module = getattr(nets, name)(**options)
    return model


def _told_apart(number: int, name: str) -> str:
    before = sum(other == name for other, _ in _NETS[:number])
    return f"{name} {before + 1}" if before else name


MODELS: Final = tuple(
    torch_model(_told_apart(number, name), partial(_net, name, options))
    for number, (name, options) in enumerate(_NETS)
)
