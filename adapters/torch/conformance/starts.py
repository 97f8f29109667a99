"""The layers that the conformance suite lets torch start, for the recipe ``torch_default``.

Biases are random in torch, so layers are wide: the fewer of them are needed for a sample.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from fanwise.adapters.protocol import Started
from fanwise.adapters.torch.layers.models import model_weights
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.plan import Planned, plan
from fanwise.spec.recipe import recipe
from fanwise.spec.weights import Weight

STARTS: Final[dict[str, Callable[[], nn.Module]]] = {
    "dense": partial(nn.Linear, 16, 8000),
    "bilinear": partial(nn.Bilinear, 4, 8, 4000),
    "conv1d": partial(nn.Conv1d, 8, 4000, 5),
    "conv2d": partial(nn.Conv2d, 4, 4000, 3),
    "conv3d": partial(nn.Conv3d, 2, 4000, 2),
    "grouped_conv2d": partial(nn.Conv2d, 8, 4000, 3, groups=4),
    "depthwise_conv2d": partial(nn.Conv2d, 2000, 4000, 3, groups=2000),
    "conv1d_transpose": partial(nn.ConvTranspose1d, 8, 4000, 5),
    "conv2d_transpose": partial(nn.ConvTranspose2d, 4, 4000, 3),
    "conv3d_transpose": partial(nn.ConvTranspose3d, 2, 4000, 2),
    "grouped_conv2d_transpose": partial(nn.ConvTranspose2d, 8, 4000, 3, groups=4),
    "embedding": partial(nn.Embedding, 500, 300),
    "embedding_bag": partial(nn.EmbeddingBag, 500, 300),
    "batch_norm": partial(nn.BatchNorm2d, 64),
    "instance_norm": partial(nn.InstanceNorm2d, 64, affine=True, track_running_stats=True),
    "layer_norm": partial(nn.LayerNorm, (8, 16)),
    "group_norm": partial(nn.GroupNorm, 4, 64),
    "rms_norm": partial(nn.RMSNorm, 64),
    "rnn": partial(nn.RNN, 8, 128),
    "gru": partial(nn.GRU, 8, 128, bidirectional=True),
    "lstm": partial(nn.LSTM, 8, 128),
    "rnn_cell": partial(nn.RNNCell, 8, 128),
    "gru_cell": partial(nn.GRUCell, 8, 128),
    "lstm_cell": partial(nn.LSTMCell, 8, 128),
    "lstm_projected": partial(nn.LSTM, 2, 2000, 2, proj_size=1),
    "attention": partial(nn.MultiheadAttention, 256, 4),
    "attention_kept_apart": partial(
        nn.MultiheadAttention, 176, 4, kdim=2, vdim=3, add_bias_kv=True
    ),
}


def start(kind: str, seed: int) -> list[Started]:
    """Return all weights of a layer as torch starts it.

    Raises:
        FanwiseError: for a kind that is none of :data:`STARTS`.
    """
    if kind not in STARTS:
        raise FanwiseError("a kind of layer", kind, did_you_mean(kind, STARTS))
    with torch.random.fork_rng(devices=[]):
        # Layers are drawn on the CPU: the generators of other devices stay as they are.
        torch.default_generator.manual_seed(seed)
        weights = model_weights(STARTS[kind]())
    planned = _planned(tuple(stored.weight for stored in weights))
    return [Started(plan, values_of(stored)) for plan, stored in zip(planned, weights, strict=True)]


@cache
def _planned(weights: tuple[Weight, ...]) -> tuple[Planned, ...]:
    """Plan a layer; the plan is the same for all of its kind."""
    return plan(recipe("torch_default"), weights, framework="torch").planned


def values_of(stored: TensorWeight) -> NDArray[Any]:
    """Return the values of a weight, together where they lie apart."""
    values = np.empty(stored.weight.shape, np.float32)
    for block, index in stored.blocks():
        values[index] = block.float().numpy()
    return values
