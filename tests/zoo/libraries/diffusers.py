"""Models of diffusers: U-Nets, transformers, autoencoders and adapters, all of them small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import diffusers
from torch import nn

from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel

_UNET: Final[dict[str, Any]] = {
    "sample_size": 16,
    "block_out_channels": (16, 32),
    "layers_per_block": 1,
    "norm_num_groups": 8,
}
_ATTENDING: Final[dict[str, Any]] = {
    **_UNET,
    "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
    "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
    "cross_attention_dim": 16,
    "attention_head_dim": 8,
}
_CODER: Final[dict[str, Any]] = {
    "down_block_types": ("DownEncoderBlock2D", "DownEncoderBlock2D"),
    "up_block_types": ("UpDecoderBlock2D", "UpDecoderBlock2D"),
    "block_out_channels": (16, 32),
    "norm_num_groups": 8,
}
_HEADS: Final[dict[str, Any]] = {"num_attention_heads": 2, "attention_head_dim": 8}
_SMALL: Final[dict[str, Any]] = {**_HEADS, "num_layers": 2}

_CONFIGURATIONS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (
        "UNet2DModel",
        {
            **_UNET,
            "down_block_types": ("DownBlock2D", "AttnDownBlock2D"),
            "up_block_types": ("AttnUpBlock2D", "UpBlock2D"),
            "attention_head_dim": 8,
        },
    ),
    ("UNet2DConditionModel", _ATTENDING),
    (
        "UNet2DConditionModel",
        {
            **_ATTENDING,
            "class_embed_type": "projection",
            "projection_class_embeddings_input_dim": 12,
            "use_linear_projection": True,
        },
    ),
    (
        "UNet1DModel",
        {
            "sample_size": 32,
            "block_out_channels": (16, 32),
            "down_block_types": ("DownBlock1DNoSkip", "AttnDownBlock1D"),
            "up_block_types": ("AttnUpBlock1D", "UpBlock1DNoSkip"),
            "extra_in_channels": 16,
        },
    ),
    (
        "UNet3DConditionModel",
        {
            **_UNET,
            "down_block_types": ("CrossAttnDownBlock3D", "DownBlock3D"),
            "up_block_types": ("UpBlock3D", "CrossAttnUpBlock3D"),
            "cross_attention_dim": 16,
            "attention_head_dim": 8,
        },
    ),
    (
        "UNetMotionModel",
        {
            **_UNET,
            "down_block_types": ("CrossAttnDownBlockMotion", "DownBlockMotion"),
            "up_block_types": ("UpBlockMotion", "CrossAttnUpBlockMotion"),
            "cross_attention_dim": 16,
            "num_attention_heads": 2,
            "motion_num_attention_heads": 2,
        },
    ),
    (
        "ControlNetModel",
        {
            "block_out_channels": (16, 32),
            "layers_per_block": 1,
            "norm_num_groups": 8,
            "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
            "cross_attention_dim": 16,
            "attention_head_dim": 8,
            "conditioning_embedding_out_channels": (16, 32),
        },
    ),
    (
        "MotionAdapter",
        {
            "block_out_channels": (16, 32),
            "motion_num_attention_heads": 2,
            "motion_norm_num_groups": 8,
        },
    ),
    ("T2IAdapter", {"channels": [16, 32], "num_res_blocks": 1}),
    ("AutoencoderKL", {**_CODER, "latent_channels": 4}),
    ("VQModel", {**_CODER, "num_vq_embeddings": 24, "latent_channels": 4}),
    (
        "AsymmetricAutoencoderKL",
        {
            "down_block_types": ("DownEncoderBlock2D", "DownEncoderBlock2D"),
            "down_block_out_channels": (16, 32),
            "up_block_types": ("UpDecoderBlock2D", "UpDecoderBlock2D"),
            "up_block_out_channels": (16, 32),
            "norm_num_groups": 8,
        },
    ),
    (
        "AutoencoderTiny",
        {
            "encoder_block_out_channels": (16, 16),
            "decoder_block_out_channels": (16, 16),
            "num_encoder_blocks": (1, 1),
            "num_decoder_blocks": (1, 1),
        },
    ),
    (
        "ConsistencyDecoderVAE",
        {
            "encoder_block_out_channels": (16, 32),
            "encoder_down_block_types": ("DownEncoderBlock2D", "DownEncoderBlock2D"),
            "decoder_block_out_channels": (16, 32),
            "decoder_down_block_types": ("ResnetDownsampleBlock2D", "ResnetDownsampleBlock2D"),
            "decoder_up_block_types": ("ResnetUpsampleBlock2D", "ResnetUpsampleBlock2D"),
            "decoder_layers_per_block": 1,
            "decoder_norm_num_groups": 8,
            "encoder_norm_num_groups": 8,
            "decoder_time_embedding_type": "learned",
            "latent_channels": 4,
        },
    ),
    (
        "AutoencoderKLTemporalDecoder",
        {
            "block_out_channels": (32, 32),
            "down_block_types": ("DownEncoderBlock2D", "DownEncoderBlock2D"),
        },
    ),
    (
        "AutoencoderDC",
        {
            "latent_channels": 4,
            "attention_head_dim": 2,
            "encoder_block_types": ("ResBlock", "EfficientViTBlock"),
            "decoder_block_types": ("ResBlock", "EfficientViTBlock"),
            "encoder_block_out_channels": (8, 8),
            "decoder_block_out_channels": (8, 8),
            "encoder_qkv_multiscales": ((), (5,)),
            "decoder_qkv_multiscales": ((), (5,)),
            "encoder_layers_per_block": (1, 1),
            "decoder_layers_per_block": (1, 1),
        },
    ),
    (
        "AutoencoderOobleck",
        {
            "encoder_hidden_size": 12,
            "decoder_channels": 12,
            "decoder_input_channels": 6,
            "downsampling_ratios": [2, 4],
            "channel_multiples": [1, 2],
        },
    ),
    (
        "AutoencoderKLCogVideoX",
        {
            "block_out_channels": (8, 8),
            "layers_per_block": 1,
            "norm_num_groups": 4,
            "down_block_types": ("CogVideoXDownBlock3D",) * 2,
            "up_block_types": ("CogVideoXUpBlock3D",) * 2,
        },
    ),
    (
        "AutoencoderKLWan",
        {
            "base_dim": 4,
            "z_dim": 4,
            "dim_mult": [1, 2],
            "num_res_blocks": 1,
            "temperal_downsample": [False],
        },
    ),
    (
        "DiTTransformer2DModel",
        {
            **_SMALL,
            "in_channels": 4,
            "sample_size": 8,
            "patch_size": 2,
            "num_embeds_ada_norm": 8,
            "norm_type": "ada_norm_zero",
        },
    ),
    (
        "PixArtTransformer2DModel",
        {
            **_SMALL,
            "in_channels": 4,
            "sample_size": 8,
            "patch_size": 2,
            "cross_attention_dim": 16,
            "caption_channels": 8,
        },
    ),
    ("Transformer2DModel", {**_SMALL, "in_channels": 16, "norm_num_groups": 8}),
    ("TransformerTemporalModel", {**_SMALL, "in_channels": 16, "norm_num_groups": 8}),
    (
        "SD3Transformer2DModel",
        {
            **_SMALL,
            "sample_size": 8,
            "patch_size": 2,
            "in_channels": 4,
            "caption_projection_dim": 16,
            "joint_attention_dim": 16,
            "pooled_projection_dim": 16,
        },
    ),
    (
        "SD3Transformer2DModel",
        {
            **_SMALL,
            "sample_size": 8,
            "patch_size": 2,
            "in_channels": 4,
            "caption_projection_dim": 16,
            "joint_attention_dim": 16,
            "pooled_projection_dim": 16,
            "qk_norm": "rms_norm",
            "dual_attention_layers": (0,),
        },
    ),
    (
        "SD3ControlNetModel",
        {
            **_SMALL,
            "sample_size": 8,
            "patch_size": 2,
            "in_channels": 4,
            "caption_projection_dim": 16,
            "joint_attention_dim": 16,
            "pooled_projection_dim": 16,
        },
    ),
    (
        "FluxTransformer2DModel",
        {
            **_HEADS,
            "num_layers": 1,
            "num_single_layers": 1,
            "in_channels": 4,
            "joint_attention_dim": 16,
            "pooled_projection_dim": 16,
            "axes_dims_rope": (4, 4, 8),
            "attention_head_dim": 16,
        },
    ),
    (
        "FluxTransformer2DModel",
        {
            **_HEADS,
            "num_layers": 1,
            "num_single_layers": 1,
            "in_channels": 4,
            "guidance_embeds": True,
            "joint_attention_dim": 16,
            "pooled_projection_dim": 16,
            "axes_dims_rope": (4, 4, 8),
            "attention_head_dim": 16,
        },
    ),
    (
        "FluxControlNetModel",
        {
            **_HEADS,
            "num_layers": 1,
            "num_single_layers": 1,
            "in_channels": 4,
            "joint_attention_dim": 16,
            "pooled_projection_dim": 16,
            "axes_dims_rope": [4, 4, 8],
            "attention_head_dim": 16,
        },
    ),
    (
        "ChromaTransformer2DModel",
        {
            **_HEADS,
            "num_layers": 1,
            "num_single_layers": 1,
            "in_channels": 4,
            "joint_attention_dim": 16,
            "axes_dims_rope": (4, 4, 8),
            "attention_head_dim": 16,
            "approximator_num_channels": 8,
            "approximator_hidden_dim": 16,
            "approximator_layers": 1,
        },
    ),
    (
        "AuraFlowTransformer2DModel",
        {
            "sample_size": 8,
            "in_channels": 4,
            "num_mmdit_layers": 1,
            "num_single_dit_layers": 1,
            "attention_head_dim": 8,
            "num_attention_heads": 2,
            "joint_attention_dim": 16,
            "caption_projection_dim": 16,
            "pos_embed_max_size": 16,
        },
    ),
    (
        "SanaTransformer2DModel",
        {
            **_SMALL,
            "in_channels": 4,
            "out_channels": 4,
            "num_layers": 1,
            "num_cross_attention_heads": 2,
            "cross_attention_head_dim": 8,
            "cross_attention_dim": 16,
            "caption_channels": 8,
            "sample_size": 8,
        },
    ),
    (
        "HunyuanDiT2DModel",
        {
            **_SMALL,
            "in_channels": 4,
            "sample_size": 8,
            "patch_size": 2,
            "hidden_size": 16,
            "cross_attention_dim": 8,
            "cross_attention_dim_t5": 8,
            "pooled_projection_dim": 4,
            "text_len": 4,
            "text_len_t5": 4,
            "activation_fn": "gelu-approximate",
        },
    ),
    (
        "HunyuanVideoTransformer3DModel",
        {
            "in_channels": 4,
            "out_channels": 4,
            "num_attention_heads": 2,
            "attention_head_dim": 10,
            "num_layers": 1,
            "num_single_layers": 1,
            "num_refiner_layers": 1,
            "text_embed_dim": 16,
            "pooled_projection_dim": 8,
            "rope_axes_dim": (2, 4, 4),
        },
    ),
    (
        "LuminaNextDiT2DModel",
        {
            "sample_size": 8,
            "hidden_size": 16,
            "num_layers": 1,
            "num_attention_heads": 2,
            "num_kv_heads": 1,
            "multiple_of": 8,
            "cross_attention_dim": 16,
            "in_channels": 4,
        },
    ),
    (
        "Lumina2Transformer2DModel",
        {
            "sample_size": 8,
            "hidden_size": 24,
            "num_layers": 1,
            "num_refiner_layers": 1,
            "num_attention_heads": 3,
            "num_kv_heads": 1,
            "multiple_of": 2,
            "cap_feat_dim": 16,
            "axes_dim_rope": (4, 2, 2),
            "in_channels": 4,
        },
    ),
    (
        "CogVideoXTransformer3DModel",
        {
            **_HEADS,
            "num_layers": 1,
            "in_channels": 4,
            "out_channels": 4,
            "time_embed_dim": 2,
            "text_embed_dim": 8,
            "sample_width": 8,
            "sample_height": 8,
            "sample_frames": 8,
            "max_text_seq_length": 8,
        },
    ),
    (
        "CogView3PlusTransformer2DModel",
        {
            "in_channels": 4,
            "num_layers": 1,
            "attention_head_dim": 4,
            "num_attention_heads": 2,
            "out_channels": 4,
            "text_embed_dim": 8,
            "time_embed_dim": 8,
            "condition_dim": 2,
            "pos_embed_max_size": 8,
            "sample_size": 8,
        },
    ),
    (
        "LTXVideoTransformer3DModel",
        {
            **_HEADS,
            "in_channels": 4,
            "out_channels": 4,
            "cross_attention_dim": 16,
            "num_layers": 1,
            "caption_channels": 16,
        },
    ),
    (
        "MochiTransformer3DModel",
        {
            **_HEADS,
            "num_layers": 2,
            "pooled_projection_dim": 16,
            "in_channels": 4,
            "time_embed_dim": 4,
            "text_embed_dim": 16,
        },
    ),
    (
        "WanTransformer3DModel",
        {
            "num_attention_heads": 2,
            "attention_head_dim": 12,
            "in_channels": 4,
            "out_channels": 4,
            "text_dim": 16,
            "freq_dim": 16,
            "ffn_dim": 32,
            "num_layers": 2,
        },
    ),
    (
        "WanTransformer3DModel",
        {
            "num_attention_heads": 2,
            "attention_head_dim": 12,
            "in_channels": 4,
            "out_channels": 4,
            "text_dim": 16,
            "freq_dim": 16,
            "ffn_dim": 32,
            "num_layers": 2,
            "image_dim": 16,
            "added_kv_proj_dim": 24,
        },
    ),
    (
        "QwenImageTransformer2DModel",
        {
            "num_attention_heads": 2,
            "attention_head_dim": 16,
            "in_channels": 16,
            "out_channels": 4,
            "num_layers": 2,
            "joint_attention_dim": 16,
            "axes_dims_rope": (8, 4, 4),
        },
    ),
    (
        "AllegroTransformer3DModel",
        {
            **_SMALL,
            "in_channels": 4,
            "out_channels": 4,
            "cross_attention_dim": 16,
            "caption_channels": 8,
            "sample_width": 8,
            "sample_height": 8,
            "sample_frames": 8,
        },
    ),
    (
        "LatteTransformer3DModel",
        {
            **_SMALL,
            "in_channels": 4,
            "sample_size": 8,
            "patch_size": 2,
            "caption_channels": 8,
            "cross_attention_dim": 16,
            "norm_type": "ada_norm_single",
            "num_embeds_ada_norm": 8,
        },
    ),
    (
        "StableAudioDiTModel",
        {
            **_SMALL,
            "sample_size": 8,
            "in_channels": 4,
            "out_channels": 4,
            "num_key_value_attention_heads": 1,
            "cross_attention_dim": 16,
            "cross_attention_input_dim": 8,
            "time_proj_dim": 16,
            "global_states_input_dim": 16,
        },
    ),
    ("PriorTransformer", {**_SMALL, "embedding_dim": 16, "num_embeddings": 7}),
    (
        "T5FilmDecoder",
        {
            "input_dims": 16,
            "targets_length": 16,
            "d_model": 16,
            "num_layers": 1,
            "num_heads": 2,
            "d_kv": 8,
            "d_ff": 16,
        },
    ),
    (
        "UVit2DModel",
        {
            "hidden_size": 16,
            "cond_embed_dim": 8,
            "encoder_hidden_size": 8,
            "num_attention_heads": 2,
            "num_hidden_layers": 1,
            "intermediate_size": 32,
            "vocab_size": 20,
            "codebook_size": 16,
            "block_out_channels": 16,
            "in_channels": 16,
            "block_num_heads": 2,
            "micro_cond_encode_dim": 4,
            "micro_cond_embed_dim": 20,
            "sample_size": 8,
            "num_res_blocks": 1,
        },
    ),
    (
        "ConsisIDTransformer3DModel",
        {
            **_HEADS,
            "num_layers": 1,
            "in_channels": 4,
            "out_channels": 4,
            "time_embed_dim": 2,
            "text_embed_dim": 8,
            "sample_width": 8,
            "sample_height": 8,
            "sample_frames": 8,
            "max_text_seq_length": 8,
        },
    ),
    (
        "StableCascadeUNet",
        {
            "conditioning_dim": 16,
            "block_out_channels": (16, 16),
            "num_attention_heads": (2, 2),
            "down_num_layers_per_block": (1, 1),
            "up_num_layers_per_block": (1, 1),
            "down_blocks_repeat_mappers": (1, 1),
            "up_blocks_repeat_mappers": (1, 1),
            "block_types_per_layer": (
                ("SDCascadeResBlock", "SDCascadeTimestepBlock", "SDCascadeAttnBlock"),
            )
            * 2,
            "clip_text_pooled_in_channels": 16,
            "clip_text_in_channels": 16,
            "clip_image_in_channels": 16,
            "switch_level": (True,),
            "dropout": (0.1, 0.1),
        },
    ),
    (
        "Kandinsky3UNet",
        {
            "block_out_channels": (16, 32),
            "time_embedding_dim": 16,
            "groups": 4,
            "attention_head_dim": 8,
            "layers_per_block": 1,
            "cross_attention_dim": 16,
            "encoder_hid_dim": 16,
        },
    ),
    (
        "UNetSpatioTemporalConditionModel",
        {
            "block_out_channels": (32, 32),
            "down_block_types": ("CrossAttnDownBlockSpatioTemporal", "DownBlockSpatioTemporal"),
            "up_block_types": ("UpBlockSpatioTemporal", "CrossAttnUpBlockSpatioTemporal"),
            "num_attention_heads": (2, 2),
            "cross_attention_dim": 16,
            "layers_per_block": 1,
            "sample_size": 16,
            "projection_class_embeddings_input_dim": 32,
            "addition_time_embed_dim": 8,
        },
    ),
    (
        "CosmosTransformer3DModel",
        {
            "in_channels": 4,
            "out_channels": 4,
            "num_attention_heads": 2,
            "attention_head_dim": 12,
            "num_layers": 1,
            "text_embed_dim": 16,
            "adaln_lora_dim": 4,
            "max_size": (4, 8, 8),
        },
    ),
    (
        "HiDreamImageTransformer2DModel",
        {
            "patch_size": 2,
            "in_channels": 4,
            "out_channels": 4,
            "num_layers": 1,
            "num_single_layers": 1,
            "attention_head_dim": 8,
            "num_attention_heads": 2,
            "caption_channels": [8, 8],
            "text_emb_dim": 16,
            "num_routed_experts": 4,
            "num_activated_experts": 2,
            "axes_dims_rope": (4, 2, 2),
            "max_resolution": (16, 16),
            "llama_layers": [0, 1],
        },
    ),
)


def _models() -> Iterator[ZooModel]:
    counts: Counter[str] = Counter()
    for cls, sizes in _CONFIGURATIONS:
        counts[cls] += 1
        number = f" {counts[cls]}" if counts[cls] > 1 else ""
        yield torch_model(f"{cls}{number}", partial(_built, cls, sizes))


def _built(cls: str, sizes: dict[str, Any]) -> nn.Module:
    model: nn.Module = getattr(diffusers, cls)(**sizes)
    return model


MODELS: Final = tuple(_models())
