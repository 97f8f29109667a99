"""What a layer of Keras is by its name and the names and shapes of its variables."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from fanwise.adapters.layer_weights import LayerWeight, Shape, Shapes
from fanwise.adapters.names_in_files import keras_layers
from fanwise.spec.axes import IN, OUT

#: The projections of attention, by the names of their layers, and what paths call them.
_PROJECTIONS: Final = {
    **{name: name for name in ("query", "key", "value", "gate")},
    "attention_output": "out",
}
_NORM: Final = {
    "gamma": "scale",
    "beta": "offset",
    "moving_mean": "mean",
    "moving_variance": "variance",
}
_NORMS: Final = re.compile(r"norm|(?:^|_)(?:ln|bn)(?:$|_)")
_TURNED: Final = re.compile(r"transpose|deconv")
_DEPTHWISE: Final = re.compile(r"depthwise|dwconv|(?:^|_)dw(?:$|_)")
_CONVOLUTION: Final = re.compile(r"conv")


@dataclass(frozen=True)
class LayerReading:
    """What a layer is.

    Attributes:
        described: its weights.
        guess: why its kernel is what it is, where names did not tell.
        above, below: how many of its names have no part in the path, and what stands there.
    """

    described: tuple[LayerWeight, ...] = ()
    guess: str = ""
    above: int = 0
    below: tuple[str, ...] = ()


def read_layer(path: Sequence[str], shapes: Shapes, beside: Collection[str]) -> LayerReading:
    """Tell what a layer stores.

    Args:
        path: of the layer.
        shapes: of its variables, by their names.
        beside: the names of the layers beside it.
    """
    last = path[-1] if path else ""
    axes = {name: len(shape) for name, shape in shapes.items()}
    if min(axes.get("recurrent_kernel", 0), axes.get("kernel", 0)) > 1:
        return LayerReading(_cell(shapes))
    if min(axes.get("depthwise_kernel", 0), axes.get("pointwise_kernel", 0)) > 2:
        return LayerReading(tuple(keras_layers.separable(shapes["depthwise_kernel"][-2])))
    if "kernel" in shapes and len(shapes["kernel"]) > 1:
        inside = {"query", "value", "attention_output"} <= set(beside)
        if inside and last in _PROJECTIONS and len(shapes["kernel"]) == 3:
            described = _projection(last, shapes)
            return LayerReading(described, "", 1, (_PROJECTIONS[last],))
        return _kernel(last, shapes["kernel"], shapes.get("bias"))
    if "embeddings" in shapes and len(shapes["embeddings"]) == 2:
        table = LayerWeight("embeddings", "embedding", "in out", "embedding")
        reverse = LayerWeight("reverse_embeddings", "reverse/kernel", "in out", "dense/reverse")
        return LayerReading((table, reverse))
    return LayerReading(_norm(last, shapes))


def _norm(last: str, shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Describe a normalization, plain or by the root mean square."""
    scale = "scale" in shapes and len(shapes) == 1 and _NORMS.search(last)
    names = {"scale": "scale"} if scale else _NORM
    if not scale and not shapes.keys() & {"gamma", "beta"}:
        return ()
    return tuple(
        LayerWeight(name, role, " ".join([OUT] * len(shapes[name])) or "kernel", "norm")
        for name, role in names.items()
        if name in shapes
    )


def _cell(shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Describe a recurrent cell by how many gates its kernels have."""
    recurrent, bias = shapes["recurrent_kernel"], shapes.get("bias", ())
    units, gates = recurrent[-2], recurrent[-1] // max(recurrent[-2], 1)
    if len(recurrent) > 2:
        return tuple(keras_layers.lstm_cell("conv_lstm", "* in (4 out)", units))
    if gates == 4:
        return tuple(keras_layers.lstm_cell("lstm", "in (4 out)", units))
    if gates == 3:
        return tuple(keras_layers.gru_cell(units, reset_after=len(bias) != 1))
    return tuple(keras_layers.plain_cell())


def _projection(last: str, shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Describe a projection of attention, with heads as further outputs, or inputs."""
    axes = "in in out" if _PROJECTIONS[last] == "out" else "in out out"
    words = " ".join([OUT] * len(shapes.get("bias", ())))
    return (
        LayerWeight("kernel", "kernel", axes, "attention"),
        LayerWeight("bias", "bias", words or OUT, "attention", beside="kernel"),
    )


def _kernel(last: str, kernel: Shape, bias: Shape | None) -> LayerReading:
    """Read a kernel by its axes, its bias and the name of its layer."""
    if len(kernel) == 2:
        return LayerReading(tuple(keras_layers.kernel_and_bias("in out", "dense")))
    if bias is not None and len(bias) > 1:
        return _of_equation(kernel, bias)
    outputs = kernel[-1] if bias is None else bias[0]
    if _DEPTHWISE.search(last) or (
        bias is not None and outputs == kernel[-2] * kernel[-1] != kernel[-1]
    ):
        return LayerReading(tuple(keras_layers.depthwise(kernel[-2])))
    turned = _TURNED.search(last) is not None
    if turned or outputs == kernel[-2] != kernel[-1]:
        why = "" if turned else "a transposed convolution by the length of its bias"
        return LayerReading(
            tuple(keras_layers.kernel_and_bias("keras_transposed", "conv_transpose")), why
        )
    if len(kernel) == 3 and not _CONVOLUTION.search(last):
        axes = f"{IN} {IN} {OUT}"
        why = "a product of two axes of inputs, or a convolution, by three axes and one of the bias"
        if bias is None:
            axes, why = f"{IN} {OUT} {OUT}", "a product by its three axes"
        return LayerReading(tuple(keras_layers.kernel_and_bias(axes, "dense")), why)
    return LayerReading(tuple(keras_layers.kernel_and_bias("* in out", "conv")))


def _of_equation(kernel: Shape, bias: Shape) -> LayerReading:
    """Read the kernel of a product with as many axes of outputs as its bias has."""
    if kernel[len(kernel) - len(bias) :] != bias:
        return LayerReading()
    inputs = len(kernel) - len(bias)
    axes = " ".join([IN] * inputs + [OUT] * len(bias))
    words = " ".join([OUT] * len(bias))
    return LayerReading(
        (
            LayerWeight("kernel", "kernel", axes, "dense"),
            LayerWeight("bias", "bias", words, "dense", beside="kernel"),
        )
    )
