"""Modules of TorchRL: policies, critics, noisy and recurrent layers, world models, mixers."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from torch import nn
from torchrl import modules

from zoo.seeded import torch_model

_CONV: Final[dict[str, Any]] = {"num_cells": [8, 16], "kernel_sizes": [3, 3], "strides": [1, 1]}
_MODULES: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("MLP", {"in_features": 24, "out_features": 8, "depth": 2, "num_cells": 32}),
    ("ConvNet", {"in_features": 3, **_CONV}),
    ("Conv3dNet", {"in_features": 3, **_CONV}),
    ("NoisyLinear", {"in_features": 24, "out_features": 32}),
    ("LSTM", {"input_size": 24, "hidden_size": 32}),
    ("GRU", {"input_size": 24, "hidden_size": 32}),
    ("LSTMCell", {"input_size": 24, "hidden_size": 32}),
    ("GRUCell", {"input_size": 24, "hidden_size": 32}),
    ("BatchRenorm1d", {"num_features": 24}),
    (
        "MultiAgentMLP",
        {
            "n_agent_inputs": 12,
            "n_agent_outputs": 4,
            "n_agents": 3,
            "centralized": False,
            "share_params": True,
            "depth": 2,
            "num_cells": 32,
        },
    ),
    ("QMixer", {"state_shape": (8,), "mixing_embed_dim": 16, "n_agents": 3, "device": "cpu"}),
    ("DdpgMlpActor", {"action_dim": 4, "mlp_net_kwargs": {"in_features": 24}}),
    (
        "OnlineDTActor",
        {
            "state_dim": 8,
            "action_dim": 4,
            "transformer_config": {
                "n_embd": 32,
                "n_layer": 2,
                "n_head": 4,
                "n_inner": 40,
                "activation": "relu",
                "n_positions": 20,
                "resid_pdrop": 0.1,
                "attn_pdrop": 0.1,
            },
        },
    ),
    (
        "DTActor",
        {
            "state_dim": 8,
            "action_dim": 4,
            "transformer_config": {
                "n_embd": 32,
                "n_layer": 2,
                "n_head": 4,
                "n_inner": 40,
                "activation": "relu",
                "n_positions": 20,
                "resid_pdrop": 0.1,
                "attn_pdrop": 0.1,
            },
        },
    ),
)


def _module(name: str, options: dict[str, Any]) -> nn.Module:
    model: nn.Module = getattr(modules, name)(**options)
    return model


MODELS: Final = tuple(
    torch_model(name, partial(_module, name, options)) for name, options in _MODULES
)
