"""Tiny configurations of the backbones of keras_hub, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import keras
from keras_hub import models

#: Builds a backbone.
Build = Callable[..., keras.Model]

_TEXT: Final = {"vocabulary_size": 100, "num_layers": 2, "num_heads": 4, "hidden_dim": 32}
_ENCODER: Final = {**_TEXT, "intermediate_dim": 64, "max_sequence_length": 16}
_UNPLACED: Final = {**_TEXT, "intermediate_dim": 64}
_DECODER: Final = {
    "vocabulary_size": 100,
    "num_layers": 2,
    "num_query_heads": 4,
    "num_key_value_heads": 2,
    "hidden_dim": 32,
    "intermediate_dim": 64,
}
_HEADED: Final = {**_DECODER, "head_dim": 8}
_EXPERTS: Final = {"num_experts": 4, "top_k": 2}
_LINEAR: Final = {
    "layer_types": ["linear_attention", "full_attention"],
    "partial_rotary_factor": 0.25,
    "linear_num_key_heads": 2,
    "linear_num_value_heads": 4,
    "linear_key_head_dim": 4,
    "linear_value_head_dim": 4,
    "linear_conv_kernel_dim": 4,
}
_GEMMA_TWO: Final = {
    "query_head_dim_normalize": False,
    "use_post_ffw_norm": True,
    "use_post_attention_norm": True,
    "attention_logit_soft_cap": 50,
    "final_logit_soft_cap": 30,
    "use_sliding_window_attention": True,
    "sliding_window_size": 5,
}
_PALI: Final = {
    **_DECODER,
    "image_size": 16,
    "head_dim": 8,
    "vit_patch_size": 4,
    "vit_num_layers": 2,
    "vit_num_heads": 2,
    "vit_hidden_dim": 16,
    "vit_intermediate_dim": 32,
}
_SIDES: Final = ("encoder", "decoder")
_T5_GEMMA: Final = {
    "vocabulary_size": 100,
    **{
        f"{side}_{name}": value
        for side in _SIDES
        for name, value in {
            "hidden_dim": 32,
            "intermediate_dim": 64,
            "num_layers": 2,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "head_dim": 8,
            "layer_types": ["sliding_attention", "full_attention"],
        }.items()
    },
    "dropout_rate": 0.1,
    "rms_norm_eps": 1e-6,
    "tie_word_embeddings": True,
    "query_pre_attn_scalar": 1.0,
    "attention_bias": False,
    "hidden_activation": "gelu_approximate",
    "sliding_window": 16,
    "cross_attention_hidden_size": 32,
    "attn_logit_softcapping": 50.0,
    "final_logit_softcapping": 30.0,
    "rope_max_wavelength": 10000.0,
}
_IMAGE: Final = {"image_shape": (32, 32, 3), "patch_size": 8, "num_layers": 2}
_VIT: Final = {**_IMAGE, "hidden_dim": 32, "num_heads": 4}
_DINO: Final = {
    "patch_size": 14,
    "num_layers": 2,
    "hidden_dim": 32,
    "num_heads": 4,
    "intermediate_dim": 64,
    "layer_scale_init_value": 1.0,
}
_RESNET: Final = {
    "input_conv_filters": [64],
    "input_conv_kernel_sizes": [7],
    "stackwise_num_filters": [64, 32, 32],
    "stackwise_num_blocks": [1, 1, 1],
    "stackwise_num_strides": [1, 2, 2],
    "block_type": "bottleneck_block",
    "image_shape": (64, 64, 3),
}
_CONTRASTIVE_VISION: Final = {
    "patch_size": 8,
    "hidden_dim": 32,
    "num_layers": 2,
    "num_heads": 4,
    "intermediate_dim": 64,
    "image_shape": (32, 32, 3),
}
_CONTRASTIVE_TEXT: Final = {
    "vocabulary_size": 100,
    "embedding_dim": 32,
    "hidden_dim": 32,
    "num_layers": 2,
    "num_heads": 4,
    "intermediate_dim": 64,
}

_CONFIGS: Final[dict[str, dict[str, Any]]] = {
    "AlbertBackbone": {**_ENCODER, "embedding_dim": 16},
    "BartBackbone": _ENCODER,
    "BertBackbone": _ENCODER,
    "BloomBackbone": _UNPLACED,
    "DebertaV3Backbone": {**_ENCODER, "bucket_size": 8},
    "DistilBertBackbone": _ENCODER,
    "ElectraBackbone": {
        **{key: value for key, value in _ENCODER.items() if key != "vocabulary_size"},
        "vocab_size": 100,
        "embedding_dim": 16,
    },
    "ESMBackbone": _UNPLACED,
    "FalconBackbone": {
        "vocabulary_size": 100,
        "num_layers": 2,
        "num_attention_heads": 4,
        "hidden_dim": 32,
        "intermediate_dim": 64,
    },
    "FNetBackbone": {key: value for key, value in _ENCODER.items() if key != "num_heads"},
    "GemmaBackbone": _HEADED,
    "GPT2Backbone": _ENCODER,
    "GPTNeoXBackbone": _UNPLACED,
    "GptOssBackbone": {**_HEADED, **_EXPERTS, "sliding_window": 4},
    "LlamaBackbone": _DECODER,
    "Llama3Backbone": _DECODER,
    "MistralBackbone": {**_DECODER, "sliding_window": 4},
    "MixtralBackbone": {**_DECODER, **_EXPERTS, "sliding_window": 4},
    "MoonshineBackbone": {
        "vocabulary_size": 100,
        "filter_dim": 32,
        "encoder_num_layers": 2,
        "decoder_num_layers": 2,
        "hidden_dim": 32,
        "intermediate_dim": 64,
        "encoder_num_heads": 4,
        "decoder_num_heads": 4,
        "partial_rotary_factor": 0.62,
    },
    "OPTBackbone": _ENCODER,
    "Phi3Backbone": _DECODER,
    "QwenBackbone": _DECODER,
    "Qwen3Backbone": _HEADED,
    "Qwen3MoeBackbone": {
        **_HEADED,
        **_EXPERTS,
        "moe_intermediate_dim": 16,
        "norm_top_k_prob": True,
        "decoder_sparse_step": 1,
    },
    "QwenMoeBackbone": {
        **_DECODER,
        **_EXPERTS,
        "moe_intermediate_dim": 16,
        "shared_expert_intermediate_dim": 32,
        "norm_top_k_prob": True,
        "decoder_sparse_step": 1,
    },
    "Qwen3_5Backbone": {**_HEADED, **_LINEAR},
    "Qwen3_5MoeBackbone": {
        **{key: value for key, value in _HEADED.items() if key != "intermediate_dim"},
        **_LINEAR,
        **_EXPERTS,
        "moe_intermediate_dim": 16,
        "shared_expert_intermediate_size": 16,
        "router_aux_loss_coefficient": 0.01,
    },
    "RobertaBackbone": _ENCODER,
    "RoformerV2Backbone": {**_UNPLACED, "head_size": 8},
    "RWKV7Backbone": {
        "vocabulary_size": 100,
        "hidden_size": 32,
        "num_layers": 2,
        "head_size": 8,
        "intermediate_dim": 64,
        "gate_lora": 32,
        "mv_lora": 16,
        "aaa_lora": 16,
        "decay_lora": 16,
    },
    "SmolLM3Backbone": {
        "vocabulary_size": 100,
        "hidden_dim": 32,
        "intermediate_dim": 64,
        "num_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "attention_bias": False,
        "attention_dropout": 0.0,
        "rope_layer_enabled_list": [True, True],
        "layer_types": ["attention", "attention"],
        "mlp_bias": False,
        "layer_norm_epsilon": 1e-5,
        "max_position_embeddings": 128,
        "rope_theta": 10000.0,
        "partial_rotary_factor": 1.0,
    },
    "T5Backbone": _UNPLACED,
    "T5GemmaBackbone": _T5_GEMMA,
    "WhisperBackbone": {
        **_UNPLACED,
        "max_encoder_sequence_length": 16,
        "max_decoder_sequence_length": 16,
    },
    "XLMRobertaBackbone": _ENCODER,
    "XLNetBackbone": _UNPLACED,
    "EdRecBackbone": {
        "vocab_size": 100,
        "num_layers_enc": 2,
        "num_layers_dec": 2,
        "num_heads": 4,
        "hidden_dim": 32,
        "intermediate_dim": 64,
    },
    "CSPNetBackbone": {
        "stem_filters": 16,
        "stem_kernel_size": 3,
        "stem_strides": 1,
        "stackwise_strides": 2,
        "stackwise_depth": [1, 2, 2],
        "stackwise_num_filters": [16, 24, 48],
        "down_growth": True,
        "bottle_ratio": (0.5, 1.0),
        "block_ratio": (1.0, 0.5),
        "expand_ratio": (2.0, 1.0),
        "block_type": "dark_block",
        "stage_type": "csp",
        "stem_padding": "same",
    },
    "DeiTBackbone": {**_VIT, "intermediate_dim": 64, "use_mha_bias": True},
    "DenseNetBackbone": {
        "stackwise_num_repeats": [2, 2],
        "compression_ratio": 0.5,
        "growth_rate": 8,
        "image_shape": (32, 32, 3),
    },
    "DINOV2Backbone": {**_DINO, "image_shape": (56, 56, 3), "position_embedding_shape": (56, 56)},
    "DINOV3Backbone": {**_DINO, "image_shape": (56, 56, 3), "num_register_tokens": 2},
    "EfficientNetBackbone": {
        "stackwise_kernel_sizes": [3, 3],
        "stackwise_num_repeats": [2, 2],
        "stackwise_input_filters": [24, 24],
        "stackwise_output_filters": [24, 48],
        "stackwise_expansion_ratios": [1, 4],
        "stackwise_squeeze_and_excite_ratios": [0.0, 0.25],
        "stackwise_strides": [1, 2],
        "stackwise_block_types": ["fused", "unfused"],
        "stackwise_force_input_filters": [0, 0],
        "stackwise_nores_option": [False, False],
        "width_coefficient": 1.0,
        "depth_coefficient": 1.0,
    },
    "HGNetV2Backbone": {
        "embedding_size": 32,
        "stem_channels": [3, 16, 32],
        "hidden_act": "relu",
        "use_learnable_affine_block": True,
        "image_shape": (64, 64, 3),
        "depths": [1, 1],
        "hidden_sizes": [64, 128],
        "stackwise_stage_filters": [[32, 16, 64, 1, 1, 3], [64, 32, 128, 1, 1, 3]],
        "apply_downsample": [False, True],
        "use_lightweight_conv_block": [False, True],
        "out_features": ["stem", "stage1", "stage2"],
    },
    "MiTBackbone": {
        "layerwise_depths": [2, 2],
        "image_shape": (32, 32, 3),
        "hidden_dims": [16, 32],
        "num_layers": 2,
        "layerwise_num_heads": [1, 2],
        "layerwise_sr_ratios": [8, 4],
        "max_drop_path_rate": 0.1,
        "layerwise_patch_sizes": [7, 3],
        "layerwise_strides": [4, 2],
    },
    "MobileNetBackbone": {
        "stackwise_expansion": [[40, 56], [64, 144]],
        "stackwise_num_blocks": [2, 2],
        "stackwise_num_filters": [[16, 16], [24, 24]],
        "stackwise_kernel_size": [[3, 3], [5, 5]],
        "stackwise_num_strides": [[2, 1], [2, 1]],
        "stackwise_se_ratio": [[None, None], [0.25, 0.25]],
        "stackwise_activation": [["relu", "relu"], ["hard_swish", "hard_swish"]],
        "stackwise_padding": [[1, 1], [2, 2]],
        "output_num_filters": 64,
        "depthwise_filters": 8,
        "depthwise_stride": 2,
        "depthwise_residual": False,
        "last_layer_filter": 32,
        "squeeze_and_excite": 0.5,
    },
    "ResNetBackbone": _RESNET,
    "SwinTransformerBackbone": {
        "image_shape": (32, 32, 3),
        "embed_dim": 32,
        "depths": (2, 2),
        "num_heads": (2, 4),
        "window_size": 4,
    },
    "VGGBackbone": {
        "stackwise_num_repeats": [1, 2],
        "stackwise_num_filters": [8, 32],
        "image_shape": (16, 16, 3),
    },
    "VideoPrismBackbone": {
        "image_shape": (32, 32, 3),
        "num_frames": 4,
        "patch_size": 8,
        "hidden_dim": 32,
        "intermediate_dim": 64,
        "num_heads": 4,
        "num_spatial_layers": 1,
        "num_temporal_layers": 1,
        "num_auxiliary_layers": 1,
        "vocabulary_size": 100,
        "num_text_layers": 1,
    },
    "ViTBackbone": {**_VIT, "mlp_dim": 64, "use_mha_bias": True},
    "ViTDetBackbone": {
        "image_shape": (32, 32, 3),
        "patch_size": 8,
        "hidden_size": 32,
        "num_layers": 2,
        "global_attention_layer_indices": [1],
        "intermediate_dim": 64,
        "num_heads": 4,
        "num_output_channels": 16,
        "window_size": 2,
    },
    "XceptionBackbone": {
        "stackwise_conv_filters": [[16, 32], [64, 64], [64, 64]],
        "stackwise_pooling": [False, True, False],
        "image_shape": (64, 64, 3),
    },
}


def _backbone(name: str, **more: Any) -> keras.Model:
    return getattr(models, name)(**{**_CONFIGS.get(name, {}), **more})


def _gemma_two() -> keras.Model:
    return _backbone("GemmaBackbone", **_GEMMA_TWO)


def _gemma_three() -> keras.Model:
    vision = models.Gemma3VisionEncoder(
        image_size=16,
        patch_size=4,
        pool_size=2,
        num_layers=2,
        num_heads=2,
        hidden_dim=16,
        intermediate_dim=32,
        output_dim=32,
    )
    return models.Gemma3Backbone(
        **_HEADED,
        image_size=16,
        query_head_dim_normalize=True,
        use_query_key_norm=True,
        use_post_ffw_norm=True,
        use_post_attention_norm=True,
        vision_encoder=vision,
    )


def _gemma_four() -> keras.Model:
    vision = models.Gemma4VisionEncoder(
        image_size=16,
        patch_size=4,
        pool_size=2,
        num_layers=2,
        num_heads=2,
        head_dim=8,
        num_key_value_heads=2,
        hidden_dim=16,
        intermediate_dim=32,
        output_dim=32,
    )
    return models.Gemma4Backbone(
        **_HEADED,
        image_size=16,
        use_sliding_window_attention=True,
        sliding_window_size=16,
        vision_encoder=vision,
    )


def _pali_gemma() -> keras.Model:
    return models.PaliGemmaBackbone(**_PALI)


def _blip() -> keras.Model:
    vision = models.BLIP2VisionEncoder(
        image_size=32,
        patch_size=8,
        num_layers=2,
        num_heads=4,
        hidden_dim=32,
        intermediate_dim=64,
        use_patch_bias=True,
        use_class_token=True,
        use_mha_bias=True,
        use_mlp_bias=True,
        dropout_rate=0.0,
        layer_norm_epsilon=1e-6,
        initializer_range=0.02,
    )
    former = models.BLIP2QFormer(
        num_query_tokens=4,
        num_layers=2,
        num_heads=4,
        hidden_dim=32,
        intermediate_dim=64,
        vision_dim=32,
        cross_attention_frequency=1,
        dropout=0.0,
        layer_norm_epsilon=1e-12,
    )
    language = models.BLIP2CustomOPT(
        **_ENCODER, num_query_tokens=4, qformer_hidden_dim=32, dropout=0.0
    )
    return models.BLIP2Backbone(vision_encoder=vision, qformer=former, language_model=language)


def _contrastive(family: str) -> Build:
    def build() -> keras.Model:
        vision = getattr(models, f"{family}VisionEncoder")(**_CONTRASTIVE_VISION)
        text = getattr(models, f"{family}TextEncoder")(**_CONTRASTIVE_TEXT, max_sequence_length=8)
        return getattr(models, f"{family}Backbone")(vision, text, 16)

    return build


def _siglip() -> keras.Model:
    vision = models.SigLIPVisionEncoder(**_CONTRASTIVE_VISION)
    text = models.SigLIPTextEncoder(**_CONTRASTIVE_TEXT, max_sequence_length=8)
    return models.SigLIPBackbone(vision, text)


def _parseq() -> keras.Model:
    encoder = models.ViTBackbone(
        **{**_CONFIGS["ViTBackbone"], "use_class_token": False, "name": "image_encoder"}
    )
    return models.PARSeqBackbone(
        image_encoder=encoder,
        vocabulary_size=97,
        max_label_length=10,
        decoder_hidden_dim=32,
        num_decoder_layers=1,
        num_decoder_heads=2,
        decoder_mlp_dim=64,
    )


def _deeplab() -> keras.Model:
    return models.DeepLabV3Backbone(
        image_encoder=models.ResNetBackbone(**_RESNET),
        low_level_feature_key="P2",
        spatial_pyramid_pooling_key="P4",
        dilation_rates=[6, 12],
        upsampling_size=4,
        image_shape=(64, 64, 3),
    )


def _segformer() -> keras.Model:
    return models.SegFormerBackbone(
        image_encoder=models.MiTBackbone(**_CONFIGS["MiTBackbone"]), projection_filters=32
    )


def _depth_anything() -> keras.Model:
    encoder = models.DINOV2Backbone(
        **{
            **_DINO,
            "num_layers": 4,
            "image_shape": (98, 98, 3),
            "position_embedding_shape": (98, 98),
        }
    )
    return models.DepthAnythingBackbone(
        image_encoder=encoder,
        reassemble_factors=[4, 2, 1, 0.5],
        neck_hidden_dims=[8, 16, 32, 64],
        fusion_hidden_dim=32,
        head_hidden_dim=16,
        head_in_index=-1,
        feature_keys=["stage1", "stage2", "stage3", "stage4"],
    )


def _interpolated() -> keras.Model:
    return models.DINOV2Backbone(
        **{**_DINO, "image_shape": (56, 56, 3), "num_register_tokens": 2},
        position_embedding_shape=(84, 84),
        use_swiglu_ffn=True,
    )


def _stable_diffusion() -> keras.Model:
    return models.StableDiffusion3Backbone(
        mmdit_patch_size=2,
        mmdit_hidden_dim=32,
        mmdit_num_layers=2,
        mmdit_num_heads=2,
        mmdit_position_size=16,
        mmdit_qk_norm=None,
        mmdit_dual_attention_indices=None,
        vae=_autoencoder(),
        clip_l=models.CLIPTextEncoder(10, 16, 16, 2, 2, 32, "quick_gelu", -2, name="clip_l"),
        clip_g=models.CLIPTextEncoder(10, 32, 32, 2, 2, 64, "gelu", -2, name="clip_g"),
        image_shape=(64, 64, 3),
        name="diffusion",
    )


def _autoencoder() -> keras.Model:
    from keras_hub.src.models.vae.vae_backbone import VAEBackbone

    return VAEBackbone([32, 32], [1, 1], [32, 32], [1, 1], sampler_method="mode", name="vae")


def _quantizer() -> keras.Model:
    from keras_hub.src.models.rqvae.rqvae_backbone import RQVAEBackbone

    return RQVAEBackbone(
        input_dim=16,
        encoder_layer_dims=[32, 16],
        output_dim=8,
        decoder_layer_dims=[16, 32],
        num_embeddings=16,
        num_quantizers=2,
        decay=0.99,
        data_variance=1.0,
        commitment_cost=0.25,
    )


def _flux() -> keras.Model:
    return models.FluxBackbone(
        input_channels=16,
        hidden_size=64,
        mlp_ratio=2.0,
        num_heads=2,
        depth=1,
        depth_single_blocks=1,
        axes_dim=[8, 12, 12],
        theta=10_000,
        use_bias=True,
        guidance_embed=True,
        image_shape=(16, 16),
        text_shape=(16, 64),
        image_ids_shape=(16, 3),
        text_ids_shape=(16, 3),
        y_shape=(64,),
    )


def _segment_anything() -> keras.Model:
    from keras_hub.src.models.sam.sam_mask_decoder import SAMMaskDecoder
    from keras_hub.src.models.sam.sam_prompt_encoder import SAMPromptEncoder

    return models.SAMBackbone(
        image_encoder=models.ViTDetBackbone(**_CONFIGS["ViTDetBackbone"]),
        prompt_encoder=SAMPromptEncoder(
            hidden_size=16,
            image_embedding_size=(4, 4),
            input_image_size=(32, 32),
            mask_in_channels=16,
        ),
        mask_decoder=SAMMaskDecoder(
            num_layers=2,
            hidden_size=16,
            intermediate_dim=32,
            num_heads=4,
            embedding_dim=16,
            num_multimask_outputs=3,
            iou_head_depth=3,
            iou_head_hidden_dim=16,
        ),
    )


def _retina() -> keras.Model:
    encoder = models.ResNetBackbone(
        **{
            **_RESNET,
            "stackwise_num_filters": [64, 8, 8, 8],
            "stackwise_num_blocks": [1, 1, 1, 1],
            "stackwise_num_strides": [1, 2, 2, 2],
        }
    )
    return models.RetinaNetBackbone(image_encoder=encoder, min_level=3, max_level=5, use_p5=True)


def _define() -> keras.Model:
    encoder = models.HGNetV2Backbone(
        stem_channels=[3, 8, 8],
        stackwise_stage_filters=[[8, 8, 16, 1, 1, 3], [16, 8, 32, 1, 1, 3]],
        apply_downsample=[False, True],
        use_lightweight_conv_block=[False, False],
        depths=[1, 1],
        hidden_sizes=[16, 32],
        embedding_size=8,
        use_learnable_affine_block=True,
        hidden_act="relu",
        image_shape=(None, None, 3),
        out_features=["stage1", "stage2"],
    )
    return models.DFineBackbone(
        backbone=encoder,
        decoder_in_channels=[16, 16],
        encoder_hidden_dim=16,
        num_denoising=10,
        num_labels=4,
        hidden_dim=16,
        learn_initial_query=False,
        num_queries=10,
        anchor_image_size=(32, 32),
        feat_strides=[4, 8],
        num_feature_levels=2,
        encoder_in_channels=[16, 32],
        encode_proj_layers=[1],
        num_attention_heads=2,
        encoder_ffn_dim=32,
        num_encoder_layers=1,
        hidden_expansion=0.5,
        depth_multiplier=0.5,
        eval_idx=-1,
        num_decoder_layers=3,
        decoder_attention_heads=2,
        decoder_ffn_dim=32,
        decoder_n_points=[2, 2],
        lqe_hidden_dim=16,
        num_lqe_layers=2,
        out_features=["stage1", "stage2"],
        image_shape=(None, None, 3),
        seed=0,
    )


def _of(name: str) -> Build:
    return partial(_backbone, name)


BACKBONES: Final[dict[str, Build]] = {
    **{name: _of(name) for name in _CONFIGS},
    "Gemma2Backbone": _gemma_two,
    "Gemma3Backbone": _gemma_three,
    "Gemma4Backbone": _gemma_four,
    "PaliGemmaBackbone": _pali_gemma,
    "BLIP2Backbone": _blip,
    "CLIPBackbone": _contrastive("CLIP"),
    "MetaCLIP2Backbone": _contrastive("MetaCLIP2"),
    "SigLIPBackbone": _siglip,
    "PARSeqBackbone": _parseq,
    "DeepLabV3Backbone": _deeplab,
    "SegFormerBackbone": _segformer,
    "DepthAnythingBackbone": _depth_anything,
    "DINOV2Backbone, with positions of another size": _interpolated,
    "StableDiffusion3Backbone": _stable_diffusion,
    "VAEBackbone": _autoencoder,
    "RQVAEBackbone": _quantizer,
    "FluxBackbone": _flux,
    "SAMBackbone": _segment_anything,
    "RetinaNetBackbone": _retina,
    "DFineBackbone": _define,
}
