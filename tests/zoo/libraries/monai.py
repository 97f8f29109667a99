"""Networks of MONAI for images of bodies, in two or three axes, each in small."""

from __future__ import annotations

from typing import Any, Final

from monai.networks import nets

from zoo.seeded import seeded
from zoo.zoo_model import ZooModel

_FLAT: Final[dict[str, Any]] = {"spatial_dims": 2, "in_channels": 1, "out_channels": 2}
_STEPS: Final[dict[str, Any]] = {"channels": (8, 16, 32), "strides": (2, 2)}
_EQUAL: Final[dict[str, Any]] = {"channels": (8, 16, 32), "strides": (2, 2, 2)}
_DIFFUSION: Final[dict[str, Any]] = {
    "channels": (8, 16),
    "attention_levels": (False, True),
    "num_res_blocks": 1,
    "norm_num_groups": 8,
    "num_head_channels": 8,
}
_AUTOENCODER: Final[dict[str, Any]] = {
    "channels": (8, 16),
    "num_res_blocks": 1,
    "norm_num_groups": 8,
    "attention_levels": (False, True),
    "latent_channels": 4,
}
_VIT: Final[dict[str, Any]] = {"hidden_size": 32, "mlp_dim": 48, "num_heads": 4}

MODELS: Final[tuple[ZooModel, ...]] = (
    seeded("AttentionUnet", nets.AttentionUnet, **_FLAT, **_STEPS),
    seeded("AutoEncoder", nets.AutoEncoder, **_FLAT, **_EQUAL),
    seeded("AutoencoderKL", nets.AutoencoderKL, **_FLAT, **_AUTOENCODER),
    seeded("BasicUNet", nets.BasicUNet, **_FLAT, features=(8, 8, 16, 16, 32, 8)),
    seeded("BasicUNetPlusPlus", nets.BasicUNetPlusPlus, **_FLAT, features=(8, 8, 16, 16, 32, 8)),
    seeded(
        "ControlNet",
        nets.ControlNet,
        spatial_dims=2,
        in_channels=1,
        conditioning_embedding_num_channels=(8,),
        **_DIFFUSION,
    ),
    seeded("DenseNet121", nets.DenseNet121, **_FLAT),
    seeded("DiffusionModelUNet", nets.DiffusionModelUNet, **_FLAT, **_DIFFUSION),
    seeded(
        "DynUNet",
        nets.DynUNet,
        **_FLAT,
        kernel_size=(3, 3, 3),
        strides=(1, 2, 2),
        upsample_kernel_size=(2, 2),
        filters=(8, 16, 32),
        deep_supervision=True,
        deep_supr_num=1,
    ),
    seeded(
        "EfficientNetBN",
        nets.EfficientNetBN,
        "efficientnet-b0",
        pretrained=False,
        spatial_dims=2,
        in_channels=1,
        num_classes=2,
    ),
    seeded("HighResNet", nets.HighResNet, **_FLAT),
    seeded(
        "MaskedAutoEncoderViT",
        nets.MaskedAutoEncoderViT,
        in_channels=1,
        img_size=32,
        patch_size=8,
        spatial_dims=2,
        num_layers=2,
        decoder_hidden_size=32,
        decoder_mlp_dim=48,
        decoder_num_layers=1,
        decoder_num_heads=4,
        **_VIT,
    ),
    seeded("PatchDiscriminator", nets.PatchDiscriminator, **_FLAT, channels=8),
    seeded(
        "RegUNet", nets.RegUNet, **_FLAT, num_channel_initial=8, depth=2
    ),
    seeded(
        "ResNet",
        nets.ResNet,
        "basic",
        [1, 1, 1, 1],
        [8, 16, 32, 64],
        n_input_channels=1,
        num_classes=2,
    ),
    seeded("SEResNet50", nets.SEResNet50, spatial_dims=2, in_channels=1, num_classes=2),
    seeded("SegResNet", nets.SegResNet, **_FLAT, init_filters=8),
    seeded(
        "SegResNetVAE", nets.SegResNetVAE, (32, 32), spatial_dims=2, init_filters=8, vae_nz=16
    ),
    seeded("SwinUNETR", nets.SwinUNETR, **_FLAT, feature_size=12),
    seeded(
        "SwinUNETR, version 2", nets.SwinUNETR, **_FLAT, feature_size=12, use_v2=True
    ),
    seeded(
        "UNETR", nets.UNETR, in_channels=1, out_channels=2, img_size=32, feature_size=8, **_VIT
    ),
    seeded("UNet", nets.UNet, **_FLAT, **_STEPS, num_res_units=2),
    seeded(
        "VQVAE",
        nets.VQVAE,
        **_FLAT,
        channels=(8, 16),
        num_res_channels=(8, 16),
        num_res_layers=1,
        downsample_parameters=((2, 4, 1, 1),) * 2,
        upsample_parameters=((2, 4, 1, 1, 0),) * 2,
        num_embeddings=16,
        embedding_dim=8,
    ),
    seeded("VNet", nets.VNet, spatial_dims=2),
    seeded(
        "VarAutoEncoder",
        nets.VarAutoEncoder,
        spatial_dims=2,
        in_shape=(1, 32, 32),
        out_channels=1,
        latent_size=8,
        **_EQUAL,
    ),
    seeded(
        "ViT",
        nets.ViT,
        in_channels=1,
        img_size=32,
        patch_size=8,
        spatial_dims=2,
        num_layers=2,
        classification=True,
        **_VIT,
    ),
    seeded(
        "ViTAutoEnc",
        nets.ViTAutoEnc,
        in_channels=1,
        img_size=32,
        patch_size=4,
        spatial_dims=2,
        num_layers=2,
        **_VIT,
    ),
)
