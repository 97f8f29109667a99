"""Models of open_clip, each made small at its own architecture's keys."""

from __future__ import annotations

from typing import Any, Final

from open_clip import CLIP, CoCa, CustomTextCLIP, get_model_config
from torch import nn

from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel

#: What is made small of a tower, wherever it has it.
_VISION: Final[dict[str, Any]] = {
    "layers": 2,
    "width": 64,
    "head_width": 16,
    "image_size": 32,
    "patch_size": 8,
    "attn_pooler_heads": 4,
}
_TEXT: Final[dict[str, Any]] = {
    "layers": 2,
    "width": 32,
    "heads": 4,
    "vocab_size": 64,
    "context_length": 16,
    "attn_pooler_heads": 4,
}
#: Of the towers that come from timm.
_TIMM: Final = {
    "vit_base_patch16_siglip_224": "test_vit",
    "convnext_base": "test_convnext",
    "eva02_base_patch16_clip_224": "eva02_tiny_patch14_224",
    "vitamin_small": "test_vit2",
}
_ARCHITECTURES: Final = (
    "ViT-B-32",
    "ViT-B-32-quickgelu",
    "ViT-B-16-plus",
    "ViT-H-14-CLIPA",
    "ViT-bigG-14",
    "ViT-B-16-SigLIP",
    "ViT-B-16-SigLIP2",
    "PE-Core-S-16-384",
    "RN50",
    "RN101",
    "convnext_base",
    "coca_base",
    "coca_ViT-B-32",
    "EVA02-B-16",
    "ViTamin-S",
)


def _small(name: str) -> nn.Module:
    """Make a model by the configuration that comes with open_clip, made small."""
    sizes = get_model_config(name)
    vision, text = sizes["vision_cfg"], sizes["text_cfg"]
    vision |= {key: value for key, value in _VISION.items() if key in vision}
    text |= {key: value for key, value in _TEXT.items() if key in text}
    if isinstance(get_model_config(name)["vision_cfg"].get("layers"), list):
        vision |= {"layers": [1, 1, 1, 1], "width": 16, "image_size": 64}
    elif "timm_model_name" in vision:
        vision["timm_model_name"] = _TIMM.get(vision["timm_model_name"], "test_vit")
        vision["image_size"] = 224 if "eva" in vision["timm_model_name"] else 160
        for key in ("timm_model_pretrained", "timm_drop_path"):
            vision.pop(key, None)
    else:
        vision |= {"width": 64, "head_width": 16, "layers": 2}
    sizes["embed_dim"] = 32
    text.pop("hf_tokenizer_name", None)
    is_custom = sizes.pop("custom_text", False)
    known = {
        key: value
        for key, value in sizes.items()
        if key in ("embed_dim", "quick_gelu", "init_logit_scale", "init_logit_bias")
    }
    if "multimodal_cfg" in sizes:
        multimodal = sizes["multimodal_cfg"] | {"layers": 2, "width": 32, "heads": 4}
        multimodal["context_length"] = 16
        return CoCa(vision_cfg=vision, text_cfg=text, multimodal_cfg=multimodal, **known)
    made: nn.Module = (CustomTextCLIP if is_custom else CLIP)(
        vision_cfg=vision, text_cfg=text, **known
    )
    return made


MODELS: Final[tuple[ZooModel, ...]] = tuple(
    torch_model(name, _small, name) for name in _ARCHITECTURES
)
