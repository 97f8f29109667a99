"""Vision transformers of vit_pytorch, each of its modules in small."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from torch import nn

from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel

_PLAIN: Final[dict[str, Any]] = {
    "image_size": 32,
    "patch_size": 8,
    "num_classes": 10,
    "dim": 32,
    "depth": 2,
    "heads": 2,
    "mlp_dim": 48,
    "dim_head": 16,
}
_CUT: Final = {key: value for key, value in _PLAIN.items() if key != "patch_size"}
#: Modules whose class takes what the plain one takes, with what else it takes.
_CLASSES: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("vit", "ViT", {}),
    ("simple_vit", "SimpleViT", {}),
    ("cait", "CaiT", {"cls_depth": 1}),
    ("deepvit", "DeepViT", {}),
    ("jumbo_vit", "JumboViT", {"jumbo_cls_k": 2}),
    ("local_vit", "LocalViT", {}),
    ("normalized_vit", "nViT", {}),
    ("parallel_vit", "ViT", {}),
    ("rvt", "RvT", {}),
    ("simple_flash_attn_vit", "SimpleViT", {}),
    ("simple_vit_with_hyper_connections", "SimpleViT", {"num_residual_streams": 2}),
    ("simple_vit_with_qk_norm", "SimpleViT", {}),
    ("simple_vit_with_register_tokens", "SimpleViT", {}),
    ("simple_vit_with_value_residual", "SimpleViT", {}),
    ("vit_for_small_dataset", "ViT", {}),
    ("vit_with_patch_merger", "ViT", {}),
    ("xcit", "XCiT", {"cls_depth": 1}),
    ("na_vit", "NaViT", {}),
    ("vit_5", "ViT", {}),
    ("vit_with_patch_dropout", "ViT", {}),
    ("pit", "PiT", {"depth": (1, 1)}),
)


def _made(module: str, cls: str, sizes: dict[str, Any]) -> nn.Module:
    made: nn.Module = getattr(import_module(f"vit_pytorch.{module}"), cls)(**sizes)
    return made


def _around(module: str, cls: str, **sizes: Any) -> nn.Module:
    """Make a model that trains or adapts a plain one."""
    wrapper = getattr(import_module(f"vit_pytorch.{module}"), cls)
    plain = module if module == "learnable_memory_vit" else "vit"
    vit = _made(plain, "ViT", _PLAIN)
    made: nn.Module = wrapper(**{**sizes, next(iter(sizes)): vit})
    return made


def _model(module: str, cls: str, sizes: dict[str, Any]) -> ZooModel:
    return torch_model(f"{module}.{cls}", _made, module, cls, sizes)


def _models() -> tuple[ZooModel, ...]:
    plain = [_model(module, cls, _PLAIN | more) for module, cls, more in _CLASSES]
    stages = {"num_classes": 10, "dim": 16, "depth": (1, 1), "heads": (1, 2)}
    return (
        *plain,
        _model(
            "cct",
            "CCT",
            {
                "img_size": 32,
                "embedding_dim": 32,
                "num_layers": 2,
                "num_heads": 2,
                "mlp_ratio": 2,
                "num_classes": 10,
                "positional_embedding": "learnable",
            },
        ),
        _model(
            "cross_vit",
            "CrossViT",
            {"image_size": 48, "num_classes": 10, "sm_dim": 16, "lg_dim": 32, "depth": 1},
        ),
        _model("crossformer", "CrossFormer", {"dim": (32, 32, 64, 96), "depth": (1, 1, 1, 1)}),
        _model("cvt", "CvT", {"num_classes": 10, "s3_depth": 1}),
        _model(
            "levit",
            "LeViT",
            {
                "image_size": 64,
                "num_classes": 10,
                "stages": 2,
                "dim": (32, 48),
                "depth": 1,
                "heads": (2, 3),
                "mlp_mult": 2,
            },
        ),
        _model("max_vit", "MaxViT", {"num_classes": 10, "dim": 16, "depth": (1, 1), "dim_head": 8}),
        _model(
            "mobile_vit",
            "MobileViT",
            {
                "image_size": (64, 64),
                "dims": [16, 24, 32],
                "channels": [8, 8, 16, 16, 16, 16, 24, 24, 32, 32, 48],
                "num_classes": 10,
            },
        ),
        _model(
            "nest",
            "NesT",
            {
                "image_size": 32,
                "patch_size": 4,
                "dim": 16,
                "heads": 2,
                "num_hierarchies": 2,
                "block_repeats": (1, 1),
                "num_classes": 10,
            },
        ),
        _model("regionvit", "RegionViT", {"dim": (32, 32, 64, 96), "depth": (1, 1, 1, 1)}),
        _model(
            "scalable_vit", "ScalableViT", stages | {"reduction_factor": (2, 1), "window_size": 4}
        ),
        _model("sep_vit", "SepViT", stages),
        _model(
            "t2t",
            "T2TViT",
            {
                "image_size": 32,
                "num_classes": 10,
                "dim": 32,
                "depth": 1,
                "heads": 2,
                "mlp_dim": 48,
                "t2t_layers": ((3, 2), (3, 2)),
            },
        ),
        _model(
            "twins_svt",
            "TwinsSVT",
            {
                "num_classes": 10,
                **{f"s{stage}_emb_dim": 16 for stage in (1, 2, 3, 4)},
                "s3_depth": 1,
                "s4_depth": 1,
            },
        ),
        _model(
            "vit_3d", "ViT", {**_CUT, "frames": 4, "image_patch_size": 8, "frame_patch_size": 2}
        ),
        torch_model("mae.MAE", _around, "mae", "MAE", encoder=None, decoder_dim=24),
        torch_model("simmim.SimMIM", _around, "simmim", "SimMIM", encoder=None),
        torch_model(
            "learnable_memory_vit.Adapter", _around, "learnable_memory_vit", "Adapter", vit=None
        ),
        torch_model(
            "dino.Dino", _around, "dino", "Dino", net=None, image_size=32, num_classes_K=64
        ),
    )


MODELS: Final = _models()
