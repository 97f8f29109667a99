"""The gates of recurrent cells: one weight each with the gates as batches, however they lie.

A cell that stores a kernel for each gate has one batch in each; one that stores a single
kernel has them side by side. The order is that of the canonical weight: input, forget, cell,
output for an LSTM; reset, update, new for a GRU. A cell with a single kernel, which nnx alone
has, is of a variant of its kind: Flax draws all of that kernel as one matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fanwise.adapters.layer_weights import LayerWeight, Shapes, Span


def lstm(cell: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Describe an LSTM, whose forget gate has a bias of its own."""
    del cell
    if "dense_i/kernel" not in shapes:
        # nnx keeps "if" as "if_".
        into = [f"i{gate}_" if f"i{gate}_/kernel" in shapes else f"i{gate}" for gate in "ifgo"]
        over = [f"h{gate}" for gate in "ifgo"]
        kernels = _kernels("lstm", shapes, into, over)
        if "hi/bias" not in shapes:
            return kernels
        others = [over[0], over[2], over[3]]
        forget = LayerWeight("hf/bias", "forget_bias", "out", "lstm", beside="kernel")
        return *kernels, _biases("lstm", shapes, others), forget
    kernels = _packed("lstm/joint", 4)
    if "dense_h/bias" not in shapes:
        return kernels
    return *kernels, *packed_lstm_biases("dense_h/bias", "lstm/joint", shapes)


