"""Image models of timm: one or more of most of its families, the smallest, or made small."""

from __future__ import annotations

from typing import Any, Final

import timm
from timm.layers import GroupNorm1
from timm.models import metaformer, mlp_mixer
from timm.models.convmixer import ConvMixer
from timm.models.focalnet import FocalNet
from timm.models.mvitv2 import MultiScaleVit, MultiScaleVitCfg
from timm.models.nest import Nest
from timm.models.nfnet import NfCfg, NormFreeNet
from timm.models.volo import VOLO
from torch import nn

from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel

#: Small enough as they come.
_NAMES: Final = (
    "bat_resnext26ts",
    "botnet26t_256",
    "cait_xxs24_224",
    "coat_tiny",
    "convit_tiny",
    "convnext_zepto_rms",
    "convnextv2_atto",
    "cpubone_nano",
    "crossvit_tiny_240",
    "cs3darknet_focus_s",
    "csatv2",
    "cspnext_tiny",
    "deit_tiny_patch16_224",
    "deit_tiny_distilled_patch16_224",
    "densenet121",
    "densenetblur121d",
    "dla46x_c",
    "dpn48b",
    "eca_botnext26ts_256",
    "edgenext_xx_small",
    "efficientformer_l1",
    "efficientformerv2_s0",
    "efficientnet_lite0",
    "efficientvim_m1",
    "efficientvit_b0",
    "efficientvit_m0",
    "ese_vovnet19b_slim_dw",
    "eva02_tiny_patch14_224",
    "fasternet_t0",
    "fastvit_t8",
    "fbnetv3_b",
    "gcresnext26ts",
    "gcvit_xxtiny",
    "gernet_s",
    "ghostnet_050",
    "ghostnetv3_050",
    "gmlp_ti16_224",
    "halonet_h1",
    "haloregnetz_b",
    "hardcorenas_b",
    "hgnetv2_b0",
    "iformer_t",
    "inception_next_atto",
    "lambda_resnet26rpt_256",
    "lcnet_035",
    "lcnetv2_small",
    "levit_128s",
    "lowformer_b0",
    "mambaout_femto",
    "maxvit_pico_rw_256",
    "mixnet_s",
    "mnasnet_small",
    "mobilenetv2_035",
    "mobilenetv3_small_050",
    "mobilenetv4_conv_small_035",
    "mobileone_s1",
    "mobilevit_xxs",
    "mobilevitv2_050",
    "nf_regnet_b0",
    "pit_ti_224",
    "pit_ti_distilled_224",
    "pvt_v2_b0",
    "regnetx_002",
    "regnety_002",
    "regnetz_005",
    "repghostnet_050",
    "repvgg_a0",
    "repvit_m1",
    "resnest14d",
    "resnet10t",
    "resnetv2_18",
    "rexnet_100",
    "semnasnet_050",
    "shvit_s1",
    "skresnet18",
    "starnet_s050",
    "swiftformer_xs",
    "test_byobnet",
    "test_coatnet",
    "test_convnext",
    "test_efficientnet",
    "test_efficientnet_evos",
    "test_efficientnet_gn",
    "test_mambaout",
    "test_nfnet",
    "test_resnet",
    "test_vit",
    "test_vit2",
    "test_vit3",
    "test_vit4",
    "test_vit_relpos",
    "tf_mobilenetv3_small_075",
    "tinynet_e",
    "tiny_vit_5m_224",
    "visformer_tiny",
    "vit_tiny_patch16_224",
    "vit_tiny_patch16_dinov3_qkvb",
    "vit_tiny_r_s16_p8_224",
    "xcit_nano_12_p8_224",
)

#: Of their own sizes too large; they are made with fewer and narrower blocks.
_SMALL: Final[dict[str, dict[str, Any]]] = {
    "beit_base_patch16_224": {"depth": 2, "embed_dim": 48, "num_heads": 4},
    "beit3_base_patch16_224": {"depth": 2, "embed_dim": 48, "num_heads": 4},
    "davit_tiny": {
        "depths": (1, 1, 1, 1),
        "embed_dims": (16, 32, 64, 96),
        "num_heads": (1, 2, 4, 6),
    },
    "eva_large_patch14_196": {"depth": 2, "embed_dim": 48, "num_heads": 4},
    "flexivit_small": {"depth": 2, "embed_dim": 48, "num_heads": 4},
    "hiera_tiny_224": {"embed_dim": 24},
    "naflexvit_base_patch16_parfac_gap": {"depth": 2, "embed_dim": 48, "num_heads": 4},
    "sam2_hiera_tiny": {"embed_dim": 48, "stages": (1, 1, 2, 1), "global_att_blocks": (3,)},
    "samvit_base_patch16_224": {"depth": 2, "embed_dim": 48, "num_heads": 4},
    "sequencer2d_s": {"layers": (1, 1, 1, 1), "embed_dims": (48, 48, 48, 48)},
    "swin_tiny_patch4_window7_224": {"depths": (1, 1, 2, 1), "embed_dim": 24},
    "swinv2_tiny_window16_256": {"depths": (1, 1, 2, 1), "embed_dim": 24},
    "swinv2_cr_tiny_224": {"depths": (1, 1, 2, 1), "embed_dim": 24},
    "tnt_s_legacy_patch16_224": {"depth": 2, "embed_dim": 48},
    "twins_svt_small": {"depths": (1, 1, 1, 1), "embed_dims": (16, 32, 64, 128)},
    "vit_base_patch16_rpn_224": {"depth": 2, "embed_dim": 48, "num_heads": 4},
    "vit_base_patch16_clip_224": {"depth": 2, "embed_dim": 48, "num_heads": 4},
    "vit_small_patch14_reg4_dinov2": {"depth": 2, "embed_dim": 48, "num_heads": 4, "img_size": 56},
    "vit_base_patch16_siglip_224": {"depth": 2, "embed_dim": 48, "num_heads": 4},
}

