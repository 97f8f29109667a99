"""The layers of Keras: the weights that each of them holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

import keras
import numpy as np
from keras.src.layers.rnn.conv_lstm import ConvLSTMCell

from fanwise.adapters.keras.layers.description import Array, Part
from fanwise.adapters.keras.layers.slots import equation_axes
from fanwise.spec.axes import BATCH, OUT

#: Where each gate that is first, second, … canonically lies in Keras's storage.
_GATES: Final = {"gru": (1, 0, 2), "lstm": (0, 1, 2, 3), "conv_lstm": (0, 1, 2, 3)}
_FORGET: Final = 1


def parts(layer: Any) -> tuple[Part, ...]:
    """The weights of a layer that is known; none for another."""
    for describe, kinds in _LAYERS:
        if isinstance(layer, kinds):
            return tuple(part for part in describe(layer) if part.variable is not None)
    return ()


def held(layer: Any, name: str) -> Any:
    """The variable of a layer itself, where an attribute would compute with it; or None."""
    found = getattr(layer, f"_{name}", None)
    if not isinstance(found, keras.Variable):
        found = getattr(layer, name, None)
    return found if isinstance(found, keras.Variable) else None


def _pair(
    layer: Any, kind: str, axes: str, *, groups: int = 1, kernel: str = "kernel", below: str = ""
) -> tuple[Part, ...]:
    first = Part(held(layer, kernel), f"{below}kernel", kind, axes, groups)
    return (first, Part(held(layer, "bias"), f"{below}bias", kind, beside=first))


def _dense(layer: Any) -> tuple[Part, ...]:
    return _pair(layer, "dense", "in out")


def _einsum(layer: Any, kind: str = "dense", below: str = "") -> tuple[Part, ...]:
    axes = equation_axes(layer.equation)
    kernel, bias = _pair(layer, kind, axes, below=below)
    if bias.variable is None:
        return (kernel,)
    # The bias has an axis for every letter of the output from its first one on.
    _, weight, outputs = _letters(layer.equation)
    letters = outputs[outputs.index(min(layer.bias_axes, key=outputs.index)) :]
    batches = {a for a, role in zip(weight, axes.split(), strict=True) if role == BATCH}
    roles = " ".join(BATCH if letter in batches else OUT for letter in letters)
    return (kernel, replace(bias, axes=roles))


def _letters(equation: str) -> tuple[str, str, str]:
    inputs, _, rest = equation.replace(" ", "").replace(".", "").partition(",")
    weight, _, outputs = rest.partition("->")
    return inputs, weight, outputs


def _convolution(layer: Any) -> tuple[Part, ...]:
    kernel = held(layer, "kernel")
    inputs = 0 if kernel is None else kernel.shape[-2] * layer.groups
    kind = _kind(layer.groups, inputs)
    # A variant, since Keras starts it as a convolution, and depthwise layers otherwise.
    kind = "depthwise_conv/grouped" if kind == "depthwise_conv" else kind
    return _pair(layer, kind, "* in out", groups=layer.groups)


def _transposed(layer: Any) -> tuple[Part, ...]:
    return _pair(layer, "conv_transpose", "keras_transposed")


def _depthwise(layer: Any) -> tuple[Part, ...]:
    groups = _channels(held(layer, "kernel"))
    return _pair(layer, _kind(groups, groups), "* out out", groups=groups)


def _separable(layer: Any) -> tuple[Part, ...]:
    each = held(layer, "depthwise_kernel")
    groups = _channels(each)
    first = Part(each, "depthwise/kernel", _kind(groups, groups), "* out out", groups)
    return (
        first,
        *_pair(layer, "conv", "* in out", kernel="pointwise_kernel", below="pointwise/"),
    )


def _kind(groups: int, inputs: int) -> str:
    """By what it does, not by its class: other frameworks have but one."""
    return "depthwise_conv" if groups == inputs > 1 else "conv"


def _channels(kernel: Any) -> int:
    return 1 if kernel is None else max(int(kernel.shape[-2]), 1)


def _embedding(layer: Any) -> tuple[Part, ...]:
    back = held(layer, "reverse_embeddings")
    return (
        Part(held(layer, "embeddings"), "embedding", "embedding", "in out"),
        Part(back, "reverse/kernel", "dense", "in out"),
    )


def _normalization(layer: Any) -> tuple[Part, ...]:
    found = {name: held(layer, name) for name in ("gamma", "scale", "beta")}
    # What batch renormalization keeps besides starts with what it keeps a copy of.
    means = _followers(layer, {"renorm_mean": np.copy})
    spreads = _followers(layer, {"moving_stddev": np.sqrt, "renorm_stddev": np.sqrt})
    own = found["gamma"] if found["gamma"] is not None else found["scale"]
    return (
        _vector(own, "scale"),
        _vector(found["beta"], "offset"),
        replace(_vector(held(layer, "moving_mean"), "mean"), followers=means),
        replace(_vector(held(layer, "moving_variance"), "variance"), followers=spreads),
    )


def _vector(variable: Any, role: str) -> Part:
    axes = 1 if variable is None else len(variable.shape)
    return Part(variable, role, "norm", " ".join([OUT] * axes))


def _followers(
    layer: Any, given: dict[str, Callable[[Array], Array]]
) -> tuple[tuple[Any, Callable[[Array], Array]], ...]:
    found = ((held(layer, name), of) for name, of in given.items())
    return tuple((variable, of) for variable, of in found if variable is not None)


def _attention(layer: Any) -> Iterable[Part]:
    for name in ("query", "key", "value", "gate", "output"):
        inner = getattr(layer, f"_{name}_dense", None)
        if inner is not None:
            yield from _einsum(inner, "attention", "out/" if name == "output" else f"{name}/")


def _simple_cell(layer: Any) -> tuple[Part, ...]:
    kernel, bias = _pair(layer, "rnn", "in out")
    again = Part(held(layer, "recurrent_kernel"), "recurrent_kernel", "rnn", "in out")
    return (kernel, again, bias)


def _gru_cell(layer: Any) -> tuple[Part, ...]:
    order = _GATES["gru"]
    kernel, again, bias = _gated(layer, "gru", "in (3 out)", order)
    if bias.variable is None or len(bias.variable.shape) == 1:
        return (kernel, again, bias)
    second = replace(bias, path="recurrent_bias", beside=again, row=1)
    return (kernel, again, replace(bias, row=0), second)


def _lstm_cell(layer: Any) -> tuple[Part, ...]:
    kind = "conv_lstm" if isinstance(layer, ConvLSTMCell) else "lstm"
    order = _GATES[kind]
    axes = "* in (4 out)" if kind == "conv_lstm" else "in (4 out)"
    kernel, again, bias = _gated(layer, kind, axes, order)
    others = tuple(gate for gate in order if gate != _FORGET)
    forget = replace(bias, path="forget_bias", gates=(_FORGET,))
    return (kernel, again, replace(bias, gates=others), forget)


def _gated(layer: Any, kind: str, axes: str, order: tuple[int, ...]) -> tuple[Part, Part, Part]:
    kernel = Part(held(layer, "kernel"), "kernel", kind, axes, gates=order)
    again = replace(kernel, variable=held(layer, "recurrent_kernel"), path="recurrent_kernel")
    each = f"({len(order)} out)"
    bias = Part(held(layer, "bias"), "bias", kind, each, beside=kernel, gates=order)
    return kernel, again, bias


_L: Final = keras.layers
_LAYERS: Final[tuple[tuple[Callable[[Any], Iterable[Part]], tuple[Any, ...]], ...]] = (
    (_dense, (_L.Dense,)),
    (_einsum, (_L.EinsumDense,)),
    (_convolution, (_L.Conv1D, _L.Conv2D, _L.Conv3D)),
    (_transposed, (_L.Conv1DTranspose, _L.Conv2DTranspose, _L.Conv3DTranspose)),
    (_depthwise, (_L.DepthwiseConv1D, _L.DepthwiseConv2D)),
    (_separable, (_L.SeparableConv1D, _L.SeparableConv2D)),
    (_embedding, (_L.Embedding,)),
    (
        _normalization,
        tuple(
            getattr(_L, f"{name}Normalization")
            for name in ("Batch", "Layer", "Group", "RMS")
            if hasattr(_L, f"{name}Normalization")
        ),
    ),
    (
        _attention,
        tuple(
            getattr(_L, name)
            for name in ("MultiHeadAttention", "GroupQueryAttention")
            if hasattr(_L, name)
        ),
    ),
    (_simple_cell, (_L.SimpleRNNCell,)),
    (_gru_cell, (_L.GRUCell,)),
    (_lstm_cell, (_L.LSTMCell, ConvLSTMCell)),
)
