"""What Keras's own layers store: the table of their descriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import keras
import numpy as np
from keras.src.layers.rnn.conv_lstm import ConvLSTMCell

from fanwise.adapters.equations import equation_axes
from fanwise.adapters.keras.drawing.storage import DEPTHWISE_AXES
from fanwise.adapters.keras.layers.variables import find_variable, is_built
from fanwise.adapters.layer_weights import LayerWeight, Span
from fanwise.spec.axes import BATCH, OUT

#: Gives a LayerWeight for each weight of a layer. One whose parameter the layer does without, as
#: a bias that is None, counts for nothing.
Describe = Callable[[Any], Iterable[LayerWeight]]

#: Where each gate of a GRU that is first, second, … canonically lies in Keras's storage.
_GRU_ORDER: Final = (1, 0, 2)
_FORGET: Final = 1
_LSTM_GATES: Final = 4


def _dense(_: Any) -> Iterator[LayerWeight]:
    yield from _with_bias("in out", "dense")


def _with_bias(axes: str, kind: str, groups: int = 1) -> Iterator[LayerWeight]:
    yield LayerWeight("kernel", "kernel", axes, kind, groups)
    yield LayerWeight("bias", "bias", "out", kind, beside="kernel")


def _einsum(layer: Any) -> Iterator[LayerWeight]:
    axes = equation_axes(layer.equation)
    yield LayerWeight("kernel", "kernel", axes, "dense")
    if layer.bias_axes:
        bias_axes = _einsum_bias_axes(layer, axes)
        yield LayerWeight("bias", "bias", bias_axes, "dense", beside="kernel")


def _einsum_bias_axes(layer: Any, axes: str) -> str:
    """Read the axes of a bias: one for every letter of the output from its first one on."""
    _, _, operands = layer.equation.replace(" ", "").replace(".", "").partition(",")
    kernel, _, outputs = operands.partition("->")
    letters = outputs[outputs.index(min(layer.bias_axes, key=outputs.index)) :]
    batches = {word for word, role in zip(kernel, axes.split(), strict=True) if role == BATCH}
    return " ".join(BATCH if letter in batches else OUT for letter in letters)


def _conv(layer: Any) -> Iterator[LayerWeight]:
    channels = _size(layer, "kernel", -2) * layer.groups
    kind = _conv_kind(layer.groups, channels)
    # A variant, since Keras starts it as a convolution, and depthwise layers otherwise.
    kind = "depthwise_conv/grouped" if kind == "depthwise_conv" else kind
    yield from _with_bias("* in out", kind, layer.groups)


def _conv_transpose(_: Any) -> Iterator[LayerWeight]:
    yield from _with_bias("keras_transposed", "conv_transpose")


def _depthwise(layer: Any) -> Iterator[LayerWeight]:
    channels = max(_size(layer, "kernel", -2), 1)
    yield from _with_bias(DEPTHWISE_AXES, _conv_kind(channels, channels), channels)


def _separable(layer: Any) -> Iterator[LayerWeight]:
    channels = max(_size(layer, "depthwise_kernel", -2), 1)
    kind = _conv_kind(channels, channels)
    yield LayerWeight("depthwise_kernel", "depthwise/kernel", DEPTHWISE_AXES, kind, channels)
    pointwise = "pointwise/kernel"
    yield LayerWeight("pointwise_kernel", pointwise, "* in out", "conv")
    yield LayerWeight("bias", "pointwise/bias", "out", "conv", beside=pointwise)


def _conv_kind(groups: int, channels: int) -> str:
    """Name a convolution by what it does, not by its class: other frameworks have but one."""
    return "depthwise_conv" if groups == channels > 1 else "conv"


def _embedding(layer: Any) -> Iterator[LayerWeight]:
    yield LayerWeight("embeddings", "embedding", "in out", "embedding")
    if not getattr(layer, "tie_weights", True):
        # A variant, since Keras starts it as an embedding.
        yield LayerWeight("reverse_embeddings", "reverse/kernel", "in out", "dense/reverse")


def _norm(layer: Any) -> Iterator[LayerWeight]:
    if not hasattr(layer, "gamma_initializer"):  # a root mean square's
        yield LayerWeight("scale", "scale", _norm_axes(layer), "norm")
        return
    axes = _norm_axes(layer)
    if layer.scale:
        yield LayerWeight("gamma", "scale", axes, "norm")
    if layer.center:
        yield LayerWeight("beta", "offset", axes, "norm")
    if hasattr(layer, "moving_mean_initializer"):
        yield from _statistics(layer, axes)


def _statistics(layer: Any, axes: str) -> Iterator[LayerWeight]:
    """Describe running statistics, and what batch renormalization keeps a copy of besides."""
    renorm = getattr(layer, "renorm", False)
    means = (("renorm_mean", np.copy),) if renorm else ()
    stds = (("moving_stddev", np.sqrt), ("renorm_stddev", np.sqrt)) if renorm else ()
    yield LayerWeight("moving_mean", "mean", axes, "norm", followers=means)
    yield LayerWeight("moving_variance", "variance", axes, "norm", followers=stds)


def _norm_axes(layer: Any) -> str:
    axis = getattr(layer, "axis", -1)
    return " ".join([OUT] * (len(axis) if isinstance(axis, list | tuple) else 1))


def _attention(layer: Any) -> Iterator[LayerWeight]:
    """Describe attention, whose projections are einsums that it makes when it is built."""
    for name in ("query", "key", "value", "gate", "output"):
        projection = getattr(layer, f"_{name}_dense", None)
        if projection is None:
            continue
        below = "out" if name == "output" else name
        for weight in _einsum(projection):
            yield replace(
                weight,
                parameter=f"_{name}_dense.{weight.parameter}",
                path=f"{below}/{weight.path}",
                kind="attention",
                beside=None if weight.beside is None else f"{below}/{weight.beside}",
            )


def _scored_attention(_: Any) -> Iterator[LayerWeight]:
    """Describe attention without projections, which scales its scores, or sums of them."""
    yield LayerWeight("scale", "scale", kind="attention")
    yield LayerWeight("concat_score_weight", "concat_score/scale", kind="attention")


def _additive_attention(_: Any) -> Iterator[LayerWeight]:
    """Describe what Keras calls a scale: the vector by which sums of tanh become one score."""
    yield LayerWeight("scale", "kernel", "in", "attention/additive")


def _rnn_cell(_: Any) -> Iterator[LayerWeight]:
    yield LayerWeight("kernel", "kernel", "in out", "rnn")
    yield LayerWeight("recurrent_kernel", "recurrent_kernel", "in out", "rnn")
    yield LayerWeight("bias", "bias", "out", "rnn", beside="kernel")


def _gru_cell(layer: Any) -> Iterator[LayerWeight]:
    """Describe the gates, which Keras stores in another order than the canonical one."""
    units, kind = layer.units, "gru"
    gates = tuple((gate * units, (gate + 1) * units) for gate in _GRU_ORDER)
    axes, bias_axes = "in (3 out)", "(3 out)"
    for name in ("kernel", "recurrent_kernel"):
        yield LayerWeight(name, name, axes, kind, spans=gates, axis=1)
    if not layer.reset_after:
        yield LayerWeight("bias", "bias", bias_axes, kind, beside="kernel", spans=gates)
        return
    for row, (path, beside) in enumerate(
        (("bias", "kernel"), ("recurrent_bias", "recurrent_kernel"))
    ):
        yield LayerWeight(
            "bias",
            path,
            bias_axes,
            kind,
            beside=beside,
            spans=tuple(
                Span("bias", (row, slice(*gate)), (slice(number * units, (number + 1) * units),))
                for number, gate in enumerate(gates)
            ),
            shape=(3 * units,),
        )


def _lstm_cell(layer: Any) -> Iterator[LayerWeight]:
    yield from _lstm_gates("lstm", "in (4 out)", layer.units)


def _conv_lstm_cell(layer: Any) -> Iterator[LayerWeight]:
    yield from _lstm_gates("conv_lstm", "* in (4 out)", layer.filters)


def _lstm_gates(kind: str, axes: str, units: int) -> Iterator[LayerWeight]:
    for name in ("kernel", "recurrent_kernel"):
        yield LayerWeight(name, name, axes, kind)
    start, stop = _FORGET * units, (_FORGET + 1) * units
    others, forget = ((0, start), (stop, _LSTM_GATES * units)), ((start, stop),)
    yield LayerWeight("bias", "bias", "(3 out)", kind, beside="kernel", spans=others)
    yield LayerWeight("bias", "forget_bias", "out", kind, beside="kernel", spans=forget)


def _size(layer: Any, name: str, axis: int) -> int:
    """Return the size of an axis of a variable; 0 for a layer that does not have it yet."""
    variable = find_variable(layer, name) if is_built(layer) else None
    return 0 if variable is None else int(variable.shape[axis])


def _layer_classes(*names: str) -> tuple[type, ...]:
    """List the classes of these names that the Keras at hand has."""
    return tuple(getattr(keras.layers, name) for name in names if hasattr(keras.layers, name))


_CLASSES: Final[dict[Describe, tuple[type, ...]]] = {
    _dense: _layer_classes("Dense"),
    _einsum: _layer_classes("EinsumDense"),
    _conv: _layer_classes("Conv1D", "Conv2D", "Conv3D"),
    _conv_transpose: _layer_classes("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
    _depthwise: _layer_classes("DepthwiseConv1D", "DepthwiseConv2D"),
    _separable: _layer_classes("SeparableConv1D", "SeparableConv2D"),
    _embedding: _layer_classes("Embedding"),
    _norm: _layer_classes(
        "BatchNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization"
    ),
    _attention: _layer_classes("MultiHeadAttention", "GroupQueryAttention"),
    _scored_attention: _layer_classes("Attention"),
    _additive_attention: _layer_classes("AdditiveAttention"),
    _rnn_cell: _layer_classes("SimpleRNNCell"),
    _gru_cell: _layer_classes("GRUCell"),
    _lstm_cell: _layer_classes("LSTMCell"),
    _conv_lstm_cell: (ConvLSTMCell,),
}
#: The description of every class; it counts for subclasses too, the nearest class first.
KINDS: Final[dict[type, Describe]] = {
    cls: describe for describe, classes in _CLASSES.items() for cls in classes
}
