"""Mamba in plain PyTorch."""

from __future__ import annotations

from typing import Final

from mambapy.mamba import Mamba, MambaBlock, MambaConfig

from zoo.seeded import torch_model

_SIZES: Final = {"d_model": 32, "n_layers": 2, "d_state": 8}

MODELS: Final = (
    torch_model("Mamba", lambda: Mamba(MambaConfig(**_SIZES))),
    torch_model("Mamba, inner norms", lambda: Mamba(MambaConfig(inner_layernorms=True, **_SIZES))),
    torch_model("Mamba, constant steps", lambda: Mamba(MambaConfig(dt_init="constant", **_SIZES))),
    torch_model("Mamba, biased", lambda: Mamba(MambaConfig(bias=True, conv_bias=True, **_SIZES))),
    torch_model("MambaBlock", lambda: MambaBlock(MambaConfig(**_SIZES))),
)
