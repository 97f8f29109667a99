"""The weights of the suite's models, read from torch's layers in canonical order.

It is written apart from what sets them, so that the one is a check of the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn


def weights(model: nn.Module) -> dict[str, NDArray[Any]]:
    """Return every weight by its canonical path, but for LSTM's second bias.

    Torch moves axes by blocks, several times as fast as NumPy does with a large matrix.
    """
    return {
        f"{name}/{role}": torch.from_numpy(array).contiguous().numpy()
        for name, layer in model.named_children()
        for role, array in _of(
            layer, {k: v.detach().numpy() for k, v in layer.state_dict().items()}
        )
    }


def _of(layer: nn.Module, held: dict[str, NDArray[Any]]) -> Iterator[tuple[str, NDArray[Any]]]:
    match layer:
        case nn.BatchNorm2d() | nn.LayerNorm():
            yield "scale", held["weight"]
            yield "offset", held["bias"]
            if isinstance(layer, nn.BatchNorm2d):
                yield "mean", held["running_mean"]
                yield "variance", held["running_var"]
        case nn.Embedding():
            yield "embedding", held["weight"]
        case nn.MultiheadAttention():
            kernels = np.split(held["in_proj_weight"], 3)
            for name, kernel, bias in zip(
                ("query", "key", "value"), kernels, np.split(held["in_proj_bias"], 3), strict=True
            ):
                yield f"{name}/kernel", kernel.T
                yield f"{name}/bias", bias
            yield "out/kernel", held["out_proj.weight"].T
            yield "out/bias", held["out_proj.bias"]
        case nn.LSTM():
            for role, name in (("kernel", "weight_ih_l0"), ("recurrent_kernel", "weight_hh_l0")):
                gates = held[name].reshape(4, layer.hidden_size, -1)
                yield role, gates.transpose(0, 2, 1)
            bias = held["bias_ih_l0"].reshape(4, -1)
            yield "bias", bias[[0, 2, 3]]
            yield "forget_bias", bias[1]
        case nn.ConvTranspose2d():
            yield "kernel", held["weight"].transpose(2, 3, 0, 1)
            yield "bias", held["bias"]
        case _:
            # A linear layer's (out, in), and a convolution's (out, in, height, width).
            kernel = held["weight"]
            yield "kernel", kernel.transpose(*range(2, kernel.ndim), 1, 0)
            if "bias" in held:
                yield "bias", held["bias"]
