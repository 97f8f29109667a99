"""TabNets."""

from __future__ import annotations

from typing import Final

import torch
from pytorch_tabnet.tab_network import EmbeddingGenerator, TabNet, TabNetPretraining
from torch import nn

from zoo.seeded import torch_model

_GROUPS: Final = torch.eye(16)


def _pretraining() -> nn.Module:
    return TabNetPretraining(16, n_d=8, n_a=8, n_steps=2, group_attention_matrix=_GROUPS)


MODELS: Final = (
    torch_model("TabNet", lambda: TabNet(16, 4, n_d=16, n_a=16, group_attention_matrix=_GROUPS)),
    torch_model(
        "TabNet of several outputs",
        lambda: TabNet(16, [2, 3], n_shared=1, group_attention_matrix=_GROUPS),
    ),
    torch_model("TabNetPretraining", _pretraining),
    torch_model(
        "EmbeddingGenerator", lambda: EmbeddingGenerator(16, [9, 20], [0, 3], [4, 8], _GROUPS)
    ),
)
