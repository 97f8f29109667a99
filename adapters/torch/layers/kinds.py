"""What torch's own layers store: the table of their descriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.conv import _ConvNd, _ConvTransposeNd

from fanwise.adapters.layer_weights import LayerWeight

#: Gives a LayerWeight for each weight of a layer. One whose parameter the layer does without, as
#: a bias that is None, counts for nothing.
Describe = Callable[[Any], Iterable[LayerWeight]]

#: The gates of a recurrence, by the name of its class; torch orders them canonically.
_GATES: Final = {"rnn": 1, "gru": 3, "lstm": 4}
_FORGET: Final = 1


def _dense(_: nn.Linear) -> Iterable[LayerWeight]:
    return _with_bias("torch", "dense")


def _bilinear(_: nn.Bilinear) -> Iterable[LayerWeight]:
    return _with_bias("out in in", "bilinear")


def _conv(layer: Any) -> Iterable[LayerWeight]:
    depthwise = layer.groups == layer.in_channels > 1
    return _with_bias("torch", "depthwise_conv" if depthwise else "conv", layer.groups)


def _conv_transpose(layer: Any) -> Iterable[LayerWeight]:
    return _with_bias("torch_transposed", "conv_transpose", layer.groups)


@lru_cache(maxsize=256)  # a network has many layers of few kinds
def _with_bias(axes: str, kind: str, groups: int = 1) -> tuple[LayerWeight, ...]:
    kernel = LayerWeight("weight", "kernel", axes, kind, groups)
    return (kernel, LayerWeight("bias", "bias", "torch", kind, beside="kernel"))


def _embedding(layer: nn.Embedding | nn.EmbeddingBag) -> Iterator[LayerWeight]:
    yield LayerWeight("weight", "embedding", "in out", "embedding", zero_row=layer.padding_idx)


def _norm(layer: nn.Module) -> Iterable[LayerWeight]:
    ndim = len(getattr(layer, "normalized_shape", (0,)))
    described = _norm_weights(ndim)
    if isinstance(layer, _NormBase):
        return described
    return described[:1] if isinstance(layer, nn.RMSNorm) else described[:2]


@lru_cache(maxsize=32)
def _norm_weights(ndim: int) -> tuple[LayerWeight, ...]:
    """Describe a normalization over so many axes, with running statistics."""
    axes, count = " ".join(["out"] * ndim), ("num_batches_tracked", _no_batches)
    return (
        LayerWeight("weight", "scale", axes, "norm"),
        LayerWeight("bias", "offset", axes, "norm"),
        LayerWeight("running_mean", "mean", axes, "norm", followers=(count,)),
        LayerWeight("running_var", "variance", axes, "norm"),
    )


def _no_batches(mean: Tensor) -> Tensor:
    """Return the number of batches that fresh statistics have seen."""
    return mean.new_zeros(())


def _attention(layer: nn.MultiheadAttention) -> Iterator[LayerWeight]:
    """Describe attention, whose packed projection is query, key and value, one below another."""
    apart = layer.in_proj_weight is None
    width, kind = layer.embed_dim, "attention/apart" if apart else "attention"
    for number, path in enumerate(("query", "key", "value")):
        rows = ((number * width, (number + 1) * width),)
        kernel = f"{path}/kernel"
        if apart:
            yield LayerWeight(f"{path[0]}_proj_weight", kernel, "torch", kind)
        else:
            yield LayerWeight("in_proj_weight", kernel, "torch", kind, spans=rows)
        yield LayerWeight("in_proj_bias", f"{path}/bias", "torch", kind, beside=kernel, spans=rows)
    yield LayerWeight("out_proj.weight", "out/kernel", "torch", kind)
    yield LayerWeight("out_proj.bias", "out/bias", "torch", kind, beside="out/kernel")
    for path in ("key", "value"):
        extra = f"extra_{path}/bias"
        yield LayerWeight(f"bias_{path[0]}", extra, "* out", kind, beside=f"{path}/kernel")


def _recurrence(layer: Any) -> Iterator[LayerWeight]:
    """Describe every layer of a recurrence, in each of its directions."""
    kind = "rnn" if layer.mode.startswith("RNN") else layer.mode.lower()
    for number in range(layer.num_layers):
        for direction in ("forward", "backward")[: 1 + layer.bidirectional]:
            prefix = f"{number}/" if layer.num_layers > 1 else ""
            prefix += f"{direction}/" if layer.bidirectional else ""
            suffix = f"_l{number}" + ("_reverse" if direction == "backward" else "")
            yield from _gates(kind, layer.hidden_size, prefix, suffix, bias=layer.bias)
            if layer.proj_size:
                projection = f"{prefix}projection/kernel"
                yield LayerWeight(f"weight_hr{suffix}", projection, "torch", "dense")


def _rnn_cell(layer: nn.RNNCell) -> Iterator[LayerWeight]:
    yield from _gates("rnn", layer.hidden_size, "", "", bias=layer.bias)


def _gru_cell(layer: nn.GRUCell) -> Iterator[LayerWeight]:
    yield from _gates("gru", layer.hidden_size, "", "", bias=layer.bias)


def _lstm_cell(layer: nn.LSTMCell) -> Iterator[LayerWeight]:
    yield from _gates("lstm", layer.hidden_size, "", "", bias=layer.bias)


def _gates(kind: str, size: int, prefix: str, suffix: str, *, bias: bool) -> Iterator[LayerWeight]:
    """Describe two kernels, whose rows are those of one gate after the other, and their biases."""
    count = _GATES[kind]
    kernel, recurrent = f"{prefix}kernel", f"{prefix}recurrent_kernel"
    yield LayerWeight(f"weight_ih{suffix}", kernel, f"({count} out) in", kind)
    yield LayerWeight(f"weight_hh{suffix}", recurrent, f"({count} out) in", kind)
    if not bias:
        return
    first, path = f"bias_ih{suffix}", f"{prefix}bias"
    if kind == "lstm":
        start, stop = _FORGET * size, (_FORGET + 1) * size
        others, axes = ((0, start), (stop, count * size)), f"({count - 1} out)"
        forget = f"{prefix}forget_bias"
        yield LayerWeight(first, path, axes, kind, beside=kernel, spans=others)
        yield LayerWeight(first, forget, "torch", kind, beside=kernel, spans=((start, stop),))
    else:
        yield LayerWeight(first, path, f"({count} out)", kind, beside=kernel)
    second, path = f"bias_hh{suffix}", f"{prefix}recurrent_bias"
    yield LayerWeight(second, path, f"({count} out)", kind, beside=recurrent)


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
