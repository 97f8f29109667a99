"""Tabular models of rtdl: networks, and embeddings of numbers."""

from __future__ import annotations

from typing import Final

import rtdl_num_embeddings as embeddings
import rtdl_revisiting_models as models
import torch

from zoo.seeded import torch_model

_BINS: Final = [torch.linspace(0, 1, 9) for _ in range(6)]


def _transformer(classes: list[int]) -> models.FTTransformer:
    sizes = models.FTTransformer.get_default_kwargs(n_blocks=2)
    sizes |= {"d_block": 32, "attention_n_heads": 4, "linformer_kv_compression_ratio": None}
    sizes.pop("linformer_kv_compression_ratio")
    return models.FTTransformer(n_cont_features=6, cat_cardinalities=classes, d_out=2, **sizes)


MODELS: Final = (
    torch_model("MLP", lambda: models.MLP(d_in=24, d_out=2, n_blocks=3, d_block=32, dropout=0.1)),
    torch_model(
        "ResNet",
        lambda: models.ResNet(
            d_in=24,
            d_out=2,
            n_blocks=2,
            d_block=32,
            d_hidden=None,
            d_hidden_multiplier=2.0,
            dropout1=0.1,
            dropout2=0.0,
        ),
    ),
    torch_model("FTTransformer", lambda: _transformer([4, 7])),
    torch_model("FTTransformer of numbers", lambda: _transformer([])),
    torch_model("LinearEmbeddings", lambda: models.LinearEmbeddings(24, 32)),
    torch_model("CategoricalEmbeddings", lambda: models.CategoricalEmbeddings([9, 20, 30], 32)),
    torch_model("LinearReLUEmbeddings", lambda: embeddings.LinearReLUEmbeddings(24, 32)),
    torch_model("PeriodicEmbeddings", lambda: embeddings.PeriodicEmbeddings(24, 32, lite=False)),
    torch_model(
        "PeriodicEmbeddings, lite", lambda: embeddings.PeriodicEmbeddings(24, 32, lite=True)
    ),
    torch_model(
        "PiecewiseLinearEmbeddings",
        lambda: embeddings.PiecewiseLinearEmbeddings(_BINS, 32, activation=False, version="B"),
    ),
)
