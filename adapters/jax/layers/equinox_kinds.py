"""The layers of Equinox: their weights, with true axes and groups. It is not imported."""

from __future__ import annotations

from typing import Any, Final

from fanwise.adapters.jax.layers.gates import last_bias, packed_lstm_biases
from fanwise.adapters.jax.layers.registry import Describe
from fanwise.adapters.layer_weights import LayerWeight, Shapes
from fanwise.spec.axes import OUT


def _pair(
    shapes: Shapes, axes: str, kind: str, groups: int = 1, *, inside: str = "", under: str = ""
) -> tuple[LayerWeight, ...]:
    """Describe a weight, and the bias beside it, which has an axis for each of the field's."""
    kernel, bias = f"{under}kernel", f"{inside}bias"
    weight = LayerWeight(f"{inside}weight", kernel, axes, kind, groups)
    if bias not in shapes:
        return (weight,)
    words = " ".join([OUT] * len(shapes[bias])) or "kernel"
    return weight, LayerWeight(bias, f"{under}bias", words, kind, beside=kernel)


def _linear(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    del layer
    return _pair(shapes, "out in", "dense")


def _conv(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    shape, groups = shapes["weight"], int(layer.groups)
    kind = "depthwise_conv" if groups > 1 and shape[1] == 1 else "conv"
    return _pair(shapes, "out in *", kind, groups)


def _conv_transpose(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    # Stored like a convolution's, and not turned round.
    return _pair(shapes, "out in *", "conv_transpose", int(layer.groups))


def _embedding(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    del layer, shapes
    return (LayerWeight("weight", "embedding", "in out", "embedding"),)


def _norm(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    del layer
    return tuple(
        LayerWeight(name, role, " ".join([OUT] * len(shapes[name])) or "kernel", "norm")
        for name, role in (("weight", "scale"), ("bias", "offset"))
        if name in shapes
    )


def _attention(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    del layer
    names = {"query": "query", "key": "key", "value": "value", "output": "out"}
    return tuple(
        weight
        for stored, name in names.items()
        for weight in _pair(
            shapes, "out in", "attention", inside=f"{stored}_proj/", under=f"{name}/"
        )
    )


def _lstm(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    del layer
    kernels = _gates("lstm", 4)
    if "bias" not in shapes:
        return kernels
    return *kernels, *packed_lstm_biases("bias", "lstm", shapes)


def _gru(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Describe a GRU, of which the new gate alone has a second bias."""
    del layer
    kernels = _gates("gru", 3)
    if "bias" not in shapes:
        return kernels
    bias = LayerWeight("bias", "bias", "(3 out)", "gru", beside="kernel")
    return *kernels, bias, last_bias("gru", "bias_n", 3, shapes)


def _gates(kind: str, count: int) -> tuple[LayerWeight, ...]:
    return tuple(
        LayerWeight(parameter, path, f"({count} out) in", kind)
        for path, parameter in (("kernel", "weight_ih"), ("recurrent_kernel", "weight_hh"))
    )


_KINDS: Final[dict[str, Describe]] = {
    "Linear": _linear,
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "Embedding": _embedding,
    **dict.fromkeys(("LayerNorm", "RMSNorm", "GroupNorm", "BatchNorm"), _norm),
    "MultiheadAttention": _attention,
    "LSTMCell": _lstm,
    "GRUCell": _gru,
}
EQUINOX: Final[dict[str, Describe]] = {f"equinox.nn:{name}": of for name, of in _KINDS.items()}
#: Nodes that hold a state's first values, which are no weights.
STATE: Final = "equinox.nn:StateIndex"
