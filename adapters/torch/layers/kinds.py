"""What torch's own layers store, in the words of a recipe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from torch import nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.conv import _ConvNd, _ConvTransposeNd

from fanwise.adapters.torch.layers.description import Stored, register_layer

#: The gates of a recurrence, by the name of its class; torch orders them canonically.
_GATES: Final = {"rnn": 1, "gru": 3, "lstm": 4}
_FORGET: Final = 1


def _dense(_: nn.Linear) -> Iterator[Stored]:
    yield from _with_bias("torch", "dense")


def _bilinear(_: nn.Bilinear) -> Iterator[Stored]:
    yield from _with_bias("out in in", "bilinear")


def _conv(layer: Any) -> Iterator[Stored]:
    depthwise = layer.groups == layer.in_channels > 1
    yield from _with_bias("torch", "depthwise_conv" if depthwise else "conv", layer.groups)


def _conv_transpose(layer: Any) -> Iterator[Stored]:
    yield from _with_bias("torch_transposed", "conv_transpose", layer.groups)


def _with_bias(axes: str, kind: str, groups: int = 1) -> Iterator[Stored]:
    yield Stored("weight", "kernel", axes, kind, groups=groups)
    yield Stored("bias", "bias", "torch", kind, beside="kernel")


def _embedding(layer: nn.Embedding | nn.EmbeddingBag) -> Iterator[Stored]:
    yield Stored("weight", "embedding", "in out", "embedding", zero_row=layer.padding_idx)


def _norm(layer: nn.Module) -> Iterator[Stored]:
    axes = " ".join(["out"] * len(getattr(layer, "normalized_shape", (0,))))
    yield Stored("weight", "scale", axes, "norm")
    if not isinstance(layer, nn.RMSNorm):
        yield Stored("bias", "offset", axes, "norm")
    if isinstance(layer, _NormBase):
        yield Stored("running_mean", "mean", axes, "norm")
        yield Stored("running_var", "variance", axes, "norm")


def _attention(layer: nn.MultiheadAttention) -> Iterator[Stored]:
    """The packed projection holds query, key and value, one below the other."""
    width = layer.embed_dim
    for number, path in enumerate(("query", "key", "value")):
        rows = ((number * width, (number + 1) * width),)
        kernel, kind = f"{path}/kernel", "attention"
        if layer.in_proj_weight is None:
            yield Stored(f"{path[0]}_proj_weight", kernel, "torch", kind)
        else:
            yield Stored("in_proj_weight", kernel, "torch", kind, rows)
        yield Stored("in_proj_bias", f"{path}/bias", "torch", kind, rows, beside=kernel)
    yield Stored("out_proj.weight", "out/kernel", "torch", "attention")
    yield Stored("out_proj.bias", "out/bias", "torch", "attention", beside="out/kernel")
    for path in ("key", "value"):
        extra = f"extra_{path}/bias"
        yield Stored(f"bias_{path[0]}", extra, "* out", "attention", beside=f"{path}/kernel")


def _recurrence(layer: Any) -> Iterator[Stored]:
    """Every layer of a recurrence, in each of its directions."""
    kind = "rnn" if layer.mode.startswith("RNN") else layer.mode.lower()
    for number in range(layer.num_layers):
        for way in ("forward", "backward")[: 1 + layer.bidirectional]:
            prefix = f"{number}/" if layer.num_layers > 1 else ""
            prefix += f"{way}/" if layer.bidirectional else ""
            suffix = f"_l{number}" + ("_reverse" if way == "backward" else "")
            yield from _cell(kind, layer.hidden_size, prefix, suffix, bias=layer.bias)
            if layer.proj_size:
                yield Stored(f"weight_hr{suffix}", f"{prefix}projection/kernel", "torch", "dense")


def _one_cell(layer: Any) -> Iterator[Stored]:
    kinds = {nn.LSTMCell: "lstm", nn.GRUCell: "gru", nn.RNNCell: "rnn"}
    kind = next(name for cls, name in kinds.items() if isinstance(layer, cls))
    yield from _cell(kind, layer.hidden_size, "", "", bias=layer.bias)


def _cell(kind: str, size: int, prefix: str, suffix: str, *, bias: bool) -> Iterator[Stored]:
    """The two kernels, whose rows are those of one gate after the other, and their biases."""
    gates = _GATES[kind]
    kernel, recurrent = f"{prefix}kernel", f"{prefix}recurrent_kernel"
    axes = f"({gates} out) in"
    yield Stored(f"weight_ih{suffix}", kernel, axes, kind)
    yield Stored(f"weight_hh{suffix}", recurrent, axes, kind)
    if not bias:
        return
    first, path, own = f"bias_ih{suffix}", f"{prefix}bias", f"({gates} out)"
    if kind == "lstm":
        forget = ((_FORGET * size, (_FORGET + 1) * size),)
        others = ((0, forget[0][0]), (forget[0][1], gates * size))
        yield Stored(first, path, f"({gates - 1} out)", kind, others, beside=kernel)
        yield Stored(first, f"{prefix}forget_bias", "torch", kind, forget, beside=kernel)
    else:
        yield Stored(first, path, own, kind, beside=kernel)
    yield Stored(f"bias_hh{suffix}", f"{prefix}recurrent_bias", own, kind, beside=recurrent)


for _classes, _describe in (
    ((nn.Linear,), _dense),
    ((nn.Bilinear,), _bilinear),
    ((_ConvNd,), _conv),
    ((_ConvTransposeNd,), _conv_transpose),
    ((nn.Embedding, nn.EmbeddingBag), _embedding),
    ((_NormBase, nn.LayerNorm, nn.GroupNorm, nn.RMSNorm), _norm),
    ((nn.MultiheadAttention,), _attention),
    ((nn.RNNBase,), _recurrence),
    ((nn.RNNCell, nn.GRUCell, nn.LSTMCell), _one_cell),
):
    for _class in _classes:
        register_layer(_class, _describe)
