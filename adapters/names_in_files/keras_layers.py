"""What Keras's own layers store, by their sizes alone: of a layer, or of variables in a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fanwise.adapters.layer_weights import LayerWeight, Span
from fanwise.adapters.recipe_forms import DEPTHWISE_AXES

#: Where each gate of a GRU that is first, second, … canonically lies in Keras's storage.
_GRU_ORDER: Final = (1, 0, 2)
_FORGET: Final = 1
_LSTM_GATES: Final = 4


def kernel_and_bias(axes: str, kind: str, groups: int = 1) -> Iterator[LayerWeight]:
    """Describe a kernel, and the bias beside it.

    Args:
        axes: of the kernel.
        kind: of the layer.
        groups: of the kernel.
    """
    yield LayerWeight("kernel", "kernel", axes, kind, groups)
    yield LayerWeight("bias", "bias", "out", kind, beside="kernel")


def depthwise(channels: int) -> Iterator[LayerWeight]:
    """Describe a convolution of one filter, or several, for each channel."""
    yield from kernel_and_bias(DEPTHWISE_AXES, conv_kind(channels, channels), channels)


def separable(channels: int) -> Iterator[LayerWeight]:
    """Describe such a convolution with one of points after it."""
    kind = conv_kind(channels, channels)
    yield LayerWeight("depthwise_kernel", "depthwise/kernel", DEPTHWISE_AXES, kind, channels)
    pointwise = "pointwise/kernel"
    yield LayerWeight("pointwise_kernel", pointwise, "* in out", "conv")
    yield LayerWeight("bias", "pointwise/bias", "out", "conv", beside=pointwise)


def conv_kind(groups: int, channels: int) -> str:
    """Name a convolution by what it does, not by its class: other frameworks have but one."""
    return "depthwise_conv" if groups == channels > 1 else "conv"


def plain_cell() -> Iterator[LayerWeight]:
    """Describe a recurrence without gates."""
    yield LayerWeight("kernel", "kernel", "in out", "rnn")
    yield LayerWeight("recurrent_kernel", "recurrent_kernel", "in out", "rnn")
    yield LayerWeight("bias", "bias", "out", "rnn", beside="kernel")


def gru_cell(units: int, *, reset_after: bool) -> Iterator[LayerWeight]:
    """Describe the gates, which Keras stores in another order than the canonical one.

    Args:
        units: of its state.
        reset_after: whether it has a second bias.
    """
    kind = "gru"
    gates = tuple((gate * units, (gate + 1) * units) for gate in _GRU_ORDER)
    axes, bias_axes = "in (3 out)", "(3 out)"
    for name in ("kernel", "recurrent_kernel"):
        yield LayerWeight(name, name, axes, kind, spans=gates, axis=1)
    if not reset_after:
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


def lstm_cell(kind: str, axes: str, units: int) -> Iterator[LayerWeight]:
    """Describe the gates of an LSTM, plain or convolutional.

    Args:
        kind: of the layer.
        axes: of both kernels.
        units: of its state.
    """
    for name in ("kernel", "recurrent_kernel"):
        yield LayerWeight(name, name, axes, kind)
    start, stop = _FORGET * units, (_FORGET + 1) * units
    others, forget = ((0, start), (stop, _LSTM_GATES * units)), ((start, stop),)
    yield LayerWeight("bias", "bias", "(3 out)", kind, beside="kernel", spans=others)
    yield LayerWeight("bias", "forget_bias", "out", kind, beside="kernel", spans=forget)
