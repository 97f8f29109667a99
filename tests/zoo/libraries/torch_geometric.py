"""Layers and models of PyTorch Geometric, two layers of each kind in a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import torch
from torch import nn
from torch_geometric import nn as geometric

from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel

_IN, _OUT = 24, 32
_DEGREES = torch.tensor([0, 3, 5, 2])
_TYPES = ["paper", "author"]
_METADATA = (_TYPES, [("author", "writes", "paper"), ("paper", "cites", "paper")])

#: Layers of a number of inputs and one of outputs, and what more they take.
_PAIRS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("ARMAConv", {"num_stacks": 2, "num_layers": 2}),
    ("ChebConv", {"K": 3}),
    ("ClusterGCNConv", {}),
    ("DenseGATConv", {"heads": 2}),
    ("DenseGCNConv", {}),
    ("DenseGraphConv", {}),
    ("DenseSAGEConv", {}),
    ("EGConv", {}),
    ("FeaStConv", {"heads": 2}),
    ("FiLMConv", {"num_relations": 2}),
    ("GATConv", {"heads": 2, "edge_dim": 8}),
    ("GATConv", {"heads": 3, "concat": False}),
    ("GATv2Conv", {"heads": 2, "edge_dim": 8}),
    ("GCNConv", {}),
    ("GENConv", {"learn_t": True, "learn_p": True}),
    ("GMMConv", {"dim": 3, "kernel_size": 4}),
    ("GeneralConv", {"heads": 2, "attention": True}),
    ("GraphConv", {}),
    ("HANConv", {"metadata": _METADATA, "heads": 2}),
    ("HGTConv", {"metadata": _METADATA, "heads": 2}),
    (
        "HEATConv",
        {
            "num_node_types": 2,
            "num_edge_types": 3,
            "edge_type_emb_dim": 4,
            "edge_dim": 8,
            "edge_attr_emb_dim": 8,
            "heads": 2,
        },
    ),
    ("HeteroDictLinear", {"types": _TYPES}),
    ("HeteroLinear", {"num_types": 3}),
    ("HypergraphConv", {"use_attention": True, "heads": 2}),
    ("LEConv", {}),
    ("Linear", {}),
    ("Linear", {"weight_initializer": "glorot", "bias_initializer": "zeros"}),
    ("MFConv", {"max_degree": 3}),
    ("MixHopConv", {"powers": [0, 1, 2]}),
    ("NNConv", {"nn": geometric.MLP([8, 16, _IN * _OUT])}),
    ("PANConv", {"filter_size": 3}),
    ("PDNConv", {"edge_dim": 8, "hidden_channels": 8}),
    ("PNAConv", {"aggregators": ["mean", "max"], "scalers": ["identity"], "deg": _DEGREES}),
    ("PointTransformerConv", {}),
    ("RGATConv", {"num_relations": 3, "num_bases": 2}),
    ("RGATConv", {"num_relations": 3, "num_blocks": 4, "edge_dim": 8}),
    ("RGCNConv", {"num_relations": 3}),
    ("RGCNConv", {"num_relations": 3, "num_bases": 2}),
    ("RGCNConv", {"num_relations": 3, "num_blocks": 4}),
    ("ResGatedGraphConv", {"edge_dim": 8}),
    ("SAGEConv", {}),
    ("SAGEConv", {"aggr": "lstm"}),
    ("SGConv", {"K": 2}),
    ("SSGConv", {"alpha": 0.1}),
    ("SignedConv", {"first_aggr": True}),
    ("SuperGATConv", {"heads": 2}),
    ("TAGConv", {}),
    ("TransformerConv", {"heads": 2, "edge_dim": 8, "beta": True}),
    ("GRUAggregation", {}),
    ("LSTMAggregation", {}),
    ("LCMAggregation", {}),
    ("MemPooling", {"heads": 2, "num_clusters": 4}),
    ("PatchTransformerAggregation", {"patch_size": 4, "hidden_channels": 16}),
)

#: Layers of a number of channels, or of none.
_OTHERS: Final[tuple[tuple[str, tuple[Any, ...], dict[str, Any]], ...]] = (
    ("AGNNConv", (), {}),
    ("ASAPooling", (_IN,), {}),
    ("AntiSymmetricConv", (_IN,), {}),
    ("CGConv", (_IN,), {"dim": 8, "batch_norm": True}),
    ("DMoNPooling", (_IN,), {"k": 4}),
    ("DNAConv", (_IN,), {"heads": 2, "groups": 4}),
    ("EdgePooling", (_IN,), {}),
    ("FAConv", (_IN,), {}),
    ("GCN2Conv", (_IN,), {"alpha": 0.1}),
    ("GCN2Conv", (_IN,), {"alpha": 0.1, "shared_weights": False}),
    ("GatedGraphConv", (_IN,), {"num_layers": 3}),
    ("GraphMultisetTransformer", (_IN,), {"k": 4, "layer_norm": True}),
    ("GraphNorm", (_IN,), {}),
    ("DiffGroupNorm", (_IN,), {"groups": 4}),
    ("HeteroLayerNorm", (_IN,), {"num_types": 3}),
    ("HeteroBatchNorm", (_IN,), {"num_types": 3}),
    ("InstanceNorm", (_IN,), {"affine": True, "track_running_stats": True}),
    ("LayerNorm", (_IN,), {}),
    ("MessageNorm", (), {"learn_scale": True}),
    ("PANPooling", (_IN,), {}),
    ("PerformerAttention", (_IN,), {"heads": 2}),
    ("PowerMeanAggregation", (), {"learn": True}),
    ("SAGPooling", (_IN,), {}),
    ("SetTransformerAggregation", (_IN,), {"num_seed_points": 2}),
    ("SoftmaxAggregation", (), {"learn": True}),
    ("TopKPooling", (_IN,), {}),
)

#: Whole models.
_MODELS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("GCN", {"in_channels": _IN, "hidden_channels": _OUT, "num_layers": 2}),
    ("GraphSAGE", {"in_channels": _IN, "hidden_channels": _OUT, "num_layers": 2}),
    ("GIN", {"in_channels": _IN, "hidden_channels": _OUT, "num_layers": 2, "train_eps": True}),
    ("GAT", {"in_channels": _IN, "hidden_channels": _OUT, "num_layers": 2, "heads": 2}),
    (
        "GAT",
        {"in_channels": _IN, "hidden_channels": _OUT, "num_layers": 2, "v2": True, "jk": "lstm"},
    ),
    ("EdgeCNN", {"in_channels": _IN, "hidden_channels": _OUT, "num_layers": 2}),
    (
        "PNA",
        {
            "in_channels": _IN,
            "hidden_channels": _OUT,
            "num_layers": 2,
            "aggregators": ["mean", "max"],
            "scalers": ["identity", "amplification"],
            "deg": _DEGREES,
        },
    ),
    ("MLP", {"in_channels": _IN, "hidden_channels": _OUT, "out_channels": 8, "num_layers": 3}),
    (
        "AttentiveFP",
        {
            "in_channels": _IN,
            "hidden_channels": _OUT,
            "out_channels": 8,
            "edge_dim": 8,
            "num_layers": 2,
            "num_timesteps": 2,
        },
    ),
    ("ARLinkPredictor", {"in_channels": _IN, "hidden_channels": _OUT}),
    ("ComplEx", {"num_nodes": 40, "num_relations": 6, "hidden_channels": _OUT}),
    ("DistMult", {"num_nodes": 40, "num_relations": 6, "hidden_channels": _OUT}),
    ("RotatE", {"num_nodes": 40, "num_relations": 6, "hidden_channels": _OUT}),
    ("TransE", {"num_nodes": 40, "num_relations": 6, "hidden_channels": _OUT}),
    (
        "DimeNet",
        {
            "hidden_channels": _OUT,
            "out_channels": 8,
            "num_blocks": 1,
            "num_bilinear": 4,
            "num_spherical": 3,
            "num_radial": 4,
        },
    ),
    (
        "DimeNetPlusPlus",
        {
            "hidden_channels": _OUT,
            "out_channels": 8,
            "num_blocks": 1,
            "int_emb_size": 16,
            "basis_emb_size": 8,
            "out_emb_channels": 16,
            "num_spherical": 3,
            "num_radial": 4,
        },
    ),
    ("GNNFF", {"hidden_node_channels": _OUT, "hidden_edge_channels": 16, "num_layers": 2}),
    ("GPSE", {"dim_inner": 32, "layers_mp": 2}),
    ("GraphUNet", {"in_channels": _IN, "hidden_channels": _OUT, "out_channels": 8, "depth": 2}),
    (
        "LINKX",
        {
            "num_nodes": 40,
            "in_channels": _IN,
            "hidden_channels": _OUT,
            "out_channels": 8,
            "num_layers": 2,
        },
    ),
    ("LightGCN", {"num_nodes": 40, "embedding_dim": _OUT, "num_layers": 2}),
    ("LPFormer", {"in_channels": _IN, "hidden_channels": _OUT}),
    ("MaskLabel", {"num_classes": 8, "out_channels": _OUT}),
    (
        "NeuralFingerprint",
        {"in_channels": _IN, "hidden_channels": _OUT, "out_channels": 8, "num_layers": 2},
    ),
    ("PMLP", {"in_channels": _IN, "hidden_channels": _OUT, "out_channels": 8, "num_layers": 2}),
    (
        "Polynormer",
        {"in_channels": _IN, "hidden_channels": _OUT, "out_channels": 8, "local_layers": 2},
    ),
    (
        "QFormer",
        {"input_dim": _IN, "hidden_dim": _OUT, "output_dim": 8, "num_heads": 2, "num_layers": 2},
    ),
    ("RECT_L", {"in_channels": _IN, "hidden_channels": _OUT}),
    ("RENet", {"num_nodes": 40, "num_rels": 6, "hidden_channels": _OUT, "seq_len": 4}),
    ("SGFormer", {"in_channels": _IN, "hidden_channels": _OUT, "out_channels": 8}),
    (
        "SchNet",
        {"hidden_channels": _OUT, "num_filters": 16, "num_interactions": 2, "num_gaussians": 10},
    ),
    ("SignedGCN", {"in_channels": _IN, "hidden_channels": _OUT, "num_layers": 2}),
    ("ViSNet", {"num_heads": 2, "num_layers": 2, "hidden_channels": _OUT, "num_rbf": 8}),
)


def _models() -> Iterator[ZooModel]:
    names: set[str] = set()
    for name, options in _PAIRS:
        layer = partial(_layers, name, (_IN, _OUT), options)
        yield torch_model(_told_apart(name, names), layer)
    for name, values, options in _OTHERS:
        yield torch_model(_told_apart(name, names), partial(_layers, name, values, options))
    for name, options in _MODELS:
        build = partial(_model, name, options)
        yield torch_model(_told_apart(name, names), build)
    for name, make in _AROUND:
        yield torch_model(name, make)


def _told_apart(name: str, names: set[str]) -> str:
    number = 2
    told = name
    while told in names:
        told, number = f"{name} {number}", number + 1
    names.add(told)
    return told


def _layers(name: str, values: tuple[Any, ...], options: dict[str, Any]) -> nn.Module:
    cls = getattr(geometric, name)
    return nn.ModuleList([cls(*values, **_fresh(options)) for _ in range(2)])


def _fresh(options: dict[str, Any]) -> dict[str, Any]:
    """Give each layer a network of its own, where it takes one."""
    if "nn" in options:
        return {**options, "nn": geometric.MLP([8, 16, _IN * _OUT])}
    return options


def _model(name: str, options: dict[str, Any]) -> nn.Module:
    model: nn.Module = getattr(geometric, name)(**options)
    return model


def _mlp() -> nn.Module:
    return nn.Sequential(nn.Linear(_IN, _OUT), nn.ReLU(), nn.Linear(_OUT, _OUT))


#: What is made around networks of one's own.
_AROUND: Final[tuple[tuple[str, Callable[[], nn.Module]], ...]] = (
    ("GINConv of an MLP", lambda: geometric.GINConv(_mlp(), train_eps=True)),
    ("GINEConv of an MLP", lambda: geometric.GINEConv(_mlp(), edge_dim=8)),
    (
        "GPSConv of a GINConv",
        lambda: geometric.GPSConv(_OUT, geometric.GCNConv(_OUT, _OUT), heads=4),
    ),
    ("VGAE of a GCN", lambda: geometric.VGAE(geometric.GCN(_IN, _OUT, 2))),
    (
        "HeteroConv",
        lambda: geometric.HeteroConv(
            {edge: geometric.SAGEConv((_IN, _IN), _OUT) for edge in _METADATA[1]}
        ),
    ),
    (
        "DeepGraphInfomax",
        lambda: geometric.DeepGraphInfomax(_OUT, geometric.GCN(_IN, _OUT, 2), len, len),
    ),
)

MODELS: Final = tuple(_models())
