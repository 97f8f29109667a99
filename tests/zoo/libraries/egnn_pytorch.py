"""Equivariant graph networks of egnn-pytorch, whose kernels start small on purpose."""

from __future__ import annotations

from typing import Final

from egnn_pytorch import EGNN, EGNN_Network

from zoo.seeded import torch_model

_SIZES: Final = {"num_tokens": 21, "num_positions": 16, "dim": 32, "depth": 2}

MODELS: Final = (
    torch_model("EGNN", lambda: EGNN(dim=32)),
    torch_model("EGNN with edges", lambda: EGNN(dim=32, edge_dim=4, fourier_features=2)),
    torch_model(
        "EGNN, soft edges and norms",
        lambda: EGNN(dim=32, soft_edges=True, norm_feats=True, norm_coors=True),
    ),
    torch_model("EGNN_Network", lambda: EGNN_Network(num_nearest_neighbors=4, **_SIZES)),
    torch_model(
        "EGNN_Network, global attention",
        lambda: EGNN_Network(
            global_linear_attn_every=1,
            global_linear_attn_heads=4,
            global_linear_attn_dim_head=8,
            norm_coors=True,
            **_SIZES,
        ),
    ),
    torch_model(
        "EGNN_Network, adjacency", lambda: EGNN_Network(num_adj_degrees=2, adj_dim=8, **_SIZES)
    ),
)
