"""What Keras's own layers store: the table of their descriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import keras
import numpy as np
from keras.src.layers.rnn.conv_lstm import ConvLSTMCell

from fanwise.adapters.equations import equation_axes
from fanwise.adapters.keras.layers.variables import find_variable, is_built
from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.names_in_files import keras_layers
from fanwise.spec.axes import BATCH, OUT

#: Gives a LayerWeight for each weight of a layer. One whose parameter the layer does without, as
#: a bias that is None, counts for nothing.
Describe = Callable[[Any], Iterable[LayerWeight]]


def _dense(_: Any) -> Iterable[LayerWeight]:
    return keras_layers.kernel_and_bias("in out", "dense")


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


def _conv(layer: Any) -> Iterable[LayerWeight]:
    channels = _size(layer, "kernel", -2) * layer.groups
    kind = keras_layers.conv_kind(layer.groups, channels)
    # A variant, since Keras starts it as a convolution, and depthwise layers otherwise.
    kind = "depthwise_conv/grouped" if kind == "depthwise_conv" else kind
    return keras_layers.kernel_and_bias("* in out", kind, layer.groups)


def _conv_transpose(_: Any) -> Iterable[LayerWeight]:
    return keras_layers.kernel_and_bias("keras_transposed", "conv_transpose")


def _depthwise(layer: Any) -> Iterable[LayerWeight]:
    return keras_layers.depthwise(max(_size(layer, "kernel", -2), 1))


def _separable(layer: Any) -> Iterable[LayerWeight]:
    return keras_layers.separable(max(_size(layer, "depthwise_kernel", -2), 1))


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


def _rnn_cell(_: Any) -> Iterable[LayerWeight]:
    return keras_layers.plain_cell()


def _gru_cell(layer: Any) -> Iterable[LayerWeight]:
    return keras_layers.gru_cell(layer.units, reset_after=layer.reset_after)


def _lstm_cell(layer: Any) -> Iterable[LayerWeight]:
    return keras_layers.lstm_cell("lstm", "in (4 out)", layer.units)


def _conv_lstm_cell(layer: Any) -> Iterable[LayerWeight]:
    return keras_layers.lstm_cell("conv_lstm", "* in (4 out)", layer.filters)


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
