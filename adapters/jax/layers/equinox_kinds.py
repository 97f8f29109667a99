"""The layers of Equinox: their weights, with true axes and groups. It is not imported."""

from __future__ import annotations

from typing import Any, Final

from fanwise.adapters.jax.layers.description import Describe, Part, Place, Shapes
from fanwise.spec.axes import OUT


def _pair(
    shapes: Shapes, axes: str, layer: str, groups: int = 1, *, at: str = "", under: str = ""
) -> tuple[Part, ...]:
    """A weight, and the bias beside it, which has an axis for each of the receptive field."""
    made = (Part(f"{under}kernel", axes, layer, (Place(f"{at}weight"),), groups=groups),)
    bias = f"{at}bias"
    if bias not in shapes:
        return made
    words = " ".join([OUT] * len(shapes[bias])) or "kernel"
    return (*made, Part(f"{under}bias", words, layer, (Place(bias),), beside=f"{under}kernel"))


def _linear(layer: Any, shapes: Shapes) -> tuple[Part, ...]:
    del layer
    return _pair(shapes, "out in", "dense")


def _conv(layer: Any, shapes: Shapes) -> tuple[Part, ...]:
    shape, groups = shapes["weight"], int(layer.groups)
    kind = "depthwise_conv" if groups > 1 and shape[1] == 1 else "conv"
    return _pair(shapes, "out in *", kind, groups)


def _conv_transpose(layer: Any, shapes: Shapes) -> tuple[Part, ...]:
    # Stored like a convolution's, and not turned round.
    return _pair(shapes, "out in *", "conv_transpose", int(layer.groups))


def _embedding(layer: Any, shapes: Shapes) -> tuple[Part, ...]:
    del layer, shapes
    return (Part("embedding", "in out", "embedding", (Place("weight"),)),)


def _norm(layer: Any, shapes: Shapes) -> tuple[Part, ...]:
    del layer
    return tuple(
        Part(role, " ".join([OUT] * len(shapes[own])) or "kernel", "norm", (Place(own),))
        for own, role in (("weight", "scale"), ("bias", "offset"))
        if own in shapes
    )


def _attention(layer: Any, shapes: Shapes) -> tuple[Part, ...]:
    del layer
    parts: tuple[Part, ...] = ()
    for own, name in (("query", "query"), ("key", "key"), ("value", "value"), ("output", "out")):
        parts += _pair(shapes, "out in", "attention", at=f"{own}_proj/", under=f"{name}/")
    return parts


def _lstm(layer: Any, shapes: Shapes) -> tuple[Part, ...]:
    del layer
    made = _gates("lstm", 4)
    if "bias" not in shapes:
        return made
    size = shapes["bias"][0] // 4
    places = (
        Place("bias", (slice(0, size),), (slice(0, 1),)),
        Place("bias", (slice(2 * size, 4 * size),), (slice(1, 3),)),
    )
    middle = (Place("bias", (slice(size, 2 * size),)),)
    return (
        *made,
        Part("bias", "batch out", "lstm", places, (3, size), beside="kernel"),
        Part("forget_bias", "out", "lstm", middle, (size,), beside="kernel"),
    )


def _gru(layer: Any, shapes: Shapes) -> tuple[Part, ...]:
    """The new gate alone has a second bias."""
    del layer
    made = _gates("gru", 3)
    if "bias" not in shapes:
        return made
    last = (Place("bias_n", None, (slice(2, 3),)),)
    shape = (3, *shapes["bias_n"])
    return (
        *made,
        Part("bias", "(3 out)", "gru", (Place("bias"),), beside="kernel"),
        Part("recurrent_bias", "batch out", "gru", last, shape, beside="recurrent_kernel"),
    )


def _gates(layer: str, count: int) -> tuple[Part, ...]:
    return tuple(
        Part(name, f"({count} out) in", layer, (Place(own),))
        for name, own in (("kernel", "weight_ih"), ("recurrent_kernel", "weight_hh"))
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