#: How a vision transformer starts by another of its modes.
_MODES: Final = ("jax", "jax_nlhb", "moco", "reset")


#: Four stages of a MetaFormer.
_STAGES: Final[dict[str, Any]] = {"depths": (1, 1, 1, 1), "dims": (16, 32, 64, 96)}
_MIXER: Final[dict[str, Any]] = {"img_size": 64, "patch_size": 16, "num_blocks": 2, "embed_dim": 48}


def _classes() -> tuple[ZooModel, ...]:
    """List models whose makers take no sizes, made by their classes."""
    conv_norm, token_norm = metaformer.LayerNorm2dNoBias, metaformer.LayerNormNoBias
    return (
        torch_model(
            "caformer",
            metaformer.MetaFormer,
            token_mixers=[metaformer.SepConv] * 2 + [metaformer.Attention] * 2,
            norm_layers=[conv_norm] * 2 + [token_norm] * 2,
            **_STAGES,
        ),
        torch_model(
            "convformer",
            metaformer.MetaFormer,
            token_mixers=metaformer.SepConv,
            norm_layers=conv_norm,
            **_STAGES,
        ),
        torch_model(
            "poolformer",
            metaformer.MetaFormer,
            downsample_norm=None,
            mlp_act=nn.GELU,
            mlp_bias=True,
            norm_layers=GroupNorm1,
            layer_scale_init_values=1e-5,
            res_scale_init_values=None,
            use_mlp_head=False,
            **_STAGES,
        ),
        torch_model(
            "poolformerv2",
            metaformer.MetaFormer,
            norm_layers=metaformer.GroupNorm1NoBias,
            use_mlp_head=False,
            **_STAGES,
        ),
        torch_model("convmixer", ConvMixer, dim=48, depth=2, kernel_size=7, patch_size=7),
        torch_model("focalnet", FocalNet, depths=(1, 1, 1, 1), embed_dim=24),
        torch_model("focalnet with layer scale", FocalNet, embed_dim=24, layerscale_value=1e-4),
        torch_model("mixer", mlp_mixer.MlpMixer, **_MIXER),
        torch_model(
            "gmixer",
            mlp_mixer.MlpMixer,
            mlp_ratio=(1.0, 4.0),
            mlp_layer=mlp_mixer.GluMlp,
            act_layer=nn.SiLU,
            **_MIXER,
        ),
        torch_model(
            "resmlp",
            mlp_mixer.MlpMixer,
            mlp_ratio=4,
            block_layer=mlp_mixer.ResBlock,
            norm_layer=mlp_mixer.Affine,
            **_MIXER,
        ),
        torch_model("mvitv2", MultiScaleVit, MultiScaleVitCfg(depths=(1, 1, 2, 1), embed_dim=24)),
        torch_model("nest", Nest, embed_dims=(24, 48, 96), num_heads=(3, 6, 12), depths=(1, 1, 2)),
        torch_model(
            "nfnet with skipinit",
            NormFreeNet,
            NfCfg(
                depths=(1, 1, 1, 1),
                channels=(32, 64, 96, 128),
                stem_type="deep_quad",
                stem_chs=16,
                group_size=8,
                extra_conv=True,
                gamma_in_act=True,
                same_padding=True,
                skipinit=True,
                attn_layer="se",
                attn_kwargs={"rd_ratio": 0.5},
            ),
        ),
        torch_model(
            "volo", VOLO, layers=(1, 1, 1, 1), embed_dims=(48, 96, 96, 96), num_heads=(3, 6, 6, 6)
        ),
    )


def _models() -> tuple[ZooModel, ...]:
    whole = [torch_model(name, timm.create_model, name, num_classes=10) for name in _NAMES]
    small = [
        torch_model(name, timm.create_model, name, num_classes=10, **sizes)
        for name, sizes in _SMALL.items()
    ]
    sizes = {"depth": 2, "embed_dim": 48, "num_heads": 4, "img_size": 64}
    modes = [
        torch_model(
            f"vit_tiny_patch16_224 by {mode}",
            timm.create_model,
            "vit_tiny_patch16_224",
            weight_init=mode,
            **sizes,
        )
        for mode in _MODES
    ]
    return (*whole, *small, *_classes(), *modes)


MODELS: Final = _models()
