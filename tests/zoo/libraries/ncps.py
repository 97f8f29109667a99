"""Liquid networks of ncps, wired and dense."""

from __future__ import annotations

from typing import Final

from ncps.torch import LTC, CfC, CfCCell
from ncps.wirings import AutoNCP, FullyConnected

from zoo.seeded import torch_model

MODELS: Final = (
    torch_model("CfC", lambda: CfC(20, 32)),
    torch_model("CfC, projected", lambda: CfC(20, 32, proj_size=4, backbone_layers=2)),
    torch_model("CfC, mixed memory", lambda: CfC(20, 32, mixed_memory=True)),
    torch_model("CfC, pure", lambda: CfC(20, 32, mode="pure")),
    torch_model("CfC, no gate", lambda: CfC(20, 32, mode="no_gate")),
    torch_model("CfC, wired", lambda: CfC(20, AutoNCP(28, 4))),
    torch_model("CfCCell", lambda: CfCCell(20, 32)),
    torch_model("LTC", lambda: LTC(20, 32)),
    torch_model("LTC, wired", lambda: LTC(20, AutoNCP(28, 4))),
    torch_model("LTC, fully connected", lambda: LTC(20, FullyConnected(32))),
)
