"""What torch's own layers store: the table of their descriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.conv import _ConvNd, _ConvTransposeNd

from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.names_in_files import torch_layers

#: Gives a LayerWeight for each weight of a layer. One whose parameter the layer does without, as
#: a bias that is None, counts for nothing.
Describe = Callable[[Any], Iterable[LayerWeight]]


def _dense(_: nn.Linear) -> Iterable[LayerWeight]:
    return torch_layers.kernel_and_bias("torch", "dense")


def _bilinear(_: nn.Bilinear) -> Iterable[LayerWeight]:
    return torch_layers.kernel_and_bias("out in in", "bilinear")


def _conv(layer: Any) -> Iterable[LayerWeight]:
    depthwise = layer.groups == layer.in_channels > 1
    kind = "depthwise_conv" if depthwise else "conv"
    return torch_layers.kernel_and_bias("torch", kind, layer.groups)


def _conv_transpose(layer: Any) -> Iterable[LayerWeight]:
    return torch_layers.kernel_and_bias("torch_transposed", "conv_transpose", layer.groups)


def _embedding(layer: nn.Embedding | nn.EmbeddingBag) -> Iterator[LayerWeight]:
    yield torch_layers.embedding(layer.padding_idx)


def _norm(layer: nn.Module) -> Iterable[LayerWeight]:
    ndim = len(getattr(layer, "normalized_shape", (0,)))
    described = torch_layers.norm(ndim, (("num_batches_tracked", _no_batches),))
    if isinstance(layer, _NormBase):
        return described
    return described[:1] if isinstance(layer, nn.RMSNorm) else described[:2]


def _no_batches(mean: Tensor) -> Tensor:
    """Return the number of batches that fresh statistics have seen."""
    return mean.new_zeros(())


def _attention(layer: nn.MultiheadAttention) -> Iterable[LayerWeight]:
    return torch_layers.attention(layer.embed_dim, apart=layer.in_proj_weight is None)


def _recurrence(layer: Any) -> Iterable[LayerWeight]:
    return torch_layers.recurrence(
        "rnn" if layer.mode.startswith("RNN") else layer.mode.lower(),
        layer.hidden_size,
        layers=layer.num_layers,
        bidirectional=layer.bidirectional,
        bias=layer.bias,
        projected=bool(layer.proj_size),
    )


def _rnn_cell(layer: nn.RNNCell) -> Iterable[LayerWeight]:
    return torch_layers.gates("rnn", layer.hidden_size, bias=layer.bias)


def _gru_cell(layer: nn.GRUCell) -> Iterable[LayerWeight]:
    return torch_layers.gates("gru", layer.hidden_size, bias=layer.bias)


def _lstm_cell(layer: nn.LSTMCell) -> Iterable[LayerWeight]:
    return torch_layers.gates("lstm", layer.hidden_size, bias=layer.bias)


#: The description of every class; it counts for subclasses too, the nearest class first.
KINDS: Final[dict[type[nn.Module], Describe]] = {
    nn.Linear: _dense,
    nn.Bilinear: _bilinear,
    _ConvNd: _conv,
    _ConvTransposeNd: _conv_transpose,
    nn.Embedding: _embedding,
    nn.EmbeddingBag: _embedding,
    _NormBase: _norm,
    nn.LayerNorm: _norm,
    nn.GroupNorm: _norm,
    nn.RMSNorm: _norm,
    nn.MultiheadAttention: _attention,
    nn.RNNBase: _recurrence,
    nn.RNNCell: _rnn_cell,
    nn.GRUCell: _gru_cell,
    nn.LSTMCell: _lstm_cell,
}