def packed_lstm_biases(parameter: str, kind: str, shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Describe the biases of an LSTM that stores them side by side, the forget gate's second."""
    size = shapes[parameter][0] // 4
    spans = (
        Span(parameter, (slice(0, size),), (slice(0, 1),)),
        Span(parameter, (slice(2 * size, 4 * size),), (slice(1, 3),)),
    )
    forget = ((size, 2 * size),)
    return (
        LayerWeight(
            parameter, "bias", "batch out", kind, beside="kernel", spans=spans, shape=(3, size)
        ),
        LayerWeight(parameter, "forget_bias", "out", kind, beside="kernel", spans=forget),
    )


def gru(cell: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Describe a GRU; in linen the new gate alone has a second bias."""
    del cell
    if "dense_i/kernel" in shapes:
        kernels = _packed("gru/joint", 3)
        if "dense_i/bias" not in shapes:
            return kernels
        bias = LayerWeight("dense_i/bias", "bias", "(3 out)", "gru/joint", beside="kernel")
        return *kernels, bias
    into, over = [f"i{gate}" for gate in "rzn"], [f"h{gate}" for gate in "rzn"]
    kernels = _kernels("gru", shapes, into, over)
    return *kernels, _biases("gru", shapes, into), last_bias("gru", "hn/bias", 3, shapes)


def mgu(cell: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Describe a minimal gated unit: forget and new."""
    del cell
    kernels = _kernels("mgu", shapes, ["if", "in"], ["hf", "hn"])
    bias = LayerWeight("in/bias", "bias", "out", "mgu", beside="kernel")
    forget = LayerWeight("if/bias", "forget_bias", "out", "mgu", beside="kernel")
    if "hn/bias" not in shapes:
        return *kernels, bias, forget
    return *kernels, bias, forget, last_bias("mgu", "hn/bias", 2, shapes)


def conv_lstm(cell: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Describe a convolutional LSTM, whose order is input, cell, forget, output; of two biases."""
    del cell
    weights: tuple[LayerWeight, ...] = ()
    for conv, before in (("ih", ""), ("hh", "recurrent_")):
        kernel, bias = f"{before}kernel", f"{conv}/bias"
        weights += (_conv_kernel(f"{conv}/kernel", kernel, shapes),)
        if bias not in shapes:
            continue
        size = shapes[bias][0] // 4
        order = [(0, 0), (1, 2), (2, 1), (3, 3)] if before else [(0, 0), (1, 1), (2, 3)]
        weights += (
            LayerWeight(
                bias,
                f"{before}bias",
                "batch out",
                "conv_lstm",
                beside=kernel,
                spans=_side_by_side(bias, (len(order), size), order),
                shape=(len(order), size),
            ),
        )
        if not before:
            spans = ((2 * size, 3 * size),)
            weights += (
                LayerWeight(bias, "forget_bias", "out", "conv_lstm", beside=kernel, spans=spans),
            )
    return weights


def _conv_kernel(parameter: str, path: str, shapes: Shapes) -> LayerWeight:
    """Describe a kernel of a convolutional LSTM, its gates as batches."""
    *field, inputs, features = shapes[parameter]
    shape = (4, *field, inputs, features // 4)
    axes = " ".join(["batch", *["*"] * len(field), "in out"])
    spans = _side_by_side(parameter, shape, [(0, 0), (1, 2), (2, 1), (3, 3)])
    return LayerWeight(parameter, path, axes, "conv_lstm", spans=spans, shape=shape)


def _side_by_side(
    parameter: str, shape: tuple[int, ...], order: Sequence[tuple[int, int]]
) -> tuple[Span, ...]:
    """Return where the batches of a weight lie along the last axis of a parameter."""
    size = shape[-1]
    before = (slice(None),) * (len(shape) - 2)
    return tuple(
        Span(
            parameter,
            (*before, slice(at * size, (at + 1) * size)),
            (slice(batch, batch + 1),),
        )
        for batch, at in order
    )


def simple(cell: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Describe a recurrence without gates."""
    del cell
    into, over = ("dense_i", "dense_h") if "dense_i/kernel" in shapes else ("i", "h")
    kernels = (
        LayerWeight(f"{into}/kernel", "kernel", "in out", "rnn"),
        LayerWeight(f"{over}/kernel", "recurrent_kernel", "in out", "rnn"),
    )
    if f"{into}/bias" not in shapes:
        return kernels
    return *kernels, LayerWeight(f"{into}/bias", "bias", "out", "rnn", beside="kernel")


def _kernels(
    kind: str, shapes: Shapes, into: Sequence[str], over: Sequence[str]
) -> tuple[LayerWeight, ...]:
    """Describe the two kernels of a cell that stores one for each gate."""
    weights = []
    for path, gates in (("kernel", into), ("recurrent_kernel", over)):
        names = [f"{gate}/kernel" for gate in gates]
        shape = (len(names), *shapes[names[0]])
        weights.append(
            LayerWeight(names[0], path, "batch in out", kind, spans=_batches(names), shape=shape)
        )
    return tuple(weights)


def _packed(kind: str, count: int) -> tuple[LayerWeight, ...]:
    """Describe the two kernels of a cell that stores the gates side by side."""
    return tuple(
        LayerWeight(f"{dense}/kernel", path, f"in ({count} out)", kind)
        for path, dense in (("kernel", "dense_i"), ("recurrent_kernel", "dense_h"))
    )


def _biases(kind: str, shapes: Shapes, gates: Sequence[str]) -> LayerWeight:
    names = [f"{gate}/bias" for gate in gates]
    shape = (len(names), *shapes[names[0]])
    spans = _batches(names)
    return LayerWeight(
        names[0], "bias", "batch out", kind, beside="kernel", spans=spans, shape=shape
    )


def last_bias(kind: str, parameter: str, count: int, shapes: Shapes) -> LayerWeight:
    """Describe the recurrent bias of a cell whose last gate alone has one."""
    return LayerWeight(
        parameter,
        "recurrent_bias",
        "batch out",
        kind,
        beside="recurrent_kernel",
        spans=(Span(parameter, (), (slice(count - 1, count),)),),
        shape=(count, *shapes[parameter]),
    )


def _batches(parameters: Sequence[str]) -> tuple[Span, ...]:
    """Return the spans of parameters that hold a batch of a weight each."""
    return tuple(
        Span(parameter, (), (slice(number, number + 1),))
        for number, parameter in enumerate(parameters)
    )
