"""The layers of Flax linen and nnx: their weights, with true axes and groups.

The two have the same kernels under the same names; Flax itself is not imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fanwise.adapters.equations import equation_axes
from fanwise.adapters.jax.layers import gates
from fanwise.adapters.jax.layers.registry import Describe
from fanwise.adapters.layer_weights import LayerWeight, Shapes
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE


def kernel_and_bias(
    shapes: Shapes, axes: str, kind: str, groups: int = 1, *, under: str = ""
) -> tuple[LayerWeight, ...]:
    """Describe a kernel, and the bias beside it if there is one.

    Args:
        shapes: those of the layer's variables.
        axes: of the kernel.
        kind: of the layer.
        groups: of the kernel.
        under: the path of the two, with a slash.
    """
    kernel, bias = f"{under}kernel", f"{under}bias"
    weight = LayerWeight(kernel, kernel, axes, kind, groups)
    if bias not in shapes:
        return (weight,)
    words = ["batch"] * axes.split().count(BATCH)
    words += [OUT] * (len(shapes[bias]) - len(words))
    return weight, LayerWeight(bias, bias, " ".join(words), kind, beside=kernel)


def _dense(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    del layer
    return kernel_and_bias(shapes, "in out", "dense")


def _general(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    return kernel_and_bias(shapes, _general_axes(layer), "dense")


def _general_axes(layer: Any) -> str:
    """Return the axes of a DenseGeneral of linen, or a LinearGeneral of nnx."""
    if hasattr(layer, "out_features"):
        counts = (layer.batch_axis, layer.in_features, layer.out_features)
    else:
        counts = (layer.batch_dims, layer.axis, layer.features)
    words = zip((BATCH, IN, OUT), counts, strict=True)
    return " ".join(word for word, count in words for _ in range(_length(count)))


def _einsum(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    return kernel_and_bias(shapes, equation_axes(layer.einsum_str), "dense")


def _conv(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    groups = int(layer.feature_group_count)
    axes = f"{_field(layer)} in out"
    depthwise = groups > 1 and shapes["kernel"][-2:-1] == (1,)
    return kernel_and_bias(shapes, axes, "depthwise_conv" if depthwise else "conv", groups)


def _conv_transpose(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    turned = layer.transpose_kernel
    # A variant, since Flax counts the outputs of a turned kernel as its inputs.
    ends, kind = ("out in", "conv_transpose/turned") if turned else ("in out", "conv_transpose")
    return kernel_and_bias(shapes, f"{_field(layer)} {ends}", kind)


def _field(layer: Any) -> str:
    return " ".join([RECEPTIVE] * _length(layer.kernel_size))


def _length(given: int | Sequence[int]) -> int:
    return 1 if isinstance(given, int) else len(given)


def _embed(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    del layer, shapes
    return (LayerWeight("embedding", "embedding", "in out", "embedding"),)


#: What a normalization calls its weights, and what they are called here.
_NORM: Final = {"scale": "scale", "bias": "offset", "mean": "mean", "var": "variance"}


def _norm(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    del layer
    return tuple(
        LayerWeight(name, role, " ".join([OUT] * len(shapes[name])), "norm")
        for name, role in _NORM.items()
        if name in shapes
    )


def _attention(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    del layer
    weights: tuple[LayerWeight, ...] = ()
    for name in ("query", "key", "value", "out"):
        axes = "in in out" if name == "out" else "in out out"
        weights += kernel_and_bias(shapes, axes, "attention", under=f"{name}/")
    return weights


_OF_BOTH: Final[dict[str, Describe]] = {
    "Einsum": _einsum,
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "Embed": _embed,
    **dict.fromkeys(("BatchNorm", "LayerNorm", "RMSNorm", "GroupNorm", "InstanceNorm"), _norm),
    "LSTMCell": gates.lstm,
    "OptimizedLSTMCell": gates.lstm,
    "GRUCell": gates.gru,
    "MGUCell": gates.mgu,
    "ConvLSTMCell": gates.conv_lstm,
    "SimpleCell": gates.simple,
}
LINEN: Final[dict[str, Describe]] = {
    **{f"flax.linen:{name}": describe for name, describe in _OF_BOTH.items()},
    "flax.linen:Dense": _dense,
    "flax.linen:DenseGeneral": _general,
    "flax.linen:MultiHeadDotProductAttention": _attention,
}
NNX: Final[dict[str, Describe]] = {
    **{f"flax.nnx:{name}": describe for name, describe in _OF_BOTH.items()},
    "flax.nnx:Linear": _dense,
    "flax.nnx:LinearGeneral": _general,
    "flax.nnx:MultiHeadAttention": _attention,
}

_CELL: Final = {"cell": ""}
_WAYS: Final = {"forward_rnn": "forward", "backward_rnn": "backward"}
#: Modules that only hold others: what these are called below them, in the order of their use.
WRAPPERS: Final[dict[str, dict[str, str]]] = {
    "flax.linen:RNN": _CELL,
    "flax.nnx:RNN": _CELL,
    "flax.linen:Bidirectional": _WAYS,
    "flax.nnx:Bidirectional": _WAYS,
}
